package io.github.epollo.runtime.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The code on docs/guide/streams.md is that of {@link SnippetsTest}, which is compiled and run. */
class StreamGuideTest {
  @Test
  void theGuideShowsThisCode() throws Exception {
    String source = Files.readString(Path.of("src/test/java/io/github/epollo/runtime/stream/SnippetsTest.java"));
    String page = Files.readString(Path.of("../docs/guide/streams.md"));
    List<String> regions = all("// @start region=\"[a-z]+\"\n(.*?)\n *// @end", source);
    List<String> blocks = all("```java\n(.*?)\n```", page);
    assertThat(blocks).isNotEmpty().isSubsetOf(regions);
  }

  private static List<String> all(String pattern, String text) {
    return Pattern.compile(pattern, Pattern.DOTALL).matcher(text).results()
        .map(found -> found.group(1).stripIndent().strip())
        .toList();
  }
}
