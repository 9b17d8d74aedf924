package io.github.epollo.fs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.Epollo;
import java.io.EOFException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AsyncFileTest {
  @TempDir Path directory;

  @Test
  void whatIsWrittenIsRead() {
    Epollo.run(() -> {
      Path path = directory.resolve("a");
      try (AsyncFile file = AsyncFile.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE,
          StandardOpenOption.READ)) {
        file.writeFullyAt(ByteBuffer.wrap("hello world".getBytes(UTF_8)), 3);
        assertThat(file.size()).isEqualTo(14);
        ByteBuffer target = ByteBuffer.allocate(5);
        file.readFullyAt(target, 9);
        assertThat(target.array()).isEqualTo("world".getBytes(UTF_8));
        ByteBuffer more = ByteBuffer.allocate(20);
        assertThat(file.readAt(more, 14)).isEqualTo(-1);
        assertThatThrownBy(() -> file.readFullyAtAsync(more, 4).await()).hasRootCauseInstanceOf(EOFException.class);
        assertThat(more.position()).isEqualTo(10);
      }
    });
  }

  @Test
  void whatCannotBeOpened() {
    Epollo.run(() -> {
      assertThatThrownBy(() -> AsyncFile.open(directory)).isInstanceOf(FileSystemException.class)
          .hasMessageContaining("AsyncFiles.list");
      assertThatThrownBy(() -> AsyncFile.open(directory.resolve("none"))).isInstanceOf(NoSuchFileException.class);
    });
  }
}
