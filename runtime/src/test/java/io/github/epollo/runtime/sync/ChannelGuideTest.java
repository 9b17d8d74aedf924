package io.github.epollo.runtime.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The code on docs/guide/channels.md is that of {@link ChannelSnippetsTest}, which is compiled and run. */
class ChannelGuideTest {
  @Test
  void eachBlockOfJavaIsARegionAndEachRegionIsABlock() throws IOException {
    List<String> regions = regions(
        Files.readString(Path.of("src/test/java/io/github/epollo/runtime/sync/ChannelSnippetsTest.java")));
    List<String> blocks = blocks(Files.readString(Path.of("../docs/guide/channels.md")));

    assertThat(blocks).hasSizeGreaterThan(5);
    assertThat(blocks).containsExactlyInAnyOrderElementsOf(regions);
  }

  private static List<String> blocks(String page) {
    List<String> blocks = new ArrayList<>();
    String fence = "```java\n";
    for (int start = page.indexOf(fence); start >= 0; start = page.indexOf(fence, start + 1)) {
      int from = start + fence.length();
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
