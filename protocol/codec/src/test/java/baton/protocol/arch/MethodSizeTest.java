package baton.protocol.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** HotSpot never compiles a method of 8,000 bytes of bytecode or more: none may come near. */
class MethodSizeTest {

  private static final int MOST = 6000;

  /** Runs once for each class, so its size does not matter. */
  private static final String CLASS_INITIALISER = "<clinit>";

  @Test
  void everyMethodCanBeCompiled() throws IOException {
    List<Path> classes;
    try (Stream<Path> walk = Files.walk(Path.of("target/classes/baton"))) {
      classes = walk.filter(path -> path.toString().endsWith(".class")).sorted().toList();
    }
    assertTrue(classes.size() > 300, "found only " + classes.size());
    StringBuilder large = new StringBuilder();
    for (Path file : classes) {
      try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
        large.append(largeMethods(file, in));
      }
    }
    assertEquals("", large.toString());
  }

  private static String largeMethods(Path file, DataInputStream in) throws IOException {
    in.skipNBytes(8); // magic, version
    String[] texts = constants(in);
    in.skipNBytes(6); // access, this, super
    in.skipNBytes(2L * in.readUnsignedShort()); // interfaces
    StringBuilder large = new StringBuilder();
    for (boolean methods : new boolean[] {false, true}) {
      int members = in.readUnsignedShort();
      for (int i = 0; i < members; i++) {
        in.skipNBytes(2);
        String name = texts[in.readUnsignedShort()];
        in.skipNBytes(2);
        int bytes = codeBytes(in, texts);
        if (methods && bytes > MOST && !name.equals(CLASS_INITIALISER)) {
          large.append(file.getFileName() + " " + name + ": " + bytes + "\n");
        }
      }
    }
    return large.toString();
  }

  /** The length of the Code attribute among a member's attributes; 0 if it has none. */
  private static int codeBytes(DataInputStream in, String[] texts) throws IOException {
    int bytes = 0;
    int attributes = in.readUnsignedShort();
    for (int i = 0; i < attributes; i++) {
      String name = texts[in.readUnsignedShort()];
      int length = in.readInt();
      if ("Code".equals(name)) {
        in.skipNBytes(4);
        bytes = in.readInt();
        in.skipNBytes(length - 8L);
      } else {
        in.skipNBytes(length);
      }
    }
    return bytes;
  }

  /** The texts of the constant pool by index; null for other constants. */
  private static String[] constants(DataInputStream in) throws IOException {
    String[] texts = new String[in.readUnsignedShort()];
    for (int i = 1; i < texts.length; i++) {
      int tag = in.readUnsignedByte();
      switch (tag) {
        case 1 -> texts[i] = in.readUTF();
        case 3, 4, 9, 10, 11, 12, 17, 18 -> in.skipNBytes(4);
        case 5, 6 -> {
          in.skipNBytes(8);
          i++; // longs and doubles take two places
        }
        case 7, 8, 16, 19, 20 -> in.skipNBytes(2);
        case 15 -> in.skipNBytes(3);
        default -> throw new IOException("constant of kind " + tag);
      }
    }
    return texts;
  }
}
