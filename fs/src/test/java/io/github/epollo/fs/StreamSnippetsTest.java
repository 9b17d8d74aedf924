package io.github.epollo.fs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.net.TcpStream;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.stream.AsyncStream;
import io.github.epollo.timers.Timers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of streams of files in the documentation. */
class StreamSnippetsTest {
  @TempDir Path directory;

  // @start region="transfer"
  /** Sends a file, for at most {@code limit}; returns how many bytes the peer's side has taken. */
  static long send(Path path, TcpStream client, Duration limit) throws IOException {
    try (AsyncFile file = AsyncFile.open(path);
        FileTransfer transfer = FileTransfer.to(file, 0, Long.MAX_VALUE, client)) {
      try {
        return Timers.withTimeout(limit, transfer::run);
      } catch (DeadlineExceededException e) {
        return transfer.count(); // another run() would go on from here
      }
    }
  }
  // @end

  @Test
  void transfer() throws IOException {
    Path path = Files.write(directory.resolve("big"), new byte[10_000_000]);
    Epollo.run(() -> {
      try (Connection connection = Connection.open()) {
        long sent = send(path, connection.client(), Duration.ofMillis(20));
        assertThat(sent).isBetween(1L, 9_999_999L);
      }
      try (Connection connection = Connection.open()) {
        Task<Long> receiver = Tasks.spawn(() -> receive(connection.server(), directory.resolve("received")));
        assertThat(send(path, connection.client(), Duration.ofMinutes(1))).isEqualTo(10_000_000);
        connection.client().shutdownOutput();
        assertThat(receiver.join()).isEqualTo(10_000_000);
      }
    });
    assertThat(Files.mismatch(path, directory.resolve("received"))).isEqualTo(-1);
  }

  // @start region="receive"
  static long receive(TcpStream peer, Path path) throws IOException {
    try (AsyncFile file = AsyncFile.open(path, CREATE, TRUNCATE_EXISTING, WRITE)) {
      return file.transferFrom(peer, 0, Long.MAX_VALUE); // up to the peer's end of the stream
    }
  }
  // @end

  // @start region="lines"
  static long failedLogins(Path log) {
    try (AsyncStream<String> lines = AsyncFile.lines(log, 10_000)) {
      return lines.filter(line -> line.contains("login failed")).count();
    }
  }
  // @end

  // @start region="chunks"
  static long checksum(Path path) throws IOException {
    CRC32 sum = new CRC32();
    try (AsyncFile file = AsyncFile.open(path)) {
      file.chunks(0, 128 * 1024, 4).forEach(sum::update); // while one is summed up, four are read
    }
    return sum.getValue();
  }
  // @end

  // @start region="write-behind"
  static void writeReport(Path path, Iterable<String> rows) throws IOException {
    AsyncFile file = AsyncFile.open(path, CREATE, TRUNCATE_EXISTING, WRITE);
    try (WriteBehind writer = new WriteBehind(file, 0, 1 << 20)) {
      for (String row : rows) {
        writer.writeFully(ByteBuffer.wrap((row + "\n").getBytes(UTF_8))); // waits only while 1 MiB is behind
      }
      writer.flush();
      file.syncData();
    }
  }
  // @end

  @Test
  void linesChunksAndWriteBehind() {
    Path path = directory.resolve("report");
    Epollo.run(() -> {
      writeReport(path, java.util.List.of("a login failed", "b", "another login failed"));
      assertThat(failedLogins(path)).isEqualTo(2);
      CRC32 sum = new CRC32();
      sum.update(Files.readAllBytes(path));
      assertThat(checksum(path)).isEqualTo(sum.getValue());
    });
  }
}
