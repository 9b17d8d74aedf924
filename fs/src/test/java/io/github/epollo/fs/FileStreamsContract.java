package io.github.epollo.fs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.Body;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.io.LimitExceededException;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.stream.AsyncStream;
import io.github.epollo.testsupport.ProbeKernel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines, chunks and write-behind, on each back end. */
@SuppressWarnings("try")
abstract class FileStreamsContract {
  final ProbeKernel probe = new ProbeKernel();
  @TempDir Path directory;
  Path path;

  abstract FileBackend backend();

  @BeforeEach
  void name() {
    path = directory.resolve("file");
  }

  final void run(Body body) {
    Epollo.run(EpolloOptions.defaults().withKernel(probe.kernel()).with(FileOptions.class,
        FileOptions.defaults().withBackend(backend())), body);
  }

  /** Nothing is answered on the spot: all goes through the engine. */
  final void refuseOnTheSpot() {
    probe.on("preadv2", call -> call.intArg(4) == FileFlags.RWF_NOWAIT ? -Errno.EAGAIN : call.real());
    probe.on("pwritev2", call -> call.intArg(4) == FileFlags.RWF_NOWAIT ? -Errno.EAGAIN : call.real());
  }

  final boolean isFileOpen() throws IOException {
    try (var fds = Files.list(Path.of("/proc/self/fd"))) {
      return fds.anyMatch(fd -> {
        try {
          return Files.readSymbolicLink(fd).equals(path.toRealPath());
        } catch (IOException e) {
          return false; // closed since it was listed
        }
      });
    }
  }

  // ---- lines

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void givesLines(boolean cold) throws IOException {
    if (cold) {
      refuseOnTheSpot();
    }
    List<String> lines = IntStream.range(0, 20_000).mapToObj(i -> "line " + i + " \u00e4" + "x".repeat(i % 50))
        .toList();
    Files.writeString(path, String.join("\r\n", lines.subList(0, 10_000)) + "\n" + String.join("\n",
        lines.subList(10_000, 20_000)));
    run(() -> assertThat(AsyncFile.lines(path, 1000).toList()).isEqualTo(lines));
    assertThat(isFileOpen()).isFalse();
  }

  @Test
  void linesHaveACharsetAndALimit() throws IOException {
    Files.writeString(path, "\u00e4\u00f6\nx", ISO_8859_1);
    run(() -> {
      assertThat(AsyncFile.lines(path, 2, ISO_8859_1).toList()).containsExactly("\u00e4\u00f6", "x");
      assertThat(AsyncFile.lines(path, 2).toList()).containsExactly("\ufffd\ufffd", "x");
      assertThatThrownBy(() -> AsyncFile.lines(path, 1).toList()).rootCause()
          .isInstanceOf(LimitExceededException.class);
      assertThatThrownBy(() -> AsyncFile.lines(directory.resolve("none"), 1).toList()).rootCause()
          .isInstanceOf(NoSuchFileException.class);
    });
    assertThat(isFileOpen()).isFalse();
  }

  @Test
  void linesThatAreClosedEarlyCloseTheFile() throws IOException {
    refuseOnTheSpot();
    Files.writeString(path, "a\nb\nc\n".repeat(100_000));
    run(() -> {
      try (AsyncStream<String> lines = AsyncFile.lines(path, 10)) {
        assertThat(lines.next()).isEqualTo("a");
        assertThat(isFileOpen()).isTrue();
      }
      for (int i = 0; isFileOpen(); i++) { // a call of the engine's may still hold it for a moment
        assertThat(i).isLessThan(1_000_000);
        Tasks.yieldNow();
      }
    });
  }

  // ---- chunks

  private static byte[] copy(ByteBuffer chunk) {
    byte[] bytes = new byte[chunk.remaining()];
    chunk.get(bytes);
    return bytes;
  }

