package baton.controller.conf;

import baton.protocol.type.Release;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Words of SelectTypeParameters, each one bit on the wire. */
public enum SelectTypeParameter {
  CR_CPU(0x1),
  CR_SOCKET(0x2),
  CR_CORE(0x4),
  CR_MEMORY(0x10),
  ENFORCE_BINDING_GRES(0x40),
  ONE_TASK_PER_SHARING_GRES(0x80),
  CR_ONE_TASK_PER_CORE(0x100),
  CR_PACK_NODES(0x200),
  LL_SHARED_GRES(0x400),
  CR_NO_DIST_TOPO_BLOCK(0x800),
  CR_CORE_DEFAULT_DIST_BLOCK(0x1000),
  CR_LLN(0x4000),
  MULTIPLE_SHARING_GRES_PJ(0x8000);

  /** What each shares out; at most one of them may be given. */
  private static final Map<String, Set<SelectTypeParameter>> RESOURCES =
      Map.of(
          "CR_CPU", EnumSet.of(CR_CPU),
          "CR_CPU_MEMORY", EnumSet.of(CR_CPU, CR_MEMORY),
          "CR_CORE", EnumSet.of(CR_CORE),
          "CR_CORE_MEMORY", EnumSet.of(CR_CORE, CR_MEMORY),
          "CR_SOCKET", EnumSet.of(CR_SOCKET),
          "CR_SOCKET_MEMORY", EnumSet.of(CR_SOCKET, CR_MEMORY),
          "CR_MEMORY", EnumSet.of(CR_MEMORY));

  /** Words of older releases that say nothing any more. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of("OTHER_CONS_RES", "OTHER_CONS_TRES", "CR_ALLOCATE_FULL_SOCKET");

  private final int bit;

  SelectTypeParameter(int bit) {
    this.bit = bit;
  }

  public int bit() {
    return bit;
  }

  /** The u16 of the wire. */
  public static int bits(Set<SelectTypeParameter> parameters) {
    int bits = 0;
    for (SelectTypeParameter parameter : parameters) {
      bits |= parameter.bit;
    }
    return bits;
  }

  /** Reads the words; empty if one is unknown or they exclude each other. */
  static Optional<EnumSet<SelectTypeParameter>> parse(String text) {
    EnumSet<SelectTypeParameter> parameters = EnumSet.noneOf(SelectTypeParameter.class);
    int resources = 0;
    for (String word : Words.of(text)) {
      String upper = word.toUpperCase(Locale.ROOT);
      if (RESOURCES.containsKey(upper)) {
        parameters.addAll(RESOURCES.get(upper));
        resources++;
      } else if (isOption(upper)) {
        parameters.add(valueOf(upper));
      } else if (!WITHOUT_EFFECT.contains(upper)) {
        return Optional.empty();
      }
    }
    boolean excluded = parameters.contains(CR_CPU) && parameters.contains(CR_ONE_TASK_PER_CORE);
    return resources > 1 || excluded ? Optional.empty() : Optional.of(parameters);
  }

  /** What slurmctld of that release takes where the key is absent. */
  static EnumSet<SelectTypeParameter> absent(Release release, String selectType) {
    return release.atLeast(Release.V24_05) && selectType.contains("cons_tres")
        ? EnumSet.of(CR_CORE, CR_MEMORY)
        : EnumSet.noneOf(SelectTypeParameter.class);
  }

  private static boolean isOption(String upper) {
    for (SelectTypeParameter parameter : values()) {
      if (parameter.name().equals(upper)) {
        return true;
      }
    }
    return false;
  }
}
