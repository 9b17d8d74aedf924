package io.github.epollo.runtime.io;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.NoLeaks;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.driver.Direction;
import io.github.epollo.runtime.driver.Interest;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.Kernel;
import io.github.epollo.runtime.kernel.LinuxKernel;
import io.github.epollo.testsupport.ProbeKernel;
import io.github.epollo.testsupport.Waits;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hazards 6, 7, 19, 22, 31, 32, 33 and 40 on descriptors that are adopted by their number. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AsyncFdTest {
  private static final Kernel KERNEL = LinuxKernel.get();

  /** The numbers of a pipe of blocking ends. */
  private record Numbers(int reader, int writer) {
    static Numbers open() {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment fds = arena.allocate(ValueLayout.JAVA_INT, 2);
        assertThat(KERNEL.files().pipe2(fds.address(), 0)).isZero();
        return new Numbers(fds.getAtIndex(ValueLayout.JAVA_INT, 0), fds.getAtIndex(ValueLayout.JAVA_INT, 1));
      }
    }

    void close() {
      KERNEL.close(reader);
      KERNEL.close(writer);
    }
  }

  private record Pair(AsyncFd reader, AsyncFd writer) implements AutoCloseable {
    static Pair open() throws IOException {
      Numbers numbers = Numbers.open();
      return new Pair(AsyncFd.adopt(numbers.reader, Interest.READ), AsyncFd.adopt(numbers.writer, Interest.WRITE));
    }

    @Override
    public void close() {
      reader.close();
      writer.close();
    }
  }

  private static int flags(int number) {
    return KERNEL.fcntl(number, FileFlags.F_GETFL, 0);
  }

  private static ByteBuffer ascii(String text) {
    return ByteBuffer.wrap(text.getBytes(US_ASCII));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4096, 65_536, 300_000})
  void bytesGoThroughWhateverTheBuffers(int size) {
    Epollo.run(() -> {
      for (boolean direct : new boolean[]{false, true}) {
        try (Pair pair = Pair.open()) {
          ByteBuffer source = direct ? ByteBuffer.allocateDirect(size) : ByteBuffer.allocate(size);
          for (int i = 0; i < size; i++) {
            source.put(i, (byte) (i * 31 + i / 256));
          }
          Task<?> writer = Tasks.spawn(() -> {
            pair.writer().writeFully(source.duplicate());
            pair.writer().close();
          });
          ByteBuffer target = direct ? ByteBuffer.allocateDirect(size) : ByteBuffer.allocate(size);
          pair.reader().readFully(target);
          assertThat(target.flip()).isEqualTo(source);
          writer.join();
          assertThat(pair.reader().read(ByteBuffer.allocate(0))).isZero();
          assertThat(pair.reader().read(ByteBuffer.allocate(1))).isEqualTo(-1);
          assertThat(pair.reader().readAsync(ByteBuffer.allocate(1)).await()).isEqualTo(-1);
        }
      }
    });
  }

  /** Somebody may free it while the kernel uses it, so it is not used in place; and what is refused has taken nothing. */
  @Test
  void memoryOfAnArenaIsCopied_andWhenItIsGoneNothingIsTaken() {
    Epollo.run(() -> {
      try (Pair pair = Pair.open()) {
        ByteBuffer gone;
        try (Arena arena = Arena.ofShared()) {
          gone = arena.allocate(100_000).asByteBuffer();
          int _ = pair.writer().write(gone.put(0, (byte) 1).limit(3));
        }
        assertThatIllegalStateException().isThrownBy(() -> pair.reader().read(gone.clear()));
        assertThatIllegalStateException().isThrownBy(() -> pair.writer().write(gone));
        pair.writer().close(); // so that nobody waits for bytes that were lost
        ByteBuffer target = ByteBuffer.allocate(10);
        while (pair.reader().read(target) >= 0) {
          // until nothing is left
        }
        assertThat(Arrays.copyOf(target.array(), target.position())).containsExactly(1, 0, 0);
      }
    });
  }

  /** Hazard 33: the kernel takes a part of each write, whatever part. */
  @Test
  void aPartialWriteGoesOnFromWhereItStopped() {
    ProbeKernel probe = new ProbeKernel();
    AtomicInteger part = new AtomicInteger();
    probe.on("write", call -> {
      call.args[2] = Math.min(call.longArg(2), part.get());
      return call.real();
    });
    Epollo.run(EpolloOptions.defaults().withKernel(probe.kernel()), () -> {
      for (int split = 1; split <= 20; split++) {
        try (Pair pair = Pair.open()) {
          part.set(split);
          pair.writer().writeFully(ascii("abcdefghijklmnopqrst"));
          part.set(100);
          pair.writer().writeFullyAsync(ascii(".")).await();
          ByteBuffer target = ByteBuffer.allocate(30);
          assertThat(pair.reader().read(target)).isEqualTo(21);
          assertThat(new String(target.array(), 0, 21, US_ASCII)).isEqualTo("abcdefghijklmnopqrst.");
        }
      }
    });
  }

  /** The JVM ignores SIGPIPE: who writes learns it as an exception. Each end learns of the other's, also while it waits. */
  @Test
  void aPipeWhoseReaderIsGoneBreaks() {
    Epollo.run(() -> {
      try (Pair pair = Pair.open()) {
        AtomicReference<Thread> thread = new AtomicReference<>();
        Task<Integer> writer = Tasks.spawn(() -> {
          thread.set(Thread.currentThread());
          ByteBuffer much = ByteBuffer.allocate(1 << 20);
          while (true) {
            int _ = pair.writer().write(much.clear());
          }
        });
        Waits.untilParked(thread::get);
        pair.reader().close();
        assertThatThrownBy(writer::join).hasRootCauseInstanceOf(BrokenPipeException.class)
            .rootCause().hasMessageContaining("fd " + pair.writer().number()).hasMessageContaining("EPIPE");
        assertThatThrownBy(() -> pair.writer().write(ascii("x"))).isInstanceOf(BrokenPipeException.class);
      }
    });
  }

  @Test
  void errorsAndHangUpsAreHeardByWhoListensToPriorityEvents() {
    Epollo.run(() -> {
      Numbers numbers = Numbers.open();
      try (AsyncFd writer = AsyncFd.adopt(numbers.writer, Interest.PRIORITY)) {
        AtomicReference<Thread> thread = new AtomicReference<>();
        Task<?> listener = Tasks.spawn(() -> {
          thread.set(Thread.currentThread());
          writer.priority();
        });
        Waits.untilParked(thread::get);
        KERNEL.close(numbers.reader);
        listener.join();
        writer.priorityAsync().await(); // it stays known
        writer.clear(Direction.PRIORITY);
        Future<?> next = writer.priorityAsync();
        assertThat(next.poll(() -> {})).isInstanceOf(Poll.Pending.class);
        next.close();
      }
    });
  }

  @Test
  void readinessIsBelievedUntilItIsCleared() {
    Epollo.run(() -> {
      try (Pair pair = Pair.open()) {
        AsyncFd reader = pair.reader();
        Future<?> readable = reader.readableAsync();
        assertThat(readable.poll(() -> {})).isInstanceOf(Poll.Pending.class);
        int _ = pair.writer().write(ascii("x"));
        readable.close();
        reader.readable();
        reader.readable();
        assertThat(reader.read(ByteBuffer.allocate(5))).isEqualTo(1);
        reader.readable(); // nobody has tried since
        reader.clear(Direction.READ);
        Future<?> again = reader.readableAsync();
        assertThat(again.poll(() -> {})).isInstanceOf(Poll.Pending.class);
        again.close();

        pair.writer().writable();
        pair.writer().writableAsync().await();
      }
    });
  }

  @Test
  void anEventThatComesAfterTheAnswerIsNotCleared() {
    Epollo.run(() -> {
      try (Pair pair = Pair.open()) {
        int _ = pair.writer().write(ascii("x"));
        pair.reader().readable();
        int seen = pair.reader().registration.readiness();
        int _ = pair.writer().write(ascii("y")); // a library has read x, and found nothing more, before this
        Waits.until("y was noted", () -> pair.reader().registration.readiness() != seen);
        pair.reader().clear(Direction.READ);
        Future<?> readable = pair.reader().readableAsync();
        assertThat(readable.poll(() -> {})).isInstanceOf(Poll.Ready.class);
      }
    });
  }

  @Test
  void aCallIsMadeAgainWhileItWouldBlockAndItsErrorIsThrown() {
    Epollo.run(() -> {
      try (Pair pair = Pair.open()) {
        AtomicInteger calls = new AtomicInteger();
        int _ = pair.writer().write(ascii("x"));
        assertThat(pair.reader().read(fd -> calls.incrementAndGet() == 1 ? -Errno.EINTR : 17)).isEqualTo(17);
        assertThat(calls).hasValue(2);
        AtomicReference<Thread> thread = new AtomicReference<>();
        Task<Long> reader = Tasks.spawn(() -> {
          thread.set(Thread.currentThread());
          return pair.reader().read(fd -> calls.incrementAndGet() <= 3 ? -Errno.EAGAIN : fd);
        });
        Waits.untilParked(thread::get);
        assertThat(calls).hasValue(3);
        int _ = pair.writer().write(ascii("x"));
        assertThat(reader.join()).isEqualTo(pair.reader().number());
        assertThat(pair.reader().readAsync(_ -> 5).await()).isEqualTo(5);
        assertThat(pair.writer().writeAsync(_ -> 6).await()).isEqualTo(6);
        assertThat(pair.writer().write(_ -> 7)).isEqualTo(7);
        assertThatThrownBy(() -> pair.reader().read(_ -> -Errno.EIO)).isInstanceOf(IOException.class)
            .hasMessageContaining("read(fd " + pair.reader().number() + ") failed: EIO (5)");
      }
    });
  }

  /** Hazard 19: the reader is cancelled wherever it waits, again and again, and its successor goes on with the same buffer. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void framesStayInSyncWhereverTheReaderIsCancelled(boolean async) {
    int frames = 60;
    ByteBuffer wire = ByteBuffer.allocate(frames * 8);
    for (long i = 0; i < frames; i++) {
      wire.putLong(i);
    }
    wire.flip();
    Epollo.run(() -> {
      try (Pair pair = Pair.open()) {
        ByteBuffer frame = ByteBuffer.allocate(8);
        AtomicInteger next = new AtomicInteger();
        int cancelled = 0;
        while (next.get() < frames) {
          AtomicReference<Thread> thread = new AtomicReference<>();
          Task<?> reader = Tasks.spawn(() -> {
            thread.set(Thread.currentThread());
            while (next.get() < frames) {
              if (async) {
                pair.reader().readFullyAsync(frame).await();
              } else {
                pair.reader().readFully(frame);
              }
              assertThat(frame.flip().getLong()).isEqualTo(next.get());
              frame.clear();
              next.incrementAndGet();
            }
          });
          Waits.until("the reader waits or is done",
              () -> reader.isDone() || (thread.get() != null && thread.get().getState() == Thread.State.WAITING));
          boolean race = cancelled % 2 == 0;
          int more = Math.min(race ? 1 + cancelled % 11 : 3, wire.remaining());
          if (race) {
            pair.writer().writeFully(wire.slice(wire.position(), more)); // wake and cancel meet
          }
          reader.cancel().await();
          if (!race) {
            pair.writer().writeFully(wire.slice(wire.position(), more));
          }
          wire.position(wire.position() + more);
          if (next.get() < frames) { // and not because its predecessor still holds the place
            assertThatThrownBy(reader::join).isInstanceOf(CancellationException.class);
          }
          cancelled++;
        }
        assertThat(cancelled).isGreaterThan(20);
      }
    });
  }

  @Test
  void aCancelledWriteTellsHowFarItGot() {
    Epollo.run(() -> {
      try (Pair pair = Pair.open()) {
        ByteBuffer source = ByteBuffer.allocate(1_000_000);
        AtomicReference<Thread> thread = new AtomicReference<>();
        Task<?> writer = Tasks.spawn(() -> {
          pair.writer().writable();
          thread.set(Thread.currentThread());
          pair.writer().writeFully(source);
        });
        Waits.untilParked(thread::get);
        writer.cancel().await();
        pair.writer().close();
        int bytes = 0;
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        for (int n; (n = pair.reader().read(buffer.clear())) >= 0;) {
          bytes += n;
        }
        assertThat(bytes).isEqualTo(source.position()).isPositive();
      }
    });
  }

  @ParameterizedTest
  @EnumSource(Direction.class)
  void closingWakesWhoWaits(Direction direction) {
    Epollo.run(() -> {
      Numbers numbers = Numbers.open();
      int number = direction == Direction.READ ? numbers.reader : numbers.writer;
      int other = direction == Direction.READ ? numbers.writer : numbers.reader;
      Interest interest = switch (direction) {
        case READ -> Interest.READ;
        case WRITE -> Interest.WRITE;
        case PRIORITY -> Interest.PRIORITY;
      };
      AsyncFd fd = AsyncFd.adopt(number, interest);
      AtomicReference<Thread> thread = new AtomicReference<>();
      Task<?> waiting = Tasks.spawn(() -> {
        thread.set(Thread.currentThread());
        switch (direction) {
          case READ -> {
            int _ = fd.read(ByteBuffer.allocate(1));
          }
          case WRITE -> fd.writeFully(ByteBuffer.allocate(1_000_000));
          case PRIORITY -> fd.priority();
        }
      });
      Waits.untilParked(thread::get);
      fd.close();
      fd.close();
      assertThatThrownBy(waiting::join).hasRootCauseInstanceOf(AsynchronousCloseException.class);
      assertThat(fd.isOpen()).isFalse();
      assertThat(flags(number)).isEqualTo(-Errno.EBADF);
      assertThatThrownBy(() -> fd.read(_ -> 0)).isInstanceOfAny(ClosedChannelException.class,
          IllegalStateException.class);
      KERNEL.close(other);
    });
  }

  /** Hazard 6: a call that is under way keeps the number, so that it reaches no stranger. */
  @Test
  void closingWhileACallIsUnderWayKeepsItsNumber() {
    Epollo.run(() -> {
      Numbers numbers = Numbers.open();
      AsyncFd fd = AsyncFd.adopt(numbers.reader, Interest.READ);
      try (AsyncFd writer = AsyncFd.adopt(numbers.writer, Interest.WRITE)) {
        int _ = writer.write(ascii("x"));
      }
      assertThat(fd.read(number -> {
        fd.close();
        return flags(number) >= 0 ? 1 : 0;
      })).isEqualTo(1);
      assertThat(flags(numbers.reader)).isEqualTo(-Errno.EBADF);
    });
  }

  @Test
  void oneTaskWaitsInEachDirection() {
    Epollo.run(() -> {
      try (Pair pair = Pair.open()) {
        AtomicReference<Thread> thread = new AtomicReference<>();
        Task<Integer> first = Tasks.spawn(() -> {
          thread.set(Thread.currentThread());
          return pair.reader().read(ByteBuffer.allocate(1));
        });
        Waits.untilParked(thread::get);
        assertThatThrownBy(() -> pair.reader().read(ByteBuffer.allocate(1))).isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("one task at a time");
        first.cancel().await();
      }
    });
  }

  @Test
  void whatCannotBeAwaitedIsRefusedAndLeftAsItWas(@TempDir Path directory) {
    Epollo.run(() -> {
      int file = open(directory.resolve("file"), FileFlags.O_RDWR | FileFlags.O_CREAT);
      int directoryFd = open(directory, FileFlags.O_RDONLY);
      for (int number : new int[]{file, directoryFd}) {
        int flags = flags(number);
        assertThatThrownBy(() -> AsyncFd.adopt(number, Interest.READ)).isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("fd " + number).hasMessageContaining("AsyncFile");
        assertThatThrownBy(() -> AsyncFd.borrow(number, Interest.READ)).isInstanceOf(IllegalArgumentException.class);
        assertThat(flags(number)).isEqualTo(flags);
        assertThat(KERNEL.fcntl(number, FileFlags.F_GETFD, 0)).isZero();
        KERNEL.close(number);
      }
      Numbers numbers = Numbers.open();
      for (int bad : new int[]{-1, 1_000_000}) {
        assertThatThrownBy(() -> AsyncFd.adopt(bad, Interest.READ)).isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("fd " + bad + ": it is not open");
      }
      assertThatThrownBy(() -> AsyncFd.adopt(numbers.reader, Interest.WRITE)).hasMessageContaining("for reading only");
      assertThatThrownBy(() -> AsyncFd.adopt(numbers.writer, Interest.READ)).hasMessageContaining("for writing only");
      try (AsyncFd reader = AsyncFd.adopt(numbers.reader, Interest.READ)) {
        assertThatThrownBy(() -> AsyncFd.adopt(numbers.reader, Interest.READ))
            .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("already");
        assertThat(reader.isOpen()).isTrue();
        assertThatThrownBy(() -> reader.write(ascii("x"))).isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("Interest.READ");
        assertThatThrownBy(reader::priority).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(reader::shutdownOutput).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> reader.read(ByteBuffer.allocate(1).asReadOnlyBuffer()))
            .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("read-only");
      }
      KERNEL.close(numbers.writer);
    });
  }

  private static int open(Path path, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      int number = KERNEL.files().openat(FileFlags.AT_FDCWD, arena.allocateFrom(path.toString()).address(), flags,
          0600);
      assertThat(number).isNotNegative();
      return number;
    }
  }

  @Test
  void outsideARuntimeThereIsNoLoopToAwaitOn() {
    Numbers numbers = Numbers.open();
    assertThatThrownBy(() -> AsyncFd.adopt(numbers.reader, Interest.READ)).isInstanceOf(IllegalStateException.class);
    numbers.close();
  }

  /** Hazard 40: the kernel refuses, and nothing has changed hands. */
  @Test
  void whatTheKernelRefusesStaysTheCallers() {
    ProbeKernel probe = new ProbeKernel();
    Epollo.run(EpolloOptions.defaults().withKernel(probe.kernel()), () -> {
      Numbers numbers = Numbers.open();
      probe.on("epollCtl", call -> call.intArg(2) == numbers.reader ? -Errno.ENOMEM : call.real());
      assertThatThrownBy(() -> AsyncFd.adopt(numbers.reader, Interest.READ)).isInstanceOf(IOException.class)
          .hasMessageContaining("ENOMEM");
      assertThat(flags(numbers.reader) & FileFlags.O_NONBLOCK).isZero();
      probe.off("epollCtl");
      probe.on("fcntl", call -> call.intArg(1) == FileFlags.F_DUPFD_CLOEXEC ? -Errno.EMFILE : call.real());
      assertThatThrownBy(() -> AsyncFd.borrow(numbers.reader, Interest.READ)).isInstanceOf(IOException.class)
          .hasMessageContaining("ulimit -n");
      probe.off("fcntl");
      try (AsyncFd fd = AsyncFd.adopt(numbers.reader, Interest.READ)) {
        assertThat(fd.number()).isEqualTo(numbers.reader);
      }
      KERNEL.close(numbers.writer);
    });
  }

  /** Hazards 7 and 31: a borrowed number is neither closed nor kept open, and no child process inherits either. */
  @Test
  void aBorrowedDescriptorIsADuplicate() {
    Epollo.run(() -> {
      Numbers numbers = Numbers.open();
      AsyncFd borrowed = AsyncFd.borrow(numbers.reader, Interest.READ);
      assertThat(borrowed.number()).isNotEqualTo(numbers.reader).isGreaterThan(2);
      assertThat(KERNEL.fcntl(borrowed.number(), FileFlags.F_GETFD, 0)).isEqualTo(FileFlags.FD_CLOEXEC);
      assertThat(flags(numbers.reader) & FileFlags.O_NONBLOCK).isNotZero(); // one description
      borrowed.close();
      assertThat(flags(numbers.reader)).isNotNegative();

      AsyncFd again = AsyncFd.borrow(numbers.reader, Interest.READ);
      KERNEL.close(numbers.reader);
      try (AsyncFd writer = AsyncFd.adopt(numbers.writer, Interest.WRITE)) {
        assertThat(KERNEL.fcntl(numbers.writer, FileFlags.F_GETFD, 0)).isEqualTo(FileFlags.FD_CLOEXEC);
        int _ = writer.write(ascii("x"));
      }
      assertThat(again.read(ByteBuffer.allocate(9))).isEqualTo(1);
      again.close();
    });
  }

  @Test
  void theFlagsOfASharedDescriptionAreLeftWhereToldSo() {
    Epollo.run(() -> {
      Numbers numbers = Numbers.open();
      try (AsyncFd reader = AsyncFd.adopt(numbers.reader, Interest.READ, FdMode.AS_IS)) {
        assertThat(flags(numbers.reader) & FileFlags.O_NONBLOCK).isZero();
        assertThatThrownBy(() -> reader.read(ByteBuffer.allocate(1))).isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("O_NONBLOCK");
        KERNEL.close(numbers.writer);
        assertThat(reader.read(_ -> 1)).isEqualTo(1);
      }
      Numbers others = Numbers.open();
      try (AsyncFd writer = AsyncFd.borrow(others.writer, Interest.WRITE, FdMode.AS_IS)) {
        assertThat(flags(others.writer) & FileFlags.O_NONBLOCK).isZero();
        assertThatThrownBy(() -> writer.write(ascii("x"))).isInstanceOf(IllegalStateException.class);
      }
      others.close();
    });
  }

  /** Hazard 22: a runtime that is closed under a reader. */
  @Test
  void closingTheRuntimeEndsWhoWaits() throws InterruptedException {
    Numbers numbers = Numbers.open();
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    try (Epollo epollo = Epollo.start()) {
      CountDownLatch started = new CountDownLatch(1);
      Task<?> _ = epollo.spawn(() -> {
        try {
          AsyncFd fd = AsyncFd.adopt(numbers.reader, Interest.READ);
          started.countDown();
          int _ = fd.read(ByteBuffer.allocate(1));
        } catch (Throwable t) {
          thrown.set(t);
          throw t;
        }
      });
      started.await();
    }
    assertThat(thrown.get()).isInstanceOf(CancellationException.class);
    assertThat(flags(numbers.reader)).isEqualTo(-Errno.EBADF);
    KERNEL.close(numbers.writer);
  }
}
