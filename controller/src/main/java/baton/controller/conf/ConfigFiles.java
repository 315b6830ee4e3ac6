package baton.controller.conf;

import baton.protocol.message.ConfigFile;
import baton.protocol.message.ConfigResponse;
import baton.protocol.type.Release;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * slurm.conf and the files beside it, as configless nodes and clients ask for them. Read at once,
 * so that all answers agree until the next reconfiguration. Immutable; safe on any thread.
 *
 * <p>Source of the behaviour: 22.05-26.05 src/common/fetch_config.c, src/slurmctld/proc_req.c.
 */
public final class ConfigFiles {
  private static final int MAX_FILE_BYTES = 16 * 1024 * 1024;

  /** Files that slurmd gets, in the order of the older releases, with those that have them. */
  private static final Map<String, String> FOR_NODES = new LinkedHashMap<>();

  /** Files that clients get. */
  private static final Map<String, String> FOR_CLIENTS = new LinkedHashMap<>();

  static {
    FOR_NODES.put("slurm.conf", "22.05+");
    FOR_NODES.put("acct_gather.conf", "22.05+");
    FOR_NODES.put("cgroup.conf", "22.05+");
    FOR_NODES.put("cli_filter.lua", "22.05+");
    FOR_NODES.put("ext_sensors.conf", "22.05-23.11");
    FOR_NODES.put("gres.conf", "22.05+");
    FOR_NODES.put("helpers.conf", "22.05+");
    FOR_NODES.put("job_container.conf", "22.05+");
    FOR_NODES.put("knl_cray.conf", "22.05-23.11");
    FOR_NODES.put("mpi.conf", "22.05+");
    FOR_NODES.put("namespace.yaml", "25.11+");
    FOR_NODES.put("oci.conf", "22.05+");
    FOR_NODES.put("plugstack.conf", "22.05+");
    FOR_NODES.put("scrun.lua", "23.11+");
    FOR_NODES.put("topology.conf", "22.05+");
    FOR_NODES.put("topology.yaml", "25.05+");
    FOR_CLIENTS.put("slurm.conf", "22.05+");
    FOR_CLIENTS.put("cli_filter.lua", "22.05+");
    FOR_CLIENTS.put("plugstack.conf", "22.05+");
    FOR_CLIENTS.put("topology.conf", "22.05+");
    FOR_CLIENTS.put("topology.yaml", "25.05+");
    FOR_CLIENTS.put("oci.conf", "23.11+");
    FOR_CLIENTS.put("scrun.lua", "23.11+");
  }

  private final Map<String, Content> contents = new LinkedHashMap<>();
  private final Map<String, List<String>> includes = new LinkedHashMap<>();
  private final List<String> scripts = new ArrayList<>();
  private final List<String> taskScripts = new ArrayList<>();
  private final String slurmdSpoolDir;

  /** What stands in a file; text is null if it is empty. */
  private record Content(boolean exists, String text) {}

  private ConfigFiles(SlurmConf conf) {
    this.slurmdSpoolDir = conf.values().text("SlurmdSpoolDir", conf.release());
  }

  /** Reads all files of all releases from the directory of slurm.conf. */
  public static ConfigFiles read(SlurmConf conf) {
    ConfigFiles files = new ConfigFiles(conf);
    Path directory = conf.file().toAbsolutePath().getParent();
    files.includes.put("slurm.conf", conf.includedNames());
    Set<String> names = new LinkedHashSet<>(FOR_NODES.keySet());
    names.addAll(FOR_CLIENTS.keySet());
    for (String name : names) {
      Path file = name.equals("slurm.conf") ? conf.file() : directory.resolve(name);
      files.contents.put(name, load(file));
      if (name.endsWith(".conf") && !name.equals("slurm.conf")) {
        files.includes.put(name, includesOf(file, conf.clusterName()));
      }
    }
    files.addScripts(conf.values());
    Set<String> more = new LinkedHashSet<>(files.scripts);
    more.addAll(files.taskScripts);
    files.includes.values().forEach(more::addAll);
    for (String name : more) {
      files.contents.putIfAbsent(name, load(resolve(directory, name)));
    }
    return files;
  }

  /** The answer to a slurmd ({@code node}) or a client of that release. */
  public ConfigResponse answer(Release release, boolean node) {
    List<ConfigFile> files = new ArrayList<>();
    for (Map.Entry<String, String> entry : (node ? FOR_NODES : FOR_CLIENTS).entrySet()) {
      if (!ConfKey.releasesIn(entry.getValue()).contains(release)) {
        continue;
      }
      files.add(file(entry.getKey(), false));
      for (String include : includes.getOrDefault(entry.getKey(), List.of())) {
        files.add(file(include, false));
      }
    }
    if (node && release.atLeast(Release.V23_11)) {
      scripts.forEach(name -> files.add(file(name, true)));
    }
    if (node && release.atLeast(Release.V25_11)) {
      taskScripts.forEach(name -> files.add(file(name, true)));
    }
    return ConfigResponse.builder()
        .configFiles(files)
        .slurmdSpoolDir(node ? slurmdSpoolDir : null)
        .build();
  }

  /** The text of a file; null if there is none, empty if it is empty. */
  String text(String name) {
    Content content = contents.getOrDefault(name, new Content(false, null));
    if (!content.exists()) {
      return null;
    }
    return content.text() == null ? "" : content.text();
  }

  private ConfigFile file(String name, boolean script) {
    Content content = contents.get(name);
    return ConfigFile.builder()
        .exists(content.exists())
        .execute(script)
        .fileName(name)
        .fileContent(content.text())
        .build();
  }

  /** Prologs and epilogs given without a full path are sent to the nodes. */
  private void addScripts(ConfValues values) {
    for (String key : List.of("Prolog", "Epilog")) {
      for (String script : values.list(key)) {
        if (!script.isEmpty() && !script.startsWith("/")) {
          scripts.add(script);
        }
      }
    }
    for (String key : List.of("TaskProlog", "TaskEpilog")) {
      String script = values.set(key);
      if (script != null && !script.isEmpty() && !script.startsWith("/")) {
        taskScripts.add(script);
      }
    }
  }

  private static List<String> includesOf(Path file, String clusterName) {
    if (!Files.isReadable(file)) {
      return List.of();
    }
    // What is wrong in it concerns those who use it, not who hands it out.
    ConfReader reader =
        new ConfReader(
            new ConfProblems(),
            new ConfReader.Sink() {
              @Override
              public void take(ConfLine line) {}

              @Override
              public String clusterName() {
                return clusterName;
              }
            });
    reader.read(file);
    return reader.includedNames();
  }

  private static Path resolve(Path directory, String name) {
    try {
      return directory.resolve(name);
    } catch (InvalidPathException e) {
      return directory.resolve("no such file");
    }
  }

  private static Content load(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_FILE_BYTES + 1);
      if (bytes.length > MAX_FILE_BYTES) {
        return new Content(false, null);
      }
      return new Content(true, bytes.length == 0 ? null : ConfText.decode(bytes));
    } catch (IOException e) {
      return new Content(false, null);
    }
  }
}
