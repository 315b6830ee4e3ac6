/**
 * Slurm's configuration files, read as Slurm reads them, as typed values with the file and line of
 * whatever is wrong.
 */
package baton.controller.conf;
