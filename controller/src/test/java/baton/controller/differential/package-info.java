/** Compares what real clients print when slurmctld answers them and when Baton does. */
package baton.controller.differential;
