package io.github.epollo.fs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.Body;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.testsupport.ProbeKernel;
import io.github.epollo.timers.Timers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a file does when the kernel fails, when it is stopped, and when it is closed in the middle; the calls are made by threads here, so that a test can hold them. */
@Timeout(60)
class AsyncFileFailureTest {
  @TempDir Path directory;

  private final ProbeKernel probe = new ProbeKernel();
  private Path path;

  @BeforeEach
  void create() throws IOException {
    path = Files.writeString(directory.resolve("file"), "abcdef");
    probe.on("preadv2", _ -> -Errno.EAGAIN);
    probe.on("pwritev2", _ -> -Errno.EAGAIN);
  }

  private void run(Body body) {
    run(4, body);
  }

  private void run(int threads, Body body) {
    Epollo.run(EpolloOptions.defaults().withKernel(probe.kernel()).with(FileOptions.class,
        FileOptions.defaults().withBackend(FileBackend.POOL).withThreads(threads)), body);
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }

  /** Holds every call of one name until it is let go. */
  private final class Held {
    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch go = new CountDownLatch(1);

    Held(String name) {
      this(name, 0);
    }

    /** Which then answers {@code errno}, if that is not 0. */
    Held(String name, long errno) {
      probe.on(name, call -> {
        begun.countDown();
        go.await();
        return errno == 0 ? call.real() : errno;
      });
    }

    /** Until a thread is in the call: the task yields, the loop runs. */
    void awaitBegun() {
      while (begun.getCount() > 0) {
        Tasks.yieldNow();
      }
    }
  }

  @Test
  void anErrorOfAReadNamesTheCallAndThePath() {
    run(() -> {
      probe.on("pread", _ -> -Errno.EIO);
      try (AsyncFile file = AsyncFile.open(path, READ, WRITE)) {
        assertThatThrownBy(() -> file.readAt(ByteBuffer.allocate(3), 0)).isInstanceOf(FileSystemException.class)
            .hasMessageContaining(path.toString()).hasMessageContaining("pread").hasMessageContaining("EIO");
        file.write(bytes("x"));
        file.sync();
      }
    });
  }

  @Test
  void aDeviceWithoutDataIsForAsyncFd() {
    run(() -> {
      probe.on("pread", _ -> -Errno.EAGAIN);
      try (AsyncFile file = AsyncFile.open(path)) {
        assertThatThrownBy(() -> file.readAt(ByteBuffer.allocate(3), 0)).isInstanceOf(FileSystemException.class)
            .hasMessageContaining("AsyncFd");
      }
    });
  }

  @Test
  void aFileSystemThatCannotTellIsNotAskedAgain() {
    run(() -> {
      probe.on("preadv2", _ -> -Errno.EOPNOTSUPP);
      probe.on("pwritev2", _ -> -Errno.EOPNOTSUPP);
      try (AsyncFile file = AsyncFile.open(path, READ, WRITE)) {
        probe.reset();
        for (int i = 0; i < 5; i++) {
          file.writeFullyAt(bytes("x"), i);
          file.readFullyAt(ByteBuffer.allocate(2), i);
        }
        assertThat(probe.calls("preadv2")).isEqualTo(1);
        assertThat(probe.calls("pwritev2")).isEqualTo(1);
        assertThat(probe.calls("pread")).isEqualTo(5);
      }
    });
  }

  @Test
  void whatASyncCouldNotSaveIsNotForgotten() {
    run(() -> {
      for (int errno : new int[]{Errno.EIO, Errno.ENOSPC, Errno.EDQUOT}) {
        for (String call : List.of("fsync", "fdatasync")) {
          probe.on(call, c -> c.nth() == 1 ? -errno : 0);
          probe.reset();
          try (AsyncFile file = AsyncFile.open(path, WRITE); AsyncFile duplicate = file.duplicate()) {
            assertThatThrownBy(call.equals("fsync") ? file::sync : file::syncData)
                .isInstanceOf(FileSystemException.class).hasMessageContaining(Errno.name(errno)).hasNoCause();
            for (AsyncFile any : List.of(file, duplicate)) {
              assertThatThrownBy(any::sync).isInstanceOf(FileSystemException.class)
                  .hasMessageContaining("data written before may be lost")
                  .cause().hasMessageContaining(call).hasMessageContaining(Errno.name(errno));
              assertThatThrownBy(() -> any.syncDataAsync().await()).hasRootCauseMessage(
                  path + ": " + call + " failed: " + Errno.name(errno) + " (" + errno + "): " + Errno.text(errno));
              assertThatThrownBy(() -> any.writeFully(bytes("x"))).hasMessageContaining("may be lost");
              assertThatThrownBy(() -> any.writeAtAsync(bytes("x"), 0).await()).hasMessageContaining("may be lost");
            }
          }
          probe.off(call);
          try (AsyncFile anew = AsyncFile.open(path, WRITE)) {
            anew.sync();
          }
        }
      }
    });
  }

