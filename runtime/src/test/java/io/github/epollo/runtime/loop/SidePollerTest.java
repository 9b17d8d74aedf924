package io.github.epollo.runtime.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.driver.Direction;
import io.github.epollo.runtime.driver.Driver;
import io.github.epollo.runtime.driver.Interest;
import io.github.epollo.runtime.driver.Registration;
import io.github.epollo.runtime.io.AsyncFd;
import io.github.epollo.runtime.kernel.Epoll;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.Fd;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.LinuxKernel;
import io.github.epollo.testsupport.ProbeKernel;
import io.github.epollo.testsupport.Waits;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Events of tasks that do not run on the loop's thread. How many threads of the JDK run them is a matter of flags, so there are JVMs with one. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SidePollerTest {
  private static final EpolloOptions SHARED = EpolloOptions.defaults().withCarrier(CarrierChoice.SHARED);
  private static final int ROUNDS = 10_000;

  /** A count in the kernel. */
  private record Counter(int number, MemorySegment one) {
    static Counter open() {
      int number = LinuxKernel.get().eventfd(0, FileFlags.EFD_NONBLOCK | FileFlags.EFD_CLOEXEC);
      assertThat(number).isPositive();
      MemorySegment one = Arena.ofAuto().allocate(ValueLayout.JAVA_LONG);
      one.set(ValueLayout.JAVA_LONG, 0, 1L);
      return new Counter(number, one);
    }

    void increment() {
      assertThat(LinuxKernel.get().write(number, one.address(), Long.BYTES)).isEqualTo(Long.BYTES);
    }

    /** For the task that is to await it. */
    AsyncFd awaitable() throws IOException {
      return AsyncFd.adopt(number, Interest.READ);
    }
  }

  /** Two tasks that wake each other by way of the kernel. */
  private static void passTheBall(Epollo epollo, int rounds) {
    Counter left = Counter.open();
    Counter right = Counter.open();
    Task<?> first = epollo.spawn(() -> hitBack(left, right, rounds, rounds));
    Task<?> second = epollo.spawn(() -> hitBack(right, left, rounds, rounds - 1));
    left.increment();
    first.join();
    second.join();
  }

  private static Void hitBack(Counter mine, Counter other, int catches, int hits) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(Long.BYTES);
    try (AsyncFd fd = mine.awaitable()) {
      for (int i = 0; i < catches; i++) {
        assertThat(fd.read(buffer.clear())).isEqualTo(Long.BYTES);
        if (i < hits) {
          other.increment();
        }
      }
    }
    return null;
  }

  private static String runOnOneThread(Class<?> main) throws Exception {
    return JvmTest.run(main, "-Djdk.virtualThreadScheduler.parallelism=1",
        "-Djdk.virtualThreadScheduler.maxPoolSize=1");
  }

  /** Prints how often the loop's thread has waited. */
  static final class PassTheBall {
    public static void main(String[] args) {
      try (Epollo epollo = Epollo.start(SHARED)) {
        passTheBall(epollo, ROUNDS);
        System.out.println("waits: " + epollo.loop().metrics().waits());
      }
    }
  }

  /** A busy loop's thread is not woken for each event. */
  @Test
  void eventsAreTakenWhereTheTasksRun() throws Exception {
    String output = runOnOneThread(PassTheBall.class);
    assertThat(output).startsWith("waits: ");
    assertThat(Integer.parseInt(output.substring("waits: ".length()).strip())).isLessThan(ROUNDS / 10);
  }

  /** A task that is pinned while it waits holds the only thread that could look for its events. */
  static final class WaitPinned {
    static final Counter FIRST = Counter.open();
    static final Counter SECOND = Counter.open();
    static final AtomicReference<Thread> WAITS = new AtomicReference<>();
    static final CompletableFuture<Void> WAITED = new CompletableFuture<>();

    /** Its initializer pins who runs it. */
    static final class Pinning {
      static final int READ;

      static {
        try (AsyncFd first = FIRST.awaitable(); AsyncFd second = SECOND.awaitable()) {
          ByteBuffer buffer = ByteBuffer.allocateDirect(Long.BYTES);
          WAITS.set(Thread.currentThread());
          int read = first.read(buffer);
          WAITED.complete(null);
          READ = read + second.read(buffer.clear());
        } catch (IOException e) {
          throw new ExceptionInInitializerError(e);
        }
      }
    }

    public static void main(String[] args) throws Exception {
      try (Epollo epollo = Epollo.start(SHARED)) {
        Task<Integer> task = epollo.spawn(() -> Pinning.READ);
        Waits.until("the task waits", () -> WAITS.get() != null && WAITS.get().getState() == Thread.State.WAITING);
        FIRST.increment(); // from here on the virtual thread is to look, and cannot
        WAITED.get();
        SECOND.increment();
        System.out.println("read " + task.join());
      }
    }
  }

  @Test
  void aPinnedTaskDoesNotKeepItsEventsFromComing() throws Exception {
    assertThat(runOnOneThread(WaitPinned.class).strip()).isEqualTo("read 16");
  }

  @Test
  void noEventIsLostBetweenTheTwo() {
    try (Epollo epollo = Epollo.start(SHARED)) {
      passTheBall(epollo, ROUNDS);
    }
  }

  @Test
  void goesOnWhereTheKernelDoesNotArm() {
    ProbeKernel probe = new ProbeKernel()
        .on("epollCtl", call -> call.intArg(1) == Epoll.CTL_MOD ? -Errno.ENOMEM : call.real());
    try (Epollo epollo = Epollo.start(SHARED.withKernel(probe.kernel()))) {
      passTheBall(epollo, 20);
      assertThat(probe.calls("epollCtl")).isGreaterThan(4);
    }
  }

  @Test
  void itsThreadEndsWithTheLoop() throws Exception {
    AtomicReference<Thread> caller = new AtomicReference<>();
    try (Driver own = new Driver(LinuxKernel.get(), SidePollerTest::fail);
        Driver tasks = new Driver(LinuxKernel.get(), SidePollerTest::fail)) {
      Counter counter = Counter.open();
      Registration registration = tasks.register(new Fd(LinuxKernel.get(), counter.number), Interest.READ);
      SidePoller side = new SidePoller(own, tasks, "test");
      while (caller.get() == null || !caller.get().isVirtual()) { // the first event is taken by the caller, the next perhaps
        caller.set(null);
        registration.wouldBlock(Direction.READ, registration.readiness());
        assertThat(registration.pollReady(Direction.READ, () -> caller.set(Thread.currentThread()))).isFalse();
        counter.increment();
        while (caller.get() == null) {
          side.poll(1);
        }
      }
      side.close();
      assertThat(caller.get().join(Duration.ofSeconds(30))).isTrue();
    }
  }

  private static void fail(Throwable failure) {
    throw new AssertionError(failure);
  }
}
