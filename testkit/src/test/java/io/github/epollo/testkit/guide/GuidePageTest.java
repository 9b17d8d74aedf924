package io.github.epollo.testkit.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The code on docs/testing.md is the code of this package, which is compiled and run. */
class GuidePageTest {
  private static final Path SOURCES = Path.of("src/test/java/io/github/epollo/testkit/guide");

  @Test
  void eachBlockOfJavaIsARegionOfThisPackage() throws IOException {
    List<String> regions = new ArrayList<>();
    try (Stream<Path> files = Files.list(SOURCES)) {
      for (Path file : files.toList()) {
        regions.addAll(regions(Files.readString(file)));
      }
    }
    List<String> blocks = blocks(Files.readString(Path.of("../docs/testing.md")));

    assertThat(blocks).hasSizeGreaterThan(5);
    assertThat(regions).containsAll(blocks);
    assertThat(blocks).containsAll(regions);
  }

  private static List<String> blocks(String page) {
    List<String> blocks = new ArrayList<>();
    for (int start = page.indexOf("```java\n"); start >= 0; start = page.indexOf("```java\n", start + 1)) {
      int from = start + "```java\n".length();
      blocks.add(page.substring(from, page.indexOf("```", from)));
    }
    return blocks;
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
