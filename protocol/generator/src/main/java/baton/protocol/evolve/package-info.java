/** Refuses silent change to a released layout. */
package baton.protocol.evolve;
