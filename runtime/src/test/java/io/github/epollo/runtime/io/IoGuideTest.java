package io.github.epollo.runtime.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.testsupport.GuidePage;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The code on docs/guide/io.md is code that is compiled and run. */
class IoGuideTest {
  @Test
  void eachBlockOfJavaIsARegionOfATest() throws IOException {
    List<String> regions = GuidePage.regions(
        "src/test/java/io/github/epollo/runtime/io/SnippetsTest.java",
        "../net/src/test/java/io/github/epollo/net/TryTest.java",
        "../testkit/src/test/java/io/github/epollo/net/ProxyTest.java");
    List<String> blocks = GuidePage.blocks("../docs/guide/io.md");

    assertThat(blocks).hasSizeGreaterThan(5);
    assertThat(regions).containsAll(blocks);
  }
}
