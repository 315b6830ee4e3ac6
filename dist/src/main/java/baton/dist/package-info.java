/** The baton command. */
package baton.dist;
