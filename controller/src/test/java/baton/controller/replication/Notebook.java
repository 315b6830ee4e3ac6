package baton.controller.replication;

import baton.controller.model.BlobId;
import baton.controller.model.collection.SortedTable;
import baton.controller.snapshot.BlobStore;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A state to replicate in tests: numbered lines. A command is a letter and a text: A appends a
 * line, B appends a line that names a blob with this content, D deletes a line, X breaks an
 * invariant. The reply is the number of the line, the delta the command.
 */
public final class Notebook implements ReplicatedState<Notebook.Page, Long, String> {

  /**
   * The state.
   *
   * @param next the number of the next line
   */
  public record Page(long next, SortedTable<Long, String> lines) {}

  static final String BLOB_MARK = "blob ";

  public static byte[] append(String text) {
    return command('A', text);
  }

  static byte[] appendBlob(String content) {
    return command('B', content);
  }

  static byte[] delete(long line) {
    return command('D', Long.toString(line));
  }

  static byte[] breakInvariant() {
    return command('X', "");
  }

  private static byte[] command(char letter, String text) {
    return (letter + text).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public Page initial() {
    return new Page(0, SortedTable.empty());
  }

  @Override
  public Applied<Page, Long, String> apply(Page page, byte[] command) {
    String text = new String(command, StandardCharsets.UTF_8);
    String rest = text.substring(1);
    return switch (text.charAt(0)) {
      case 'A' -> Applied.of(with(page, rest), page.next(), text);
      case 'B' -> appendBlob(page, rest, text);
      case 'D' -> {
        long line = Long.parseLong(rest);
        yield Applied.of(new Page(page.next(), page.lines().without(line)), line, text);
      }
      default -> throw new IllegalStateException("a broken invariant, for the test");
    };
  }

  private static Applied<Page, Long, String> appendBlob(Page page, String rest, String delta) {
    byte[] content = rest.getBytes(StandardCharsets.UTF_8);
    BlobId id = BlobStore.idOf(content);
    return new Applied<>(
        with(page, BLOB_MARK + id.value()), page.next(), delta, Map.of(id, content));
  }

  private static Page with(Page page, String text) {
    return new Page(page.next() + 1, page.lines().with(page.next(), text));
  }

  @Override
  public void write(Page page, OutputStream raw) throws IOException {
    DataOutputStream out = new DataOutputStream(raw);
    out.writeLong(page.next());
    for (Map.Entry<Long, String> line : page.lines().entries()) {
      out.writeLong(line.getKey());
      out.writeUTF(line.getValue());
    }
    out.flush();
  }

  @Override
  public Page read(InputStream raw) throws IOException {
    DataInputStream in = new DataInputStream(raw);
    long next = in.readLong();
    Map<Long, String> lines = new TreeMap<>();
    while (true) {
      try {
        long number = in.readLong();
        lines.put(number, in.readUTF());
      } catch (EOFException e) {
        return new Page(next, SortedTable.copyOf(lines));
      }
    }
  }

  @Override
  public Iterable<BlobId> blobs(Page page) {
    List<BlobId> blobs = new ArrayList<>();
    for (String line : page.lines().values()) {
      if (line.startsWith(BLOB_MARK)) {
        blobs.add(BlobId.of(line.substring(BLOB_MARK.length())));
      }
    }
    return blobs;
  }
}
