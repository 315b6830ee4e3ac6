/**
 * The state, replicated: commands go into a Ratis log, are applied in its order on every replica,
 * and the new state is published as a reference. Nothing of Ratis is visible outside this package
 * (ADR 0022).
 */
package baton.controller.replication;
