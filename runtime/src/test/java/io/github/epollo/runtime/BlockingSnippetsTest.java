package io.github.epollo.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples in the documentation of blocking calls. */
class BlockingSnippetsTest {
  @Test
  void blocking(@TempDir Path directory) throws Exception {
    Path path = directory.resolve("greeting");
    Files.writeString(path, "hello");
    Epollo.run(() -> {
      // @start region="blocking"
      String text = Tasks.blocking(() -> Files.readString(path)); // the loop goes on
      // @end
      assertThat(text).isEqualTo("hello");
    });
  }
}