  /** Who gave up waiting does not learn of it, so the next one does. */
  @Test
  void aFailedSyncThatNobodyWaitedForIsTold() {
    run(() -> {
      Held held = new Held("fsync", -Errno.EIO);
      AsyncFile file = AsyncFile.open(path, WRITE);
      Future<?> sync = file.syncAsync();
      assertThat(sync.poll(() -> {})).isInstanceOf(Poll.Pending.class);
      held.awaitBegun();
      sync.close();
      held.go.countDown();
      while (true) {
        try {
          file.writeFullyAt(bytes("x"), 0);
        } catch (FileSystemException e) {
          assertThat(e).hasMessageContaining("may be lost");
          break;
        }
      }
      file.close();
    });
  }

  @Test
  void aFullDeviceCanBeTriedAgainButABrokenOneCannot() {
    run(() -> {
      try (AsyncFile file = AsyncFile.open(path, WRITE)) {
        ByteBuffer source = bytes("xyz");
        probe.on("pwrite", _ -> -Errno.ENOSPC);
        assertThatThrownBy(() -> file.writeFullyAt(source, 0)).isInstanceOf(FileSystemException.class)
            .hasMessageContaining("ENOSPC").hasMessageContaining(path.toString());
        assertThat(source.position()).isZero();
        probe.off("pwrite");
        file.writeFullyAt(source, 0);
        file.sync();
        probe.on("pwrite", _ -> -Errno.EIO);
        assertThatThrownBy(() -> file.writeFullyAt(bytes("x"), 0)).hasMessageContaining("EIO");
        probe.off("pwrite");
        assertThatThrownBy(() -> file.writeFullyAt(bytes("x"), 0)).hasMessageContaining("may be lost").cause()
            .hasMessageContaining("EIO");
        assertThatThrownBy(file::sync).hasMessageContaining("may be lost");
      }
    });
  }

  @Test
  void aWriteThatFailsInTheMiddleHasToldHowFarItCame() {
    run(() -> {
      try (AsyncFile file = AsyncFile.open(path, WRITE)) {
        probe.on("pwrite", call -> {
          call.args[2] = Math.min(call.longArg(2), 2);
          return call.nth() == 3 ? -Errno.ENOSPC : call.real();
        });
        ByteBuffer source = bytes("123456");
        assertThatThrownBy(() -> file.writeFully(source)).hasMessageContaining("ENOSPC");
        assertThat(source.position()).isEqualTo(4);
        assertThat(file.position()).isEqualTo(4);
        assertThat(Files.readString(path)).isEqualTo("1234ef");
      }
    });
  }

  @Test
  void whatCloseHasToSayIsThrownOnce() {
    run(() -> {
      AsyncFile file = AsyncFile.open(path, WRITE);
      AsyncFile other = AsyncFile.open(path, WRITE);
      probe.on("close", call -> {
        long _ = call.real();
        return -Errno.EDQUOT;
      });
      assertThatThrownBy(file::close).isInstanceOf(FileSystemException.class).hasMessageContaining("close")
          .hasMessageContaining("EDQUOT").hasMessageContaining(path.toString());
      file.close();
      assertThatThrownBy(() -> other.closeAsync().await()).hasMessageContaining("EDQUOT");
      probe.off("close");
    });
  }

  /** Hazard 19: as if it had not been made. */
  @Test
  void aReadThatIsCancelledHasLostNothing() {
    run(() -> {
      Held held = new Held("pread");
      try (AsyncFile file = AsyncFile.open(path)) {
        ByteBuffer target = ByteBuffer.allocate(3);
        Task<?> reader = Tasks.spawn(() -> file.read(target));
        held.awaitBegun();
        reader.cancel().await(); // does not wait for the thread
        assertThat(target.position()).isZero();
        assertThat(file.position()).isZero();
        Future<Integer> future = file.readAsync(target);
        assertThat(future.poll(() -> {})).isInstanceOf(Poll.Pending.class);
        future.close();
        held.go.countDown();
        file.readFully(target);
        assertThat(target.flip()).isEqualTo(bytes("abc"));
        assertThat(file.position()).isEqualTo(3);
      }
    });
  }

