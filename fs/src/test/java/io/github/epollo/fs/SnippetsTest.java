package io.github.epollo.fs;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.timers.Timers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples in the documentation. */
class SnippetsTest {
  @TempDir Path directory;

  @Test
  void options() {
    // @start region="options"
    EpolloOptions options = EpolloOptions.defaults()
        .with(FileOptions.class, FileOptions.defaults().withBackend(FileBackend.POOL).withThreads(8));
    // @end
    Epollo.run(options, () -> assertThat(Epollo.current().option(FileOptions.class)).isNotNull());
  }

  @Test
  void asyncFile() {
    Epollo.run(() -> {
      Path path = directory.resolve("numbers");
      // @start region="async-file"
      try (AsyncFile file = AsyncFile.open(path, READ, WRITE, CREATE)) {
        file.writeFullyAt(ByteBuffer.wrap(new byte[]{1, 2, 3, 4}), 0); // the task waits, its loop does not
        ByteBuffer two = ByteBuffer.allocate(2);
        file.readFullyAt(two, 2);
        assertThat(two.array()).containsExactly(3, 4);
        file.sync();
      }
      // @end
    });
  }

  @Test
  void openOptions() {
    Epollo.run(() -> {
      Path path = directory.resolve("secret");
      // @start region="open-options"
      OpenOptions options = OpenOptions.defaults().write().createNew().mode("rw-------").dsync();
      try (AsyncFile file = AsyncFile.open(path, options)) {
        file.writeFully(ByteBuffer.wrap(new byte[]{42})); // on the device when this returns
      }
      // @end
      assertThat(Files.getPosixFilePermissions(path)).hasSize(2);
    });
  }

  @Test
  void lock() {
    Epollo.run(() -> {
      Path path = Files.createFile(directory.resolve("shared"));
      // @start region="lock"
      try (AsyncFile file = AsyncFile.open(path, READ, WRITE);
          AsyncFileLock lock = Timers.withTimeout(Duration.ofSeconds(5), () -> file.lock())) {
        file.writeFullyAt(ByteBuffer.wrap(new byte[]{1}), lock.position());
      }
      // @end
      assertThat(path).hasSize(1);
    });
  }
}
