/** Records to the files that slurmctld of a named release loads. */
package baton.importer.write;