  @Test
  void aReadIsStoppedByADeadline() {
    run(() -> {
      Held held = new Held("pread");
      try (AsyncFile file = AsyncFile.open(path)) {
        assertThatThrownBy(
            () -> Timers.withTimeout(Duration.ofMillis(1), () -> file.readAt(ByteBuffer.allocate(3), 0)))
            .isInstanceOf(DeadlineExceededException.class);
        held.go.countDown();
      }
    });
  }

  @Test
  void aWriteThatIsCancelledIsWaitedForAndTellsWhatItWrote() {
    Held held = new Held("pwrite");
    runWithBegun(held, () -> {
      try (AsyncFile file = AsyncFile.open(path, WRITE)) {
        ByteBuffer source = bytes("xyz");
        AtomicReference<Thread> thread = new AtomicReference<>();
        Task<?> writer = Tasks.spawn(() -> {
          thread.set(Thread.currentThread());
          Future<?> _ = Tasks.current().cancel(); // delivered when it first waits: then the call has begun
          file.writeFully(source);
        });
        awaitWaiting(thread);
        assertThat(writer.isDone()).isFalse();
        held.go.countDown();
        assertThatThrownBy(writer::await).isInstanceOf(CancellationException.class);
        assertThat(source.hasRemaining()).isFalse();
        assertThat(file.position()).isEqualTo(3);
        assertThat(Files.readString(path)).isEqualTo("xyzdef");
      }
    });
  }

  /** Its first wait throws at once, so where it waits is behind that. */
  private static void awaitWaiting(AtomicReference<Thread> thread) {
    while (thread.get() == null || thread.get().getState() != Thread.State.WAITING) {
      Tasks.yieldNow();
    }
  }

  /** With threads whose call, if it is one of {@code held}, has begun before who waits for it can be told to stop. */
  private void runWithBegun(Held held, Body body) {
    Executor begun = call -> {
      Thread thread = Thread.ofPlatform().daemon().start(call);
      while (thread.isAlive() && held.begun.getCount() > 0) {
        Thread.onSpinWait();
      }
    };
    Epollo.run(EpolloOptions.defaults().withKernel(probe.kernel()).withBlockingExecutor(begun).with(FileOptions.class,
        FileOptions.defaults().withBackend(FileBackend.POOL)), body);
  }

  /** With the only thread taken, the change has not begun: it is not made. */
  @Test
  void aChangeThatIsStoppedBeforeItBeginsIsNotMade() {
    run(1, () -> {
      Held held = new Held("pread");
      try (AsyncFile file = AsyncFile.open(path, READ, WRITE)) {
        Task<Integer> reader = Tasks.spawn(() -> file.readAt(ByteBuffer.allocate(3), 0));
        held.awaitBegun();
        Future<?> abandoned = file.writeAtAsync(bytes("x"), 0);
        assertThat(abandoned.poll(() -> {})).isInstanceOf(Poll.Pending.class);
        abandoned.close();
        Future<?> other = file.truncateAsync(1);
        AtomicBoolean woken = new AtomicBoolean();
        assertThat(other.poll(() -> woken.set(true))).isInstanceOf(Poll.Pending.class);
        Task<?> closer = Tasks.spawn(file::close);
        while (!woken.get()) {
          Tasks.yieldNow();
        }
        assertThat(other.poll(() -> {})).isInstanceOf(Poll.Pending.class); // it asks to be left out
        held.go.countDown();
        assertThatThrownBy(other::await).hasCauseInstanceOf(AsynchronousCloseException.class);
        closer.await();
        reader.cancel().await();
      }
      assertThat(Files.readString(path)).isEqualTo("abcdef");
    });
  }

  @Test
  void aWriteThatFailsAfterItWasCancelledTellsBoth() {
    Held held = new Held("pwrite", -Errno.ENOSPC);
    runWithBegun(held, () -> {
      try (AsyncFile file = AsyncFile.open(path, WRITE)) {
        AtomicReference<Thread> thread = new AtomicReference<>();
        Task<Integer> writer = Tasks.spawn(() -> {
          thread.set(Thread.currentThread());
          Future<?> _ = Tasks.current().cancel();
          return file.writeAt(bytes("x"), 0);
        });
        awaitWaiting(thread);
        held.go.countDown();
        assertThatThrownBy(writer::await).isInstanceOf(CancellationException.class).satisfies(
            t -> assertThat(t.getSuppressed()).singleElement().satisfies(
                s -> assertThat(s).hasMessageContaining("ENOSPC")));
      }
    });
  }

