/** Bounded reading and writing of Slurm's primitives. */
package baton.protocol.buffer;
