package baton.protocol.emit;

import baton.protocol.schema.Layout;
import baton.protocol.schema.Schema;
import com.palantir.javapoet.JavaFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All that comes out of a checked schema. The same schema gives the same bytes. */
public final class Emitter {

  private final Names names;

  public Emitter(Schema schema, Target target) {
    this.names = new Names(schema, target);
  }

  /** Values, codecs, and the table if there are message types, by path. */
  public Map<String, String> sources() {
    List<JavaFile> files = new ArrayList<>();
    for (Layout layout : names.schema().layouts()) {
      files.add(new ValueEmitter(names, layout).emit());
      files.add(new CodecEmitter(names, layout).emit());
    }
    if (!names.schema().types().isEmpty()) {
      files.add(new TableEmitter(names).emit());
      files.add(new TableCodecEmitter(names).emit());
    }
    return texts(files);
  }

  /** Samples, by path. */
  public Map<String, String> testSources() {
    List<JavaFile> files = new ArrayList<>();
    for (Layout layout : names.schema().layouts()) {
      files.add(new SampleEmitter(names, layout).emit());
    }
    files.add(new TableCodecEmitter(names).emitSamples());
    return texts(files);
  }

  /** Pages of the reference, by path. */
  public Map<String, String> reference(String title) {
    return new ReferenceEmitter(names.schema(), title).pages();
  }

  /** Makes {@code root} hold these files and no others. */
  public static void write(Path root, Map<String, String> files) throws IOException {
    OutputTree tree = new OutputTree(root);
    for (Map.Entry<String, String> file : files.entrySet()) {
      tree.write(file.getKey(), file.getValue());
    }
    tree.finish();
  }

  private static Map<String, String> texts(List<JavaFile> files) {
    Map<String, String> texts = new TreeMap<>();
    for (JavaFile file : files) {
      String directory = file.packageName().replace('.', '/');
      texts.put(directory + "/" + file.typeSpec().name() + ".java", file.toString());
    }
    return texts;
  }
}
