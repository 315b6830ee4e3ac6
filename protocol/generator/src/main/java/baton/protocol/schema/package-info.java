/** Reads and checks schemas: types, ranges, order, conditions, limits. */
package baton.protocol.schema;
