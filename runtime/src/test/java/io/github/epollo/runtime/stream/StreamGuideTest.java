package io.github.epollo.runtime.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.testsupport.GuidePage;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The code on docs/guide/streams.md is that of {@link SnippetsTest}, which is compiled and run. */
class StreamGuideTest {
  @Test
  void eachBlockOfJavaIsARegion() throws IOException {
    List<String> regions = GuidePage.regions(
        "src/test/java/io/github/epollo/runtime/stream/SnippetsTest.java");
    List<String> blocks = GuidePage.blocks("../docs/guide/streams.md");

    assertThat(blocks).hasSizeGreaterThan(2);
    assertThat(regions).containsAll(blocks);
  }
}
