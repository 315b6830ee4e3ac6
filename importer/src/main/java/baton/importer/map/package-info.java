/** What slurmctld saved, and what the model knows of the same thing. Pure. */
package baton.importer.map;
