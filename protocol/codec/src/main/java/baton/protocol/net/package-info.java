/**
 * Slurm's connections over Netty: frames, headers, a server and a client. Bodies are decoded only
 * after their credential was verified, and Netty itself shows nowhere in the interface.
 */
package baton.protocol.net;
