package io.github.epollo.fs.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.driver.Direction;
import io.github.epollo.runtime.driver.Driver;
import io.github.epollo.runtime.driver.Interest;
import io.github.epollo.runtime.driver.Registration;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.IoUring;
import io.github.epollo.runtime.kernel.Kernel;
import io.github.epollo.runtime.kernel.LinuxKernel;
import io.github.epollo.runtime.kernel.NativeMemory;
import io.github.epollo.runtime.kernel.RestartingKernel;
import io.github.epollo.testsupport.ProbeKernel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RingTest {
  private static final int SETUP_SQPOLL = 1 << 1;

  @TempDir Path directory;

  private Set<String> openBefore = Set.of();

  @BeforeEach
  void rememberFds() throws IOException {
    withRing(LinuxKernel.get(), 1, 2, ring -> {}); // what the JVM opens once and keeps is opened now
    openBefore = OpenFds.below(directory);
  }

  @AfterEach
  void nothingIsLeftOpen() {
    OpenFds.assertNoneSince(openBefore, directory);
  }

  private static void withRing(Kernel kernel, int submissions, int completions, Consumer<Ring> body)
      throws IOException {
    Ring ring = Ring.open(kernel, submissions, completions, 2);
    try {
      body.accept(ring);
    } finally {
      ring.fd().close();
      ring.unmap();
    }
  }

  private static void pushNop(Ring ring, long userData) {
    SubmissionEntry entry = ring.next();
    assertThat(entry).isNotNull();
    entry.operation(IoUring.OP_NOP, -1).userData(userData);
    ring.push();
  }

  private static List<Long> takeAll(Ring ring) {
    List<Long> taken = new ArrayList<>();
    do {
      while (ring.hasCompletion()) {
        assertThat(ring.result()).isZero();
        taken.add(ring.userData());
        ring.advance();
      }
    } while (ring.holdsBack() && ring.enter() >= 0);
    return taken;
  }

  @Test
  void whatWasPushedIsHandedOverTogetherAndComesBack() throws IOException {
    withRing(LinuxKernel.get(), 4, 8, ring -> {
      for (int lap = 0; lap < 100; lap++) {
        for (int i = 0; i < 4; i++) {
          pushNop(ring, 10L * lap + i);
        }
        assertThat(ring.next()).isNull();
        assertThat(ring.unsubmitted()).isEqualTo(4);
        assertThat(ring.hasCompletion()).isFalse();

        assertThat(ring.enter()).isEqualTo(4);

        assertThat(ring.unsubmitted()).isZero();
        assertThat(takeAll(ring)).containsExactly(10L * lap, 10L * lap + 1, 10L * lap + 2, 10L * lap + 3);
      }
    });
  }

  @Test
  void whatWasWithdrawnIsNotHandedOver() throws IOException {
    withRing(LinuxKernel.get(), 4, 8, ring -> {
      pushNop(ring, 1);
      pushNop(ring, 2);

      assertThat(ring.withdraw()).isEqualTo(2);

      assertThat(ring.enter()).isEqualTo(1);
      assertThat(takeAll(ring)).containsExactly(1L);
    });
  }

  @Test
  void completionsThatFindNoRoomAreNotLost() throws IOException {
    withRing(LinuxKernel.get(), 1, 2, ring -> {
      assertThat(ring.completions()).isEqualTo(2);
      List<Long> pushed = new ArrayList<>();
      for (long i = 0; i < 10_000; i++) {
        pushNop(ring, i);
        pushed.add(i);
        if (ring.enter() == -Errno.EBUSY) {
          throw new AssertionError("this kernel refuses at " + i);
        }
      }
      assertThat(ring.holdsBack()).isTrue();

      assertThat(takeAll(ring)).isEqualTo(pushed);
    });
  }

  /** The loop drains late, or not at all before it looks again: it must hear of what comes meanwhile. */
  @Test
  void eachCompletionIsAnEdgeWhetherOrNotThoseBeforeWereTaken() throws Exception {
    AtomicInteger wakes = new AtomicInteger();
    Waker waker = wakes::incrementAndGet;
    try (Driver driver = new Driver(new RestartingKernel(LinuxKernel.get()), t -> {}); OsPipe pipe = new OsPipe()) {
      Ring ring = Ring.open(LinuxKernel.get(), 16, 32, 2);
      Registration registration = driver.register(ring.fd(), Interest.READ);
      driver.poll(0);
      NativeBuffer buffer = new NativeBuffer(1);
      for (int i = 0; i < 10; i++) {
        listen(registration, waker);
        assertThat(driver.poll(0)).as("edges without a completion").isZero();
        ring.next().operation(IoUring.OP_READ, pipe.readEnd).address(buffer.address()).length(1).offset(-1).userData(i);
        ring.push();
        assertThat(ring.enter()).isEqualTo(1);
        assertThat(driver.poll(0)).as("edges of a call that waits").isZero();
        Thread writer = Thread.ofPlatform().start(() -> pipe.put(1));

        awaitWake(driver, wakes, i);

        writer.join();
      }
      int taken = 0;
      while (ring.hasCompletion()) {
        assertThat(ring.result()).isEqualTo(1);
        ring.advance();
        taken++;
      }
      assertThat(taken).isEqualTo(10);
      listen(registration, waker);
      assertThat(driver.poll(0)).isZero();
      registration.close();
      ring.unmap();
    }
  }

  /** The kernel interrupts the wait to write a completion, so some looks find nothing yet. */
  private static void awaitWake(Driver driver, AtomicInteger wakes, int seen) {
    for (int i = 0; i < 30 && wakes.get() == seen; i++) {
      driver.poll(1_000);
    }
    assertThat(wakes).hasValue(seen + 1);
  }

  private static void listen(Registration registration, Waker waker) {
    registration.wouldBlock(Direction.READ, registration.readiness());
    assertThat(registration.pollReady(Direction.READ, waker)).isFalse();
  }

  /** Completions come while others are taken, and the driver is asked only when there is none left. */
  @Test
  void noEdgeIsLostBetweenTheLastLookAndTheWait() throws Exception {
    int count = 20_000;
    AtomicInteger wakes = new AtomicInteger();
    Waker waker = wakes::incrementAndGet;
    try (Driver driver = new Driver(new RestartingKernel(LinuxKernel.get()), t -> {}); OsPipe pipe = new OsPipe()) {
      Ring ring = Ring.open(LinuxKernel.get(), 8, 16, 2);
      Registration registration = driver.register(ring.fd(), Interest.READ);
      NativeBuffer buffer = new NativeBuffer(1);
      Thread writer = Thread.ofPlatform().start(() -> {
        for (int i = 0; i < count; i++) {
          pipe.put(1);
          if (i % 7 == 0) {
            Thread.yield();
          }
        }
      });
      int pushed = 0;
      int taken = 0;
      while (taken < count) {
        while (pushed < count && pushed - taken < 8) {
          ring.next().operation(IoUring.OP_READ, pipe.readEnd).address(buffer.address()).length(1).offset(-1);
          ring.push();
          pushed++;
        }
        if (ring.unsubmitted() > 0) {
          assertThat(ring.enter()).isPositive();
        }
        int seen = wakes.get();
        listen(registration, waker);
        int before = taken;
        while (ring.hasCompletion()) {
          assertThat(ring.result()).isEqualTo(1);
          ring.advance();
          taken++;
        }
        if (taken == before) {
          awaitWake(driver, wakes, seen);
        }
      }
      writer.join();
      registration.close();
      ring.unmap();
    }
  }

  @Test
  void noThreadOfTheKernelPollsTheRing() throws IOException {
    ProbeKernel probe = new ProbeKernel();
    List<Integer> flags = new ArrayList<>();
    probe.on("ioUringSetup", call -> {
      flags.add(NativeMemory.getInt(call.longArg(1) + IoUring.PARAMS_FLAGS));
      return call.real();
    });
    withRing(probe.kernel(), 4, 8, ring -> assertThat(KernelThreads.ofRings()).noneMatch(t -> t.startsWith("iou-sqp")));

    assertThat(flags).isNotEmpty().allMatch(f -> (f & SETUP_SQPOLL) == 0);
  }

  @Test
  void anOlderKernelGetsFewerFlags() throws IOException {
    ProbeKernel probe = new ProbeKernel();
    probe.on("ioUringSetup",
        call -> (NativeMemory.getInt(call.longArg(1) + IoUring.PARAMS_FLAGS) & IoUring.SETUP_COOP_TASKRUN) != 0
            ? -Errno.EINVAL
            : call.real());
    withRing(probe.kernel(), 4, 8, ring -> {
      pushNop(ring, 1);
      assertThat(ring.enter()).isEqualTo(1);
      assertThat(takeAll(ring)).containsExactly(1L);
    });
    assertThat(probe.calls("ioUringSetup")).isEqualTo(2);
  }

  @Test
  void anOperationThatTheKernelLacksIsKnown() throws IOException {
    withRing(LinuxKernel.get(), 1, 2, ring -> {
      assertThat(ring.supports(IoUring.OP_READ)).isTrue();
      assertThat(ring.supports(255)).isFalse();
    });
  }

  @Test
  void whateverTheKernelRefusesNothingIsLeftBehind() {
    assertRefused("ioUringSetup", 1, "io_uring_setup(4) failed: EPERM");
    assertRefused("ioUringRegister", 1, "io_uring_register(IORING_REGISTER_PROBE) failed: EPERM");
    assertRefused("ioUringRegister", 2,
        "io_uring_register(IORING_REGISTER_IOWQ_MAX_WORKERS, 2) failed: EPERM");
    assertRefused("mmap", 1, "bytes of a ring) failed: EPERM");
    assertRefused("mmap", 2, "bytes of a ring) failed: EPERM");
    assertRefused("ioUringEnter", 1, "io_uring_enter(1) failed: EPERM");
  }

  private void assertRefused(String name, int nth, String message) {
    ProbeKernel probe = new ProbeKernel();
    probe.on(name, call -> call.nth() == nth ? -Errno.EPERM : call.real());

    assertThatThrownBy(() -> Ring.open(probe.kernel(), 4, 8, 2)).isInstanceOf(IOException.class)
        .hasMessageContaining(message);

    assertThat(probe.calls("munmap"))
        .isEqualTo(name.equals("mmap") ? nth - 1 : name.equals("ioUringEnter") ? 2 : 0);
    OpenFds.assertNoneSince(openBefore, directory);
  }

  @Test
  void featuresThatAreMissingAreToldByNumber() {
    ProbeKernel probe = new ProbeKernel();
    probe.on("ioUringSetup", call -> {
      long result = call.real();
      long features = call.longArg(1) + IoUring.PARAMS_FEATURES;
      NativeMemory.putInt(features, NativeMemory.getInt(features) & ~IoUring.FEATURE_FAST_POLL);
      return result;
    });

    assertThatThrownBy(() -> Ring.open(probe.kernel(), 4, 8, 2)).isInstanceOf(IOException.class)
        .hasMessage("the kernel's io_uring lacks features, 0x20: Linux 5.15 has them");
  }
}
