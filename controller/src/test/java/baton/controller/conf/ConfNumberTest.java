package baton.controller.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import baton.protocol.type.NoVal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfNumberTest {
  @ParameterizedTest
  @CsvSource({
    "U16, 65535, 65535",
    "U16, 0x10, 16",
    "U16, 010, 8",
    "U16, +5, 5",
    "U16, '', 0",
    "U16, Unlimited, 65535",
    "U32, 4k, 4096",
    "U32, INFINITE, 4294967295",
    "U32, 4294967295, 4294967295",
    "U64, 4K, 4096",
    "U64, 18446744073709551615, -1",
    "U64, UNLIMITED, -1",
    "BOOLEAN, Yes, 1",
    "BOOLEAN, up, 1",
    "BOOLEAN, 0, 0",
    "BOOLEAN, Down, 0",
  })
  void values(ConfKey.Type type, String text, long value) {
    ConfNumber.Parsed parsed = ConfNumber.parse(type, "Key", text);
    assertNull(parsed.fault());
    assertEquals(value, parsed.value());
  }

  @ParameterizedTest
  @CsvSource({
    "U16, 65536, Key=65536 is greater than 65535",
    "U16, 4k, Key=4k is not a number",
    "U16, -1, Key=-1 is less than zero",
    "U16, 08, Key=08 is not a number",
    "U16, 0x, Key=0x is not a number",
    "U16, 1.5, Key=1.5 is not a number",
    "U16, -, Key=- is not a number",
    "U32, k, Key=k is not a number",
    "U32, 4194304k, Key=4194304k is greater than 4294967295",
    "U64, 18446744073709551616, Key=18446744073709551616 is greater than 18446744073709551615",
    "BOOLEAN, maybe, Key=maybe must be YES or NO",
  })
  void faults(ConfKey.Type type, String text, String fault) {
    assertEquals(fault, ConfNumber.parse(type, "Key", text).fault());
  }

  @ParameterizedTest
  @CsvSource({
    "5, 300",
    "5:30, 330",
    "1:2:3, 3723",
    "1-0, 86400",
    "2-, 172800",
    "1-2:3, 93780",
    "1-2:3:4, 93784",
    "-1, 4294967295",
    "infinite, 4294967295",
  })
  void times(String text, long seconds) {
    assertEquals(seconds, ConfTime.seconds(text));
  }

  @ParameterizedTest
  @CsvSource({"''", "x", "1:", ":1", "1:2:3:4", "1-2-3", "1:2-3", "-2", "99999999999", "1-:2"})
  void noTimes(String text) {
    assertEquals(NoVal.NO_VAL, ConfTime.seconds(text));
  }

  @ParameterizedTest
  @CsvSource({"0:1, 1", "1:0, 1", "1:1, 2", "UNLIMITED, 4294967295"})
  void minutesAreRoundedUp(String text, long minutes) {
    assertEquals(minutes, ConfTime.minutes(text));
  }
}
