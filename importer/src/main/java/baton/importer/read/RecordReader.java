package baton.importer.read;

import baton.importer.state.Fault;
import baton.importer.state.StateFormat;
import baton.importer.state.StateFormat.Opening;
import baton.protocol.buffer.WireException;
import baton.protocol.buffer.WireReader;
import baton.protocol.type.Release;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Reads one state file record by record; at most one record and a window of the file are in memory.
 * As records do not tell their length, nothing behind a damaged one can be read: reading ends with
 * a fault that says where. For one thread; closes the stream.
 */
public final class RecordReader<H, R> implements AutoCloseable {

  private static final String TAG = "PROTOCOL_VERSION";

  private final StateFormat<H, R> format;
  private final String path;
  private final InputStream in;
  private Window window;
  private Release release;
  private H header;
  private Fault fault;
  private long records;

  /**
   * Reads the header.
   *
   * @param path of the file, for faults
   * @param usual the release of files that do not tell theirs
   */
  public RecordReader(StateFormat<H, R> format, String path, InputStream in, Release usual) {
    this.format = format;
    this.path = path;
    this.in = in;
    try {
      window = new Window(in);
      release = opening(usual);
      if (release != null) {
        header = window.next(format.header().decoder(), release);
      }
    } catch (WireException e) {
      fault = at(window.offset(), e);
    } catch (IOException e) {
      fault = Fault.of(path, "cannot be read: " + e.getMessage());
    }
  }

  /** The release that wrote; null, with a fault, if the file does not say one that is known. */
  private Release opening(Release usual) {
    if (format.opening() == Opening.BARE) {
      return usual;
    }
    String tag =
        format.opening() == Opening.TAGGED
            ? window.peek((reader, any) -> reader.string("tag", 64), usual)
            : TAG;
    if (!TAG.equals(tag)) {
      fault = new Fault(path, 0, "does not begin as such a file does");
      return null;
    }
    int version = window.peek(this::version, usual);
    Optional<Release> known = Release.of(version);
    if (known.isEmpty()) {
      fault = new Fault(path, 0, "is of protocol version " + version + ", which is not known");
    }
    return known.orElse(null);
  }

  private int version(WireReader reader, Release any) {
    if (format.opening() == Opening.TAGGED) {
      reader.string("tag", 64);
    }
    return reader.u16("protocolVersion");
  }

  private Fault at(long offset, WireException e) {
    String place = e.layout().isEmpty() ? e.field() : e.layout() + "." + e.field();
    return new Fault(path, offset + e.offset(), place + ": " + e.what());
  }

  /** Empty if the file does not begin as it should; there is a fault then. */
  public Optional<Release> release() {
    return Optional.ofNullable(release);
  }

  /** Empty if it is damaged; there is a fault then. */
  public Optional<H> header() {
    return Optional.ofNullable(header);
  }

  /** The next record; null at the end of the file, or of what can be read of it. */
  public R next() {
    if (fault != null || header == null) {
      return null;
    }
    long start = window.offset();
    try {
      if (window.isAtEnd()) {
        return null;
      }
      R record = window.next(format.record().decoder(), release);
      records++;
      return record;
    } catch (WireException e) {
      fault = at(start, e);
    } catch (IOException e) {
      fault = new Fault(path, start, "cannot be read further: " + e.getMessage());
    }
    return null;
  }

  /** Records given so far. */
  public long records() {
    return records;
  }

  /** What ended the reading before the end of the file. */
  public Optional<Fault> fault() {
    return Optional.ofNullable(fault);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
