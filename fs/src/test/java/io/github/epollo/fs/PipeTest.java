package io.github.epollo.fs;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.io.BrokenPipeException;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.LinuxKernel;
import io.github.epollo.testsupport.ProbeKernel;
import io.github.epollo.testsupport.Waits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hazards 22, 31, 32, 33 and 40 on pipes and FIFOs. */
@ExtendWith(Fds.class)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PipeTest {
  private static final Set<PosixFilePermission> PERMISSIONS = PosixFilePermissions.fromString("rw-r-----");

  private static ByteBuffer ascii(String text) {
    return ByteBuffer.wrap(text.getBytes(US_ASCII));
  }

  private static String read(PipeReader reader) throws IOException {
    ByteBuffer target = ByteBuffer.allocate(100);
    int n = reader.read(target);
    return n < 0 ? "the end" : new String(target.array(), 0, n, US_ASCII);
  }

  /** Hazard 32: what was written before the end is read before the end, and each side learns that the other has gone. */
  @Test
  void eachEndIsClosedByItself() {
    Epollo.run(() -> {
      try (Pipe pipe = Pipe.open()) {
        pipe.writer().writeFully(ascii("last words"));
        pipe.writer().shutdownOutput();
        assertThat(pipe.writer().isOpen()).isFalse();
        assertThat(read(pipe.reader())).isEqualTo("last words");
        assertThat(read(pipe.reader())).isEqualTo("the end");
        assertThat(read(pipe.reader())).isEqualTo("the end");
        assertThatThrownBy(() -> pipe.writer().write(ascii("x"))).isInstanceOf(ClosedChannelException.class);
      }
      try (Pipe pipe = Pipe.open()) {
        pipe.writer().writeFully(ascii("nobody will read this"));
        pipe.reader().close();
        for (int i = 0; i < 3; i++) { // the process lives on
          assertThatThrownBy(() -> pipe.writer().write(ascii("x"))).isInstanceOf(BrokenPipeException.class)
              .hasMessageContaining("nobody reads any more");
        }
        assertThatThrownBy(() -> pipe.writer().writeAsync(ascii("x")).await())
            .hasCauseInstanceOf(BrokenPipeException.class);
      }
    });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whoWaitsLearnsThatTheOtherSideHasGone(boolean reading) {
    Epollo.run(() -> {
      try (Pipe pipe = Pipe.open()) {
        AtomicReference<Thread> thread = new AtomicReference<>();
        Task<Object> waiting = Tasks.spawn(() -> {
          thread.set(Thread.currentThread());
          if (reading) {
            return read(pipe.reader());
          }
          try {
            pipe.writer().writeFully(ByteBuffer.allocate(1_000_000));
            return "written";
          } catch (BrokenPipeException e) {
            return "broken";
          }
        });
        Waits.untilParked(thread::get);
        if (reading) {
          pipe.writer().close();
        } else {
          pipe.reader().close();
        }
        assertThat(waiting.join()).isEqualTo(reading ? "the end" : "broken");
      }
    });
  }

  /** PIPE_BUF: a write that fits as a whole or not at all waits until it does. */
  @Test
  void smallWritesAreNotTornApart() {
    Epollo.run(() -> {
      try (Pipe pipe = Pipe.open()) {
        assertThat(pipe.writer().setCapacity(4096)).isEqualTo(4096);
        pipe.writer().writeFully(ByteBuffer.allocate(100));
        Future<Integer> second = pipe.writer().writeAsync(ByteBuffer.allocate(Pipe.ATOMIC_BYTES));
        assertThat(second.poll(() -> {})).isInstanceOf(Poll.Pending.class);
        assertThat(pipe.reader().read(ByteBuffer.allocate(100_000))).isEqualTo(100);
        assertThat(second.await()).isEqualTo(4096);
        assertThat(pipe.reader().read(ByteBuffer.allocate(100_000))).isEqualTo(4096);
      }
    });
  }

  @Test
  void theCapacityIsTheKernels() {
    Epollo.run(() -> {
      try (Pipe pipe = Pipe.open()) {
        assertThat(pipe.reader().capacity()).isEqualTo(65536);
        assertThat(pipe.reader().setCapacity(100_000)).isEqualTo(131_072);
        assertThat(pipe.writer().capacity()).isEqualTo(131_072);
        pipe.writer().writeFully(ByteBuffer.allocate(100_000));
        assertThatThrownBy(() -> pipe.writer().setCapacity(4096)).isInstanceOf(IOException.class)
            .hasMessageContaining("more in it");
        assertThatThrownBy(() -> pipe.writer().setCapacity(0)).isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("0");
        pipe.writer().close();
        assertThatThrownBy(() -> pipe.writer().capacity()).isInstanceOf(ClosedChannelException.class);
      }
    });
  }

  @Test
  void aCapacityBeyondTheMachinesLimitNamesIt() {
    ProbeKernel probe = new ProbeKernel()
        .on("fcntl", call -> call.intArg(1) == FileFlags.F_SETPIPE_SZ ? -Errno.EPERM : call.real());
    Epollo.run(EpolloOptions.defaults().withKernel(probe.kernel()), () -> {
      try (Pipe pipe = Pipe.open()) {
        assertThatThrownBy(() -> pipe.writer().setCapacity(1 << 24)).isInstanceOf(IOException.class)
            .hasMessageContaining("16777216").hasMessageContaining("fs.pipe-max-size");
      }
    });
  }

  /** Hazard 40: whichever call of making a pipe fails, nothing is left open. */
  @Test
  void aPipeThatCannotBeMadeLeavesNothingOpen() {
    ProbeKernel probe = new ProbeKernel();
    Epollo.run(EpolloOptions.defaults().withKernel(probe.kernel()), () -> {
      Set<String> before = Fds.open();
      for (int nth = 1; nth <= 2; nth++) {
        int refused = nth;
        probe.reset();
        probe.on("epollCtl", call -> call.nth() == refused ? -Errno.ENOSPC : call.real());
        assertThatThrownBy(Pipe::open).isInstanceOf(IOException.class).hasMessageContaining("ENOSPC");
        probe.off("epollCtl");
        assertThat(Fds.open()).isEqualTo(before);
      }
      probe.on("pipe2", _ -> -Errno.EMFILE);
      assertThatThrownBy(Pipe::open).isInstanceOf(IOException.class).hasMessageContaining("ulimit -n");
    });
  }

  /** Hazard 31. */
  @Test
  void noChildInheritsAPipe() {
    Epollo.run(() -> {
      try (Pipe pipe = Pipe.open()) {
        for (PipeEnd end : new PipeEnd[]{pipe.reader(), pipe.writer()}) {
          assertThat(LinuxKernel.get().fcntl(end.number(), FileFlags.F_GETFD, 0)).isEqualTo(FileFlags.FD_CLOEXEC);
        }
      }
    });
  }

  @Test
  void aFifoIsMadeWithItsPermissions(@TempDir Path directory) {
    Epollo.run(() -> {
      Path path = directory.resolve("fifo");
      Pipe.createFifo(path, PERMISSIONS);
      assertThat(Files.getPosixFilePermissions(path)).isEqualTo(PERMISSIONS);
      assertThat(Files.readAttributes(path, java.nio.file.attribute.BasicFileAttributes.class).isOther()).isTrue();
      assertThatThrownBy(() -> Pipe.createFifo(path, PERMISSIONS)).isInstanceOf(FileAlreadyExistsException.class)
          .hasMessageContaining(path.toString());
      assertThatThrownBy(() -> Pipe.createFifo(directory.resolve("none/fifo"), PERMISSIONS))
          .isInstanceOf(NoSuchFileException.class);
      assertThatThrownBy(() -> Pipe.openReader(directory.resolve("none"))).isInstanceOf(NoSuchFileException.class);
      assertThatThrownBy(() -> Pipe.openWriter(directory.resolve("none"))).isInstanceOf(NoSuchFileException.class);
      Path file = Files.writeString(directory.resolve("file"), "x");
      assertThatThrownBy(() -> Pipe.openReader(file)).isInstanceOf(FileSystemException.class)
          .hasMessageContaining("is no FIFO");
      assertThatThrownBy(() -> Pipe.openWriter(file)).isInstanceOf(FileSystemException.class);
      assertThat(file).hasContent("x");
    });
  }

  /** The kernel answers a read of a FIFO without a writer with "the end"; that is not the truth before the first one has come. */
  @Test
  void theFirstReadOfAFifoWaitsForAWriter(@TempDir Path directory) {
    Epollo.run(() -> {
      Path path = directory.resolve("fifo");
      Pipe.createFifoAsync(path, PERMISSIONS).await();
      try (PipeReader reader = Pipe.openReader(path)) {
        Future<Integer> first = reader.readAsync(ByteBuffer.allocate(10));
        assertThat(first.poll(() -> {})).isInstanceOf(Poll.Pending.class);
        try (PipeWriter writer = Pipe.openWriter(path)) {
          writer.writeFully(ascii("abc"));
          assertThat(first.await()).isEqualTo(3);
        }
        assertThat(read(reader)).isEqualTo("the end");
        try (PipeWriter writer = Pipe.openWriter(path)) {
          writer.writeFully(ascii("once more"));
          assertThat(read(reader)).isEqualTo("once more");
        }
      }
      try (PipeReader reader = Pipe.openReader(path)) {
        Pipe.openWriter(path).close();
        assertThat(read(reader)).isEqualTo("the end"); // of one who had nothing to say
      }
    });
  }

  @Test
  void anEndlessReaderOutlivesItsWriters(@TempDir Path directory) {
    Epollo.run(() -> {
      Path path = directory.resolve("fifo");
      Pipe.createFifo(path, PERMISSIONS);
      try (PipeReader reader = Pipe.openEndlessReader(path)) {
        for (int i = 0; i < 3; i++) {
          try (PipeWriter writer = Pipe.openWriter(path)) {
            writer.writeFully(ascii("writer " + i));
          }
          assertThat(read(reader)).isEqualTo("writer " + i);
          Future<Integer> next = reader.readAsync(ByteBuffer.allocate(10));
          assertThat(next.poll(() -> {})).isInstanceOf(Poll.Pending.class);
          next.close();
        }
      }
    });
  }

  /** Hazard 22: waiting for a reader holds no thread and ends with the task. */
  @Test
  void aWriterWaitsForAReaderAndCanBeCancelled(@TempDir Path directory) {
    ProbeKernel probe = new ProbeKernel();
    EpolloOptions options = EpolloOptions.defaults().withKernel(probe.kernel())
        .with(FileOptions.class, FileOptions.defaults().withBackend(FileBackend.POOL)); // so that opens can be counted
    Epollo.run(options, () -> {
      Path path = directory.resolve("fifo");
      Pipe.createFifo(path, PERMISSIONS);
      probe.reset();
      Task<PipeWriter> writer = Tasks.spawn(() -> Pipe.openWriter(path));
      Waits.until("it has tried three times", () -> probe.calls("openat") >= 3);
      writer.cancel().await();
      assertThatThrownBy(writer::join).isInstanceOf(CancellationException.class);

      Task<PipeWriter> second = Tasks.spawn(() -> Pipe.openWriter(path));
      Waits.until("it has tried", () -> probe.calls("openat") >= 4);
      try (PipeReader reader = Pipe.openReader(path); PipeWriter there = second.join()) {
        there.writeFully(ascii("x"));
        assertThat(read(reader)).isEqualTo("x");
      }
    });
  }

  @Test
  void whatIsNotPermittedIsDenied(@TempDir Path directory) {
    ProbeKernel probe = new ProbeKernel().on("openat", _ -> -Errno.EACCES);
    Epollo.run(EpolloOptions.defaults().withKernel(probe.kernel())
        .with(FileOptions.class, FileOptions.defaults().withBackend(FileBackend.POOL)), () -> {
          Path path = directory.resolve("fifo");
          Pipe.createFifo(path, PERMISSIONS);
          assertThatThrownBy(() -> Pipe.openReader(path)).isInstanceOf(AccessDeniedException.class)
              .hasMessageContaining(path.toString());
        });
  }

  @Test
  void closingAnEndWakesWhoWaitsForIt() {
    Epollo.run(() -> {
      try (Pipe pipe = Pipe.open()) {
        AtomicReference<Thread> thread = new AtomicReference<>();
        Task<String> reader = Tasks.spawn(() -> {
          thread.set(Thread.currentThread());
          return read(pipe.reader());
        });
        Waits.untilParked(thread::get);
        pipe.reader().close();
        assertThatThrownBy(reader::join).hasRootCauseInstanceOf(AsynchronousCloseException.class);
      }
    });
  }
}
