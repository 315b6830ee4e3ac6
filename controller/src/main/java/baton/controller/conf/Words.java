package baton.controller.conf;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Lists of words with commas between, as many keys have them. */
final class Words {
  private Words() {}

  /** The words, without empty ones; null gives none. */
  static List<String> of(String text) {
    List<String> words = new ArrayList<>();
    if (text != null) {
      for (String word : text.split(",", -1)) {
        if (!word.isEmpty()) {
          words.add(word);
        }
      }
    }
    return words;
  }

  /** Whether the text has this anywhere in it, case aside: how Slurm looks for most options. */
  static boolean contains(String text, String part) {
    return text != null && text.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
  }
}
