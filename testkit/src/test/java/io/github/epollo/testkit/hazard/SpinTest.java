package io.github.epollo.testkit.hazard;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.loop.Loop;
import io.github.epollo.testkit.Simulation;
import io.github.epollo.timers.Timers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Hazard 13: durations that are cut, or overflow, make the loop wait too short, again and again. */
class SpinTest {
  /** A sleep sets the timer; a wheel of timers may have to be turned on each of its levels. */
  private static final int POLLS_A_SLEEP = 16;

  private static final Duration LIMIT = Duration.ofSeconds(10); // a loop that spins does not end

  /** Everything from 1 ns to 146 years, most of it around powers of two, whole milliseconds, and what an int of milliseconds holds. */
  @Provide
  Arbitrary<Long> nanos() {
    return Arbitraries.oneOf(
        Arbitraries.longs().between(1, 1L << 62),
        Arbitraries.integers().between(0, 61).map(bit -> 1L << bit),
        Arbitraries.longs().between(1, 1L << 42).map(millis -> millis * 1_000_000),
        Arbitraries.of(Integer.MAX_VALUE * 1_000_000L, (1L << 32) * 1_000_000, 1L, 999_999L))
        .flatMap(n -> Arbitraries.longs().between(-1, 1).map(d -> Math.clamp(n + d, 1, 1L << 62)));
  }

  @Property(tries = 300)
  void theLoopWaitsOnceForOneDeadline(@ForAll("nanos") long nanos) {
    Simulation.ofSeed(nanos).withLimit(LIMIT).run(world -> {
      Loop loop = Loop.current();
      Timers.sleep(Duration.ofNanos(1)); // opens the timerfd
      long start = world.time().now();
      long polls = loop.driver().polls();
      Timers.sleep(Duration.ofNanos(nanos));
      assertThat(world.time().now() - start).isGreaterThanOrEqualTo(nanos);
      assertThat(loop.driver().polls() - polls).isLessThanOrEqualTo(POLLS_A_SLEEP);
      assertNoEmptyWait(world.trace().last(1_000));
    });
  }

  @Property(tries = 100)
  void theLoopWaitsOnceForEachOfManyDeadlines(@ForAll("nanos") long unit, @ForAll long seed) {
    int count = 20;
    Simulation.ofSeed(seed).withLimit(LIMIT).run(world -> {
      List<Task<?>> sleepers = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        Duration duration = Duration.ofNanos(unit / (i + 1));
        sleepers.add(Tasks.spawn(() -> Timers.sleep(duration)));
      }
      long polls = Loop.current().driver().polls();
      sleepers.forEach(Task::join);
      assertThat(Loop.current().driver().polls() - polls).isLessThanOrEqualTo((count + 1) * POLLS_A_SLEEP);
      assertNoEmptyWait(world.trace().last(5_000));
    });
  }

  @Test
  void aLoopWithoutDeadlinesSleepsForGood() {
    Simulation.ofSeed(1).withManualTime().run(world -> {
      Task<?> never = Tasks.spawn(() -> Timers.sleep(Duration.ofSeconds(Long.MAX_VALUE)));
      world.time().runCurrent();
      long polls = Loop.current().driver().polls();
      world.time().advance(Duration.ofDays(365));
      assertThat(Loop.current().driver().polls() - polls).isLessThanOrEqualTo(POLLS_A_SLEEP);
      assertThat(never.isDone()).isFalse();
    });
  }

  private static void assertNoEmptyWait(List<String> trace) {
    // "epollWait(fd, events, timeout) = 0": only a look, with timeout 0, may find nothing.
    assertThat(trace).filteredOn(line -> line.matches(".* epollWait\\(\\d+, \\d+, [^0]\\d*\\) = 0\\b.*")).isEmpty();
  }
}
