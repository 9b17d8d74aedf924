package io.github.epollo.fs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.io.AsyncReader;
import io.github.epollo.runtime.io.AsyncWriter;
import io.github.epollo.runtime.io.BufferedAsyncReader;
import io.github.epollo.timers.Timers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The examples in the documentation of pipes, standard streams and watchers. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FdSnippetsTest {
  @Test
  void pipe() {
    Epollo.run(() -> {
      // @start region="pipe"
      try (Pipe pipe = Pipe.open()) {
        Task<String> line = Tasks.spawn(() -> new BufferedAsyncReader(pipe.reader()).readLine(100));
        pipe.writer().writeFully(ByteBuffer.wrap("through the kernel\n".getBytes(UTF_8)));
        assertThat(line.join()).isEqualTo("through the kernel");
      }
      // @end
    });
  }

  @Test
  void fifo(@TempDir Path directory) {
    Epollo.run(() -> {
      // @start region="fifo"
      Path path = directory.resolve("commands");
      Pipe.createFifo(path, PosixFilePermissions.fromString("rw-------"));
      Task<?> other = Tasks.spawn(() -> {
        try (PipeWriter writer = Pipe.openWriter(path)) { // waits for the reader
          writer.writeFully(ByteBuffer.wrap("reload\n".getBytes(UTF_8)));
        }
      });
      try (PipeReader reader = Pipe.openReader(path)) {
        assertThat(new BufferedAsyncReader(reader).readLine(100)).isEqualTo("reload");
      }
      // @end
      other.join();
    });
  }

  @Test
  void watcher(@TempDir Path directory) throws Exception {
    List<String> seen = new ArrayList<>();
    Epollo.run(() -> {
      // @start region="watcher"
      try (DirectoryWatcher watcher = DirectoryWatcher.open(directory, WatchOptions.defaults().withSubdirectories())) {
        Files.writeString(directory.resolve("settings"), "color=blue");
        for (DirectoryEvent event : watcher) {
          switch (event) {
            case DirectoryEvent.Written(Path path) -> seen.add("read again: " + directory.relativize(path));
            case DirectoryEvent.Rescan(Path root) -> seen.add("look at everything in " + root);
            default -> {} // not of interest here
          }
          if (!seen.isEmpty()) {
            break;
          }
        }
      }
      // @end
    });
    assertThat(seen).containsExactly("read again: settings");
  }

  // @start region="stdio"
  /** Asks a question; null if nobody answers within the time, and the read is no more. */
  static @Nullable String ask(String question, Duration limit) throws IOException {
    try (AsyncReader in = Stdio.in(); AsyncWriter out = Stdio.out()) {
      out.writeFully(ByteBuffer.wrap(question.getBytes(UTF_8)));
      return Timers.withTimeoutOrNull(limit, () -> new BufferedAsyncReader(in).readLine(100));
    }
  }
  // @end
}
