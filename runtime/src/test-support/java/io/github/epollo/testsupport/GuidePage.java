package io.github.epollo.testsupport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A page of documentation, whose blocks of code are to be regions of sources that are compiled and run. Paths are those of the module under test. */
public final class GuidePage {
  private static final String FENCE = "```java\n";

  private GuidePage() {}

  /** The blocks of Java on a page, in their order. */
  public static List<String> blocks(String page) throws IOException {
    String text = Files.readString(Path.of(page));
    List<String> blocks = new ArrayList<>();
    for (int start = text.indexOf(FENCE); start >= 0; start = text.indexOf(FENCE, start + 1)) {
      int from = start + FENCE.length();
      blocks.add(text.substring(from, text.indexOf("```", from)));
    }
    return blocks;
  }

  /** What stands between {@code @start} and {@code @end} in the sources, not indented. */
  public static List<String> regions(String... sources) throws IOException {
    List<String> regions = new ArrayList<>();
    for (String source : sources) {
      StringBuilder region = null;
      for (String line : Files.readAllLines(Path.of(source))) {
        if (line.strip().startsWith("// @start region=")) {
          region = new StringBuilder();
        } else if (line.strip().equals("// @end") && region != null) {
          regions.add(region.toString().stripTrailing().stripIndent() + "\n");
          region = null;
        } else if (region != null) {
          region.append(line).append('\n');
        }
      }
    }
    return regions;
  }
}
