package io.github.epollo.fs;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.fs.engine.FileContext;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.LinuxKernel;
import io.github.epollo.testsupport.ProbeKernel;
import io.github.epollo.testsupport.Waits;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A standard stream that is a file: hazards 19 and 22 where a call cannot be taken back. */
@ExtendWith(Fds.class)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SequentialFileTest {
  @TempDir private Path directory;

  private final Semaphore reads = new Semaphore(0);
  private final CountDownLatch within = new CountDownLatch(1);
  private final ProbeKernel probe = new ProbeKernel();

  /** By threads, whose reads of this file wait for a permit each. */
  private EpolloOptions slow() {
    probe.on("read", call -> {
      if (call.longArg(2) > 1000) { // and not those of the loop's own descriptors
        within.countDown();
        reads.acquire();
      }
      return call.real();
    });
    return EpolloOptions.defaults().withKernel(probe.kernel())
        .with(FileOptions.class, FileOptions.defaults().withBackend(FileBackend.POOL));
  }

  private SequentialFile open(String content, int flags) throws IOException {
    Path path = Files.writeString(directory.resolve("file"), content);
    try (Arena arena = Arena.ofConfined()) {
      int number = LinuxKernel.get().files().openat(FileFlags.AT_FDCWD, arena.allocateFrom(path.toString()).address(),
          flags | FileFlags.O_CLOEXEC, 0);
      FileContext context = FileContext.current();
      return new SequentialFile(context, context.engine(), number, "stdin");
    }
  }

  private static String text(ByteBuffer buffer) {
    return US_ASCII.decode(buffer.duplicate().flip()).toString();
  }

  @Test
  void bytesComeInOrderAndThenTheEnd() {
    Epollo.run(() -> {
      try (SequentialFile file = open("0123456789", FileFlags.O_RDONLY)) {
        ByteBuffer target = ByteBuffer.allocate(4);
        assertThat(file.read(target)).isEqualTo(4);
        assertThat(file.read(target)).isZero();
        assertThat(file.readAsync(target.clear()).await()).isEqualTo(4);
        assertThat(text(target)).isEqualTo("4567");
        assertThat(file.read(target.clear())).isEqualTo(2);
        assertThat(file.read(target.clear())).isEqualTo(-1);
        assertThat(file.readAsync(target.clear()).await()).isEqualTo(-1);
        assertThatThrownBy(() -> file.read(ByteBuffer.allocate(1).asReadOnlyBuffer()))
            .isInstanceOf(IllegalArgumentException.class);
      }
    });
  }

  /** The read goes on, and what it gets is the beginning of the next one, even of a smaller one. */
  @Test
  void whatACancelledReadGetsIsNotLost() {
    Epollo.run(slow(), () -> {
      try (SequentialFile file = open("0123456789", FileFlags.O_RDONLY)) {
        Task<Integer> reader = Tasks.spawn(() -> file.read(ByteBuffer.allocate(5000)));
        Waits.until("the call is under way", () -> within.getCount() == 0);
        reader.cancel().await();
        assertThatThrownBy(reader::join).isInstanceOf(CancellationException.class);
        Future<Integer> dropped = file.readAsync(ByteBuffer.allocate(5000));
        assertThat(dropped.poll(() -> {})).isInstanceOf(Poll.Pending.class);
        dropped.close();
        reads.release();
        ByteBuffer target = ByteBuffer.allocate(3);
        assertThat(file.read(target)).isEqualTo(3);
        assertThat(text(target)).isEqualTo("012");
        target = ByteBuffer.allocate(5000);
        assertThat(file.read(target)).isEqualTo(7);
        assertThat(text(target)).isEqualTo("3456789");
        assertThat(probe.calls("read")).isPositive();
      }
    });
  }

  @Test
  void closingWakesTheReader() {
    Epollo.run(slow(), () -> {
      SequentialFile file = open("0123456789", FileFlags.O_RDONLY);
      AtomicReference<Thread> thread = new AtomicReference<>();
      Task<Integer> reader = Tasks.spawn(() -> {
        thread.set(Thread.currentThread());
        return file.read(ByteBuffer.allocate(5000));
      });
      Waits.until("the call is under way", () -> within.getCount() == 0);
      Waits.untilParked(thread::get);
      assertThatThrownBy(() -> file.read(ByteBuffer.allocate(1))).isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("one task at a time");
      file.close();
      file.close();
      assertThatThrownBy(reader::join).hasRootCauseInstanceOf(AsynchronousCloseException.class);
      assertThatThrownBy(() -> file.read(ByteBuffer.allocate(1))).isInstanceOf(ClosedChannelException.class);
      reads.release();
      Waits.until("the call has let go of the file",
          () -> Fds.open().stream().noneMatch(fd -> fd.endsWith(directory + "/file")));
    });
  }

  @Test
  void writesGoToThePositionOfTheFile() {
    Epollo.run(() -> {
      Path path = directory.resolve("file");
      try (SequentialFile file = open("", FileFlags.O_WRONLY)) {
        file.writeFully(ByteBuffer.wrap("abc".getBytes(US_ASCII)));
        file.writeFullyAsync(ByteBuffer.wrap("def".getBytes(US_ASCII))).await();
        assertThat(file.write(ByteBuffer.allocate(0))).isZero();
        assertThat(path).hasContent("abcdef");
        assertThatThrownBy(() -> file.read(ByteBuffer.allocate(1))).isInstanceOf(FileSystemException.class)
            .hasMessageContaining("EBADF");
      }
    });
  }

  @Test
  void aFullDiskIsNamed() {
    probe.on("write", call -> call.longArg(2) == 3 ? -Errno.ENOSPC : call.real());
    Epollo.run(EpolloOptions.defaults().withKernel(probe.kernel())
        .with(FileOptions.class, FileOptions.defaults().withBackend(FileBackend.POOL)), () -> {
          try (SequentialFile file = open("", FileFlags.O_WRONLY)) {
            ByteBuffer source = ByteBuffer.wrap("abc".getBytes(US_ASCII));
            assertThatThrownBy(() -> file.write(source)).isInstanceOf(FileSystemException.class)
                .hasMessageContaining("stdin").hasMessageContaining("ENOSPC");
            assertThat(source.position()).isZero();
          }
        });
  }
}
