package io.github.epollo.fs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.stream.AsyncStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples in the documentation that are about paths. */
class DirectorySnippetsTest {
  @TempDir Path directory;

  @Test
  void files() {
    Epollo.run(() -> {
      // @start region="files"
      Path settings = directory.resolve("settings/app.conf");
      AsyncFiles.createDirectories(settings.getParent());
      AsyncFiles.writeAtomically(settings, "colour = green\n".getBytes(UTF_8)); // the old content or the new one, never a mix

      AsyncFiles.copy(settings, directory.resolve("backup"), done -> System.out.println(done + " bytes"));
      String text = AsyncFiles.readString(settings);
      AsyncFiles.deleteTree(settings.getParent());
      // @end
      assertThat(text).isEqualTo("colour = green\n");
      assertThat(directory.toFile().list()).containsExactly("backup");
    });
  }

  @Test
  void walk() {
    Epollo.run(() -> {
      Files.writeString(Files.createDirectory(directory.resolve("sub")).resolve("a.log"), "12345");
      // @start region="walk"
      long bytes = 0;
      try (AsyncStream<DirectoryEntry> entries = AsyncFiles.walk(directory)) {
        for (DirectoryEntry entry : entries) {
          if (entry.type() == FileType.REGULAR) {
            bytes += AsyncFiles.metadata(entry.path()).size();
          }
        }
      }
      // @end
      assertThat(bytes).isEqualTo(5);
    });
  }
}
