package baton.importer.read;

import baton.protocol.type.Release;
import java.util.List;
import java.util.Optional;

/**
 * What was read of one state file.
 *
 * @param path the file that was read: the one asked for, or its previous generation
 * @param release the release that wrote it; empty if there is no such file, or nothing readable
 * @param header empty if there is no such file, or nothing readable
 * @param records those before the first damage; empty when they were given one by one
 * @param count how many there were
 */
public record StateFile<H, R>(
    String path, Optional<Release> release, Optional<H> header, List<R> records, long count) {

  public StateFile {
    records = List.copyOf(records);
  }
}
