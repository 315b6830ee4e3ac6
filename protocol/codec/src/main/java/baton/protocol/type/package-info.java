/** Ids, quantities and other small immutable values that stand in messages. */
package baton.protocol.type;
