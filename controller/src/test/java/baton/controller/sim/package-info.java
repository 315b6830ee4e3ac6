/**
 * The deterministic simulation: production's controllers among simulated nodes, users, disks and
 * networks, in virtual time and from one seed.
 */
package baton.controller.sim;