  @ParameterizedTest
  @CsvSource({"0, 1000, 0, false", "0, 1000, 3, true", "7, 4096, 1, true", "0, 300000, 2, true", "0, 100000, 2, false",
    "100000, 10, 5, true"})
  void givesChunks(int position, int size, int readAhead, boolean cold) throws IOException {
    if (cold) {
      refuseOnTheSpot();
    }
    byte[] bytes = FileTransferContract.bytes(100_000);
    Files.write(path, bytes);
    run(() -> {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      try (AsyncFile file = AsyncFile.open(path)) {
        for (ByteBuffer chunk : file.chunks(position, size, readAhead)) {
          assertThat(chunk.remaining()).isEqualTo(Math.min(size, bytes.length - position - all.size()));
          all.write(copy(chunk));
        }
      }
      assertThat(all.toByteArray()).isEqualTo(java.util.Arrays.copyOfRange(bytes, position, bytes.length));
    });
  }

  @Test
  void readsAheadOfTheConsumerAndNoFurther() throws IOException {
    Files.write(path, new byte[100_000]);
    run(() -> {
      try (AsyncFile file = AsyncFile.open(path); AsyncStream<ByteBuffer> chunks = file.chunks(0, 1000, 3)) {
        probe.reset();
        assertThat(chunks.next()).isNotNull();
        assertThat(probe.calls("preadv2")).isBetween(4L, 5L);
      }
    });
  }

  /** What is appended after a short chunk was read would follow it with a gap. */
  @Test
  void theFirstShortChunkIsTheLast() throws IOException {
    Files.write(path, new byte[15]);
    run(() -> {
      try (AsyncFile file = AsyncFile.open(path); AsyncStream<ByteBuffer> chunks = file.chunks(0, 10, 1)) {
        assertThat(chunks.next().remaining()).isEqualTo(10); // and the next is read ahead
        Files.write(path, new byte[10], APPEND);
        assertThat(chunks.next().remaining()).isEqualTo(5);
        assertThat(chunks.next()).isNull();
      }
    });
  }

