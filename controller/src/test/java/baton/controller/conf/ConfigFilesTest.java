package baton.controller.conf;

import static baton.controller.conf.SampleConf.SMALL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import baton.protocol.message.ConfigFile;
import baton.protocol.message.ConfigResponse;
import baton.protocol.type.Release;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFilesTest {
  @TempDir Path directory;
  private String content;
  private ConfigFiles files;

  @BeforeEach
  void files() {
    SampleConf.write(directory, "more.conf", "KillWait=5\n");
    SampleConf.write(directory, "gres.conf", "include gres2.conf\nName=gpu File=/dev/null\n");
    SampleConf.write(directory, "gres2.conf", "# none\n");
    SampleConf.write(directory, "cgroup.conf", "");
    SampleConf.write(directory, "prolog.sh", "#!/bin/sh\n");
    content =
        SMALL + "include more.conf\nProlog=prolog.sh\nEpilog=/etc/epilog\nTaskProlog=task.sh\n";
    files = ConfigFiles.read(SampleConf.loaded(directory, content));
  }

  private static List<String> names(ConfigResponse answer) {
    return answer.configFiles().stream().map(ConfigFile::fileName).toList();
  }

  private static ConfigFile file(ConfigResponse answer, String name) {
    return answer.configFiles().stream()
        .filter(file -> file.fileName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void nodesOf2205() {
    ConfigResponse answer = files.answer(Release.V22_05, true);
    assertEquals(
        List.of(
            "slurm.conf",
            "more.conf",
            "acct_gather.conf",
            "cgroup.conf",
            "cli_filter.lua",
            "ext_sensors.conf",
            "gres.conf",
            "gres2.conf",
            "helpers.conf",
            "job_container.conf",
            "knl_cray.conf",
            "mpi.conf",
            "oci.conf",
            "plugstack.conf",
            "topology.conf"),
        names(answer));
    assertEquals("/var/spool/slurmd", answer.slurmdSpoolDir());
    assertEquals(content, file(answer, "slurm.conf").fileContent());
    assertEquals("KillWait=5\n", file(answer, "more.conf").fileContent());
    assertFalse(file(answer, "mpi.conf").exists());
    // An empty file must come to be on the node, a missing one must not.
    assertEquals(true, file(answer, "cgroup.conf").exists());
    assertNull(file(answer, "cgroup.conf").fileContent());
  }

  @Test
  void nodesOf2605GetScriptsToo() {
    ConfigResponse answer = files.answer(Release.V26_05, true);
    List<String> names = names(answer);
    assertEquals(List.of("prolog.sh", "task.sh"), names.subList(names.size() - 2, names.size()));
    assertEquals(true, file(answer, "prolog.sh").execute());
    assertEquals("#!/bin/sh\n", file(answer, "prolog.sh").fileContent());
    assertFalse(file(answer, "task.sh").exists());
    assertFalse(names.contains("ext_sensors.conf"));
    assertEquals(true, names.contains("topology.yaml"));
  }

  @Test
  void clients() {
    ConfigResponse answer = files.answer(Release.V22_05, false);
    assertEquals(
        List.of("slurm.conf", "more.conf", "cli_filter.lua", "plugstack.conf", "topology.conf"),
        names(answer));
    assertNull(answer.slurmdSpoolDir());
  }
}
