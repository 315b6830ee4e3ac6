package baton.controller.conf;

/**
 * One key as a file sets it.
 *
 * @param name the key as Slurm writes it, or as the file does where Slurm does not know it
 * @param value as in the file, without quotes
 * @param line where
 */
record Setting(String name, String value, ConfLine line) {}
