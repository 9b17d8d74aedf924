package io.github.epollo.timers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Body;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.driver.Direction;
import io.github.epollo.runtime.driver.Interest;
import io.github.epollo.runtime.driver.Registration;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.kernel.Fd;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.loop.Loop;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever always has more to do lets the others have their turn; a test that fails here hangs until its time limit. */
class TimerFairnessTest {
  private static final Duration MILLI = Duration.ofMillis(1);

  private final AtomicBoolean over = new AtomicBoolean();

  private void run(Body body) {
    Epollo.run(TestRuntime.options(), () -> {
      try {
        body.run();
      } finally {
        over.set(true);
      }
    });
  }

  @Test
  void tasksThatAlwaysYield_doNotStarveTimers() {
    Assumptions.assumeTrue(TestRuntime.LOOP_CARRIES,
        "on few cores the JDK's scheduler starves whoever is woken meanwhile");
    run(() -> {
      List<Task<?>> hogs = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        hogs.add(Tasks.spawn(() -> {
          while (!over.get()) {
            Tasks.yieldNow();
          }
        }));
      }
      for (int i = 0; i < 50; i++) {
        Timers.sleep(MILLI);
      }
      over.set(true);
      hogs.forEach(Task::join);
    });
  }

  /** More of them than fire in one turn, with a deadline that is now, or that passed long ago. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void timersThatAlwaysRearm_starveNeitherTasksNorTimersNorEvents(boolean now) {
    run(() -> {
      Loop loop = Loop.current();
      LoopTimers timers = LoopTimers.current();
      loop.execute(() -> {
        for (int i = 0; i < 2 * LoopTimers.BATCH; i++) {
          hasten(timers, now ? LongUnaryOperator.identity() : time -> time - 1_000_000_000);
        }
      });
      for (int i = 0; i < 10; i++) {
        Timers.sleep(MILLI);
        for (int y = 0; y < 10; y++) {
          Tasks.yieldNow();
        }
        awaitEvent(loop);
      }
      assertThat(over).isFalse();
    });
  }

  private void hasten(LoopTimers timers, LongUnaryOperator deadline) {
    TimerEntry entry = new TimerEntry(timers, deadline.applyAsLong(timers.now()));
    entry.arm(new Waker() {
      @Override
      public void wake() {
        if (!over.get()) {
          entry.moveTo(deadline.applyAsLong(timers.now()));
          entry.arm(this);
        }
      }
    });
  }

  /** Makes an eventfd readable, and waits until epoll has said so. */
  private static void awaitEvent(Loop loop) throws Exception {
    MemorySegment one = Arena.ofAuto().allocateFrom(ValueLayout.JAVA_LONG, 1);
    AtomicBoolean readable = new AtomicBoolean();
    int number = loop.kernel().eventfd(0, FileFlags.EFD_NONBLOCK | FileFlags.EFD_CLOEXEC);
    try (Registration eventfd = loop.driver().register(new Fd(loop.kernel(), number), Interest.READ)) {
      eventfd.wouldBlock(Direction.READ, eventfd.readiness());
      assertThat(eventfd.pollReady(Direction.READ, () -> readable.set(true))).isFalse();
      assertThat(loop.kernel().write(number, one.address(), Long.BYTES)).isEqualTo(Long.BYTES);
      while (!readable.get()) {
        Tasks.yieldNow();
      }
    }
  }
}
