package baton.controller.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfTextTest {
  private static List<String> texts(String content) {
    return ConfText.statements(Path.of("f"), content).stream().map(ConfLine::text).toList();
  }

  @Test
  void commentsEscapesAndContinuations() {
    assertEquals(List.of("a=1 ", "", "b=#2", "c=\\"), texts("a=1 # x\n# all\nb=\\#2\nc=\\\\#"));
    assertEquals(List.of("a=12", "b=3"), texts("a=1\\\n2\nb=3\n"));
    assertEquals(List.of("a=1 2"), texts("a=1 \\  \t\n2"));
    assertEquals(List.of("a=1\\", "2"), texts("a=1\\\\\n2"));
    assertEquals(List.of("a=1 2"), texts("a=1 \\ # comment after it\n2\n"));
    assertEquals(List.of("a="), texts("a=\\"));
    assertEquals(List.of(), texts(""));
  }

  @Test
  void linesAreNumberedByTheirFirst() {
    List<ConfLine> lines = ConfText.statements(Path.of("f"), "a=1\nb=\\\n\\\n2\nc=3");
    assertEquals(List.of(1, 2, 5), lines.stream().map(ConfLine::number).toList());
    assertEquals(List.of(1, 4, 5), lines.stream().map(ConfLine::lastNumber).toList());
  }

  @Test
  void bytesThatAreNoUtf8AreKeptOneByOne() {
    assertEquals("é", ConfText.decode("é".getBytes(StandardCharsets.UTF_8)));
    assertEquals("a\udce9b", ConfText.decode("aéb".getBytes(StandardCharsets.ISO_8859_1)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "a=1|a|1|3",
        "  a.b_1 =  x y|a.b_1|x|12",
        "a=\"x y\" z|a|x y|7",
        "a=\"x y\"z|a|\"x|4",
        "a=\"x\"y z|a|\"x\"y|6",
        "a=\"\" b|a|``|4",
        "a+=1|a|1|4",
        "a - = 1|a|-|3",
      })
  void pairs(String text, String key, String value, int end) {
    KeyValue pair = KeyValue.scan(text, 0);
    if (value.equals("-")) {
      assertNull(pair);
    } else {
      assertEquals(new KeyValue(key, value, end), pair);
    }
  }

  @Test
  void noPairs() {
    for (String text : List.of("", "a", "a=", "=b", "a b=c", "a==", " \t", "-a=1", "a= ")) {
      KeyValue pair = KeyValue.scan(text, 0);
      if (text.equals("a==")) {
        assertEquals("=", pair.value());
      } else {
        assertNull(pair, text);
      }
    }
  }
}
