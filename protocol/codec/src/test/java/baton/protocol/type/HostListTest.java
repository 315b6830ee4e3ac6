package baton.protocol.type;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostListTest {
  /** What scontrol show hostlist of 22.05.8 prints for each. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "n1,n2,n3 | n[1-3]",
        "n[1-3,7] | n[1-3,7]",
        "n[01-03],n3 | n[01-03,3]",
        "n9,n10 | n[9-10]",
        "n09,n10,n011 | n[09-10,011]",
        "a[01-02]b[1-2] | a01b[1-2],a02b[1-2]",
        "a[1-2]b[3-4]c[5-6] | a1b3c[5-6],a2b3c[5-6],a1b4c[5-6],a2b4c[5-6]",
        "x[1-2][3-4] | x1[3-4],x2[3-4]",
        "n[1, 2],n[1-] | n[1,02,1]",
        "login,login,login1 | login,login,login1",
        "5,[7-8] | [5,7-8]",
      })
  void compressesAsSlurm(String expression, String ranged) throws HostListException {
    assertEquals(ranged, HostList.parse(expression).ranged());
  }

  @Test
  void suffixAfterBracketsAsSince2311() throws HostListException {
    assertEquals(List.of("n1-ib", "n2-ib"), HostList.parse("n[1-2]-ib").hosts());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "n[3-1] | range runs backwards in host list: \"3-1\"",
        "n[1 | '[' without ']' in host list: \"n[1\"",
        "n1] | unbalanced brackets in host list: \"n1]\"",
        "n[[1]] | unbalanced brackets in host list: \"n[[\"",
        "n[] | invalid range in host list: \"\"",
        "n[1,,2] | invalid range in host list: \"\"",
        "n[1-2-3] | invalid range in host list: \"1-2-3\"",
        "n[x] | invalid range in host list: \"x\"",
        "n[0-65536] | too many hosts in one range (at most 65536): \"0-65536\"",
        "a[0-999]b[0-999] | host list of more than 262144 hosts: \"a[0-999]b[0-999]\"",
        "n[1-99999999999999999999] | invalid range in host list: \"1-99999999999999999999\"",
      })
  void refuses(String expression, String message) {
    HostListException refusal =
        assertThrows(HostListException.class, () -> HostList.parse(expression));
    assertEquals(message, refusal.getMessage());
  }

  @Test
  void manyBracketsAreRefusedBeforeTheyMultiply() {
    String hostile = "a[0-65535]".repeat(1000) + "," + "b[0-65535],".repeat(1000);
    assertThrows(HostListException.class, () -> HostList.parse(hostile));
    assertThrows(HostListException.class, () -> HostList.parse("b[0-65535],".repeat(5)));
  }

  @Test
  void uniqueAndSorted() throws HostListException {
    HostList list = HostList.parse("n[5-7],n2,n6,a,n10,n1,a");
    assertEquals("a,n[1-2,5-7,10]", list.unique().ranged());
    assertEquals("a,a,n[1-2,5-6,6-7,10]", list.sorted().ranged());
    assertEquals(9, list.size());
  }

  @Test
  void findsHosts() throws HostListException {
    HostList list = HostList.parse("x,n[08-11],m[1-2][3-4]");
    assertEquals(0, list.indexOf("x"));
    assertEquals(3, list.indexOf("n10"));
    assertEquals(8, list.indexOf("m24"));
    assertEquals(-1, list.indexOf("n8"));
    assertEquals(-1, list.indexOf("n012"));
    for (String host : list) {
      assertTrue(list.contains(host));
    }
  }

  @Test
  void emptyExpressions() throws HostListException {
    assertTrue(HostList.parse(null).isEmpty());
    assertTrue(HostList.parse("").isEmpty());
    assertEquals("", HostList.parse(" , ").ranged());
  }

  @Property(tries = 500)
  void rangedFormReadsBackAsTheSameHosts(
      @ForAll List<@StringLength(min = 1, max = 6) @CharRange(from = '0', to = 'c') String> names)
      throws HostListException {
    List<String> hosts = names.stream().map(name -> name.replaceAll("[^0-9a-c]", "a")).toList();
    HostList list = HostList.of(hosts);
    assertEquals(hosts, list.hosts());
    assertEquals(hosts, HostList.parse(list.ranged()).hosts());
    assertEquals(
        hosts.stream().sorted().toList(), list.sorted().hosts().stream().sorted().toList());
  }

  @Property(tries = 2000)
  void anyTextIsReadOrRefused(
      @ForAll @CharRange(from = '+', to = '2') @CharRange(from = '[', to = 'b') String text) {
    try {
      HostList list = HostList.parse(text);
      assertEquals(list.size(), list.hosts().size());
      assertTrue(list.unique().size() <= list.size());
      assertEquals(list.size(), list.sorted().size());
    } catch (HostListException e) {
      assertTrue(e.getMessage().contains("host"), e.getMessage());
    }
  }
}