  @Test
  void readsPastThePageCache() throws IOException {
    byte[] bytes = FileTransferContract.bytes(100_000);
    Files.write(path, bytes);
    run(() -> {
      try (AsyncFile file = AsyncFile.open(path, OpenOptions.defaults().direct())) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        file.chunks(0, 16 * 1024, 4).forEach(chunk -> all.writeBytes(copy(chunk)));
        assertThat(all.toByteArray()).isEqualTo(bytes);
      }
    });
  }

  @Test
  void chunksSayWhatIsWrong() throws IOException {
    Files.write(path, new byte[10]);
    run(() -> {
      try (AsyncFile file = AsyncFile.open(path)) {
        assertThatIllegalArgumentException().isThrownBy(() -> file.chunks(-1, 1, 0)).withMessageContaining("-1");
        assertThatIllegalArgumentException().isThrownBy(() -> file.chunks(0, 0, 0)).withMessageContaining("0");
        assertThatIllegalArgumentException().isThrownBy(() -> file.chunks(0, 1, -3)).withMessageContaining("-3");
        AsyncStream<ByteBuffer> chunks = file.chunks(0, 1, 0);
        file.close();
        assertThatThrownBy(chunks::next).rootCause().isInstanceOf(ClosedChannelException.class);
      }
    });
  }

  // ---- write-behind

  @ParameterizedTest
  @CsvSource({"false, false, 100", "false, false, 1000000", "true, false, 200000", "false, true, 200000"})
  void writesAllInOrder(boolean async, boolean append, int limit) throws IOException {
    byte[] bytes = FileTransferContract.bytes(1_000_000);
    Files.write(path, new byte[3]);
    run(() -> {
      SplittableRandom random = new SplittableRandom(limit);
      AsyncFile file = append ? AsyncFile.open(path, APPEND) : AsyncFile.open(path, WRITE);
      try (WriteBehind writer = new WriteBehind(file, 3, limit)) {
        for (int at = 0; at < bytes.length;) {
          ByteBuffer piece = ByteBuffer.wrap(bytes, at, Math.min(random.nextInt(1, 5000), bytes.length - at));
          at += piece.remaining();
          if (async) {
            var _ = writer.writeFullyAsync(piece).await();
          } else {
            writer.writeFully(piece);
          }
          assertThat(writer.pending()).isLessThanOrEqualTo(limit);
          if (random.nextInt(50) == 0) {
            writer.flush();
            assertThat(writer.pending()).isZero();
            assertThat(Files.size(path)).isEqualTo(3 + at);
          }
        }
      }
    });
    assertThat(Files.readAllBytes(path)).hasSize(1_000_003).endsWith(bytes);
    assertThat(isFileOpen()).isFalse();
  }

  @Test
  void writesNothingMoreAfterItsEnd() {
    run(() -> {
      try (WriteBehind writer = new WriteBehind(AsyncFile.open(path, CREATE, WRITE), 0, 100)) {
        writer.writeFully(ByteBuffer.wrap("hello".getBytes(UTF_8)));
        writer.shutdownOutput();
        assertThat(Files.readString(path)).isEqualTo("hello");
        assertThatThrownBy(() -> writer.write(ByteBuffer.allocate(1))).isInstanceOf(ClosedChannelException.class);
        writer.flush();
        writer.close();
        assertThat(writer.isOpen()).isFalse();
        assertThatThrownBy(writer::flush).isInstanceOf(ClosedChannelException.class);
      }
      AsyncFile reads = AsyncFile.open(path, READ);
      assertThatThrownBy(() -> new WriteBehind(reads, 0, 1)).isInstanceOf(NonWritableChannelException.class);
      reads.close();
      AsyncFile writes = AsyncFile.open(path, WRITE);
      assertThatIllegalArgumentException().isThrownBy(() -> new WriteBehind(writes, -1, 1)).withMessageContaining("-1");
      assertThatIllegalArgumentException().isThrownBy(() -> new WriteBehind(writes, 0, 0)).withMessageContaining("0");
      writes.close();
    });
  }

  /** A full device; and an error that comes only when the writer has gone on. */
  @Test
  void anErrorIsThrownByTheNextOperationAndByEveryOne() {
    run(() -> {
      WriteBehind writer = new WriteBehind(AsyncFile.open(Path.of("/dev/full"), WRITE), 0, 1 << 20);
      writer.writeFully(ByteBuffer.allocate(10));
      assertThatThrownBy(writer::flush).isInstanceOf(IOException.class).hasMessageContaining("ENOSPC");
      assertThatThrownBy(() -> writer.write(ByteBuffer.allocate(1))).isInstanceOf(IOException.class).rootCause()
          .hasMessageContaining("ENOSPC");
      assertThatThrownBy(writer::flush).isInstanceOf(IOException.class).rootCause().hasMessageContaining("ENOSPC");
      assertThatThrownBy(writer::close).isInstanceOf(IOException.class).rootCause().hasMessageContaining("ENOSPC");
      writer.close();
      WriteBehind other = new WriteBehind(AsyncFile.open(Path.of("/dev/full"), WRITE), 0, 1 << 20);
      assertThatThrownBy(() -> {
        while (true) {
          other.writeFully(ByteBuffer.allocate(100_000));
          Tasks.yieldNow();
        }
      }).isInstanceOf(IOException.class).hasMessageContaining("ENOSPC");
      assertThatThrownBy(other::close).isInstanceOf(IOException.class);
      assertThat(other.isOpen()).isFalse();
    });
  }

  /** What a writer has accepted when it is cancelled is what its buffer says, and all of it arrives. */
  @Test
  void aCancelledWriterLosesNothing() throws IOException {
    byte[] bytes = FileTransferContract.bytes(500_000);
    refuseOnTheSpot();
    run(() -> {
      WriteBehind writer = new WriteBehind(AsyncFile.open(path, CREATE, WRITE), 0, 10_000);
      ByteBuffer source = ByteBuffer.wrap(bytes);
      SplittableRandom random = new SplittableRandom(5);
      int cancelled = 0;
      while (source.position() < bytes.length) {
        source.limit(Math.min(bytes.length, source.position() + 40_000)); // where tasks run beside this one, it could all be written before the next cancel
        Task<?> task = Tasks.spawn(() -> writer.writeFully(source));
        for (int turns = random.nextInt(20); turns > 0; turns--) {
          Tasks.yieldNow();
        }
        var _ = task.cancel().await();
        cancelled += source.hasRemaining() ? 1 : 0;
      }
      assertThat(cancelled).isGreaterThan(5);
      writer.close();
    });
    assertThat(Files.readAllBytes(path)).isEqualTo(bytes);
  }
}
