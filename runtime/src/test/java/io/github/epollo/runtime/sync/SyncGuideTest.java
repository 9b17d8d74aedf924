package io.github.epollo.runtime.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.testsupport.GuidePage;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The code on docs/guide/synchronization.md is that of {@link SyncSnippetsTest}, which is compiled and run. */
class SyncGuideTest {
  @Test
  void eachBlockOfJavaIsARegion_andEachRegionIsABlock() throws IOException {
    List<String> regions = GuidePage.regions(
        "src/test/java/io/github/epollo/runtime/sync/SyncSnippetsTest.java");
    List<String> blocks = GuidePage.blocks("../docs/guide/synchronization.md");

    assertThat(blocks).hasSizeGreaterThan(5);
    assertThat(blocks).containsExactlyInAnyOrderElementsOf(regions);
  }
}
