/**
 * What stands on disk beside the log: snapshot files, and the scripts and environments that are too
 * big for the heap (ADR 0021).
 */
package baton.controller.snapshot;
