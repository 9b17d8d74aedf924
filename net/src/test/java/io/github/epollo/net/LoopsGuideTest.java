package io.github.epollo.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.testsupport.GuidePage;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The code on docs/guide/loops.md is code that is compiled and run. */
class LoopsGuideTest {
  @Test
  void eachBlockOfJavaIsARegionOfATest() throws IOException {
    List<String> regions = GuidePage.regions("../runtime/src/test/java/io/github/epollo/runtime/SnippetsTest.java",
        "src/test/java/io/github/epollo/net/SnippetsTest.java");
    List<String> blocks = GuidePage.blocks("../docs/guide/loops.md");

    assertThat(blocks).hasSize(3);
    assertThat(regions).containsAll(blocks);
  }
}
