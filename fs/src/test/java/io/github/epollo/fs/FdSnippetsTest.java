package io.github.epollo.fs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.io.BufferedAsyncReader;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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
}