  /** Hazard 6: the number is given back when the last call has ended, and not before. */
  @Test
  void whoWaitsWhenTheFileIsClosedIsTold() {
    run(() -> {
      Held held = new Held("pread");
      AsyncFile file = AsyncFile.open(path);
      Task<Integer> reader = Tasks.spawn(() -> file.readAt(ByteBuffer.allocate(3), 0));
      Future<Integer> future = file.readAtAsync(ByteBuffer.allocate(3), 0);
      AtomicBoolean woken = new AtomicBoolean();
      assertThat(future.poll(() -> woken.set(true))).isInstanceOf(Poll.Pending.class);
      while (probe.calls("pread") < 2) {
        Tasks.yieldNow(); // both wait
      }
      probe.reset();

      file.close();

      assertThat(woken).isTrue();
      assertThatThrownBy(future::await).isInstanceOf(java.io.UncheckedIOException.class)
          .hasCauseInstanceOf(AsynchronousCloseException.class);
      assertThatThrownBy(reader::await).hasCauseInstanceOf(AsynchronousCloseException.class)
          .hasMessageContaining(path.toString());
      assertThat(file.isOpen()).isFalse();
      assertThat(probe.calls("close")).isZero();
      assertThatThrownBy(() -> file.readAt(ByteBuffer.allocate(3), 0)).isInstanceOf(ClosedChannelException.class);
      held.go.countDown();
      while (probe.calls("close") == 0) {
        Tasks.yieldNow();
      }
    });
  }

  @Test
  void closingAFileThatIsWrittenWaitsForTheWriteAndForClose() {
    run(() -> {
      Held held = new Held("pwrite");
      AsyncFile file = AsyncFile.open(path, WRITE);
      Task<Integer> writer = Tasks.spawn(() -> file.writeAt(bytes("xyz"), 0));
      held.awaitBegun();
      probe.reset();
      Task<?> closer = Tasks.spawn(file::close);
      Future<?> cancelled = closer.cancel(); // is held back
      for (int i = 0; i < 10; i++) {
        Tasks.yieldNow();
      }
      assertThat(closer.isDone()).isFalse();
      assertThat(probe.calls("close")).isZero();
      held.go.countDown();
      cancelled.await();
      assertThat(probe.calls("close")).isEqualTo(1);
      assertThat(writer.await()).isEqualTo(3);
    });
  }

  /** Hazard 7: two that close, in whatever order, give the number back once. */
  @Test
  void closeIsIdempotent() {
    run(() -> {
      for (int i = 0; i < 50; i++) {
        AsyncFile file = AsyncFile.open(path, READ, WRITE);
        probe.reset();
        List<Task<?>> closers = List.of(Tasks.spawn(file::close), Tasks.spawn(file.closeAsync()),
            Tasks.spawn(file::close));
        Thread plain = Thread.ofPlatform().start(() -> {
          try {
            file.close();
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
        closers.forEach(Task::await);
        plain.join();
        while (probe.calls("close") == 0) {
          Tasks.yieldNow();
        }
        assertThat(probe.calls("close")).isEqualTo(1);
      }
    });
  }

  @Test
  void anOpenThatIsCancelledClosesWhatItOpened() {
    run(() -> {
      Held held = new Held("openat");
      probe.on("openat2", _ -> -Errno.EAGAIN);
      probe.reset();
      Task<?> opener = Tasks.spawn(() -> AsyncFile.open(directory.resolve("new"), WRITE, CREATE));
      held.awaitBegun();
      opener.cancel().await();
      assertThat(probe.calls("close")).isZero();
      held.go.countDown();
      while (probe.calls("close") == 0) {
        Tasks.yieldNow();
      }
      probe.off("openat");
    });
  }

  /** A lease of another process makes an open that does not wait fail; then it waits. */
  @Test
  void anOpenThatWouldWaitForALeaseWaits() {
    run(() -> {
      probe.on("openat2", _ -> -Errno.EAGAIN);
      probe.on("openat", call -> call.nth() == 1 ? -Errno.EAGAIN : call.real());
      probe.reset();
      AsyncFile.open(path).close();
      assertThat(probe.calls("openat")).isEqualTo(2);
    });
  }

  @Test
  void whatIsInMemoryIsOpenedOnTheSpot() {
    run(() -> {
      AsyncFile.open(path).close();
      probe.reset();
      AsyncFile.open(path).close();
      assertThat(probe.calls("openat2")).isEqualTo(1);
      assertThat(probe.calls("openat")).isZero();
    });
  }
}
