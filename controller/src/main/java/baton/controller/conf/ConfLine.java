package baton.controller.conf;

import java.nio.file.Path;

/**
 * One statement of a configuration file: comment and escapes taken away, continuation lines joined.
 *
 * @param file where it stands
 * @param number its first line, from 1
 * @param lastNumber its last line
 * @param text without the line end; may be blank
 */
record ConfLine(Path file, int number, int lastNumber, String text) {}
