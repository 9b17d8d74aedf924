package io.github.epollo.runtime.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The code on docs/guide/io.md is code that is compiled and run. */
class IoGuideTest {
  private static final List<Path> SOURCES = List.of(
      Path.of("src/test/java/io/github/epollo/runtime/io/SnippetsTest.java"),
      Path.of("../testkit/src/test/java/io/github/epollo/net/ProxyTest.java"));

  @Test
  void eachBlockOfJavaIsARegionOfATest() throws IOException {
    List<String> regions = new ArrayList<>();
    for (Path source : SOURCES) {
      regions.addAll(regions(Files.readString(source)));
    }
    String[] parts = Files.readString(Path.of("../docs/guide/io.md")).split("```", -1);
    List<String> blocks = new ArrayList<>();
    for (int i = 1; i < parts.length; i += 2) {
      blocks.add(parts[i].substring("java\n".length()));
    }
    assertThat(blocks).hasSizeGreaterThan(5);
    assertThat(regions).containsAll(blocks);
  }

  private static List<String> regions(String source) {
    List<String> regions = new ArrayList<>();
    StringBuilder region = null;
    for (String line : source.lines().toList()) {
      if (line.strip().startsWith("// @start region=")) {
        region = new StringBuilder();
      } else if (line.strip().equals("// @end") && region != null) {
        regions.add(region.toString().stripTrailing().stripIndent() + "\n");
        region = null;
      } else if (region != null) {
        region.append(line).append('\n');
      }
    }
    return regions;
  }
}
