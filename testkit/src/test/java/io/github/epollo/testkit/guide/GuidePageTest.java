package io.github.epollo.testkit.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.testsupport.GuidePage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The code on docs/testing.md is the code of this package, which is compiled and run. */
class GuidePageTest {
  private static final Path SOURCES = Path.of("src/test/java/io/github/epollo/testkit/guide");

  @Test
  void eachBlockOfJavaIsARegionOfThisPackage() throws IOException {
    List<String> regions;
    try (Stream<Path> files = Files.list(SOURCES)) {
      regions = GuidePage.regions(files.map(Path::toString).toArray(String[]::new));
    }
    List<String> blocks = GuidePage.blocks("../docs/testing.md");

    assertThat(blocks).hasSizeGreaterThan(5);
    assertThat(blocks).containsExactlyInAnyOrderElementsOf(regions);
  }
}
