package io.github.epollo.timers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.testkit.EpolloTest;
import io.github.epollo.testkit.Simulation;
import io.github.epollo.testkit.Stopwatch;
import io.github.epollo.testkit.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When intervals tick, in virtual time: the unit is about a millisecond, and a whole number of the wheel's ticks, so that all times are exact. */
class IntervalTimesTest {
  private static final long UNIT = Stopwatch.TICK_NANOS << 10;
  private static final long NANOS = 10 * UNIT;
  private static final Duration PERIOD = Duration.ofNanos(NANOS);

  private static Duration units(long count) {
    return Duration.ofNanos(count * UNIT);
  }

  @EpolloTest(virtualTime = true, seeds = 3)
  void theFirstTickIsAtOnce_theOthersAPeriodApart() {
    Stopwatch watch = new Stopwatch();
    try (Interval interval = Timers.interval(PERIOD)) {
      for (int i = 0; i <= 1_000; i++) {
        assertThat(interval.tick()).isEqualTo(watch.start() + i * NANOS);
        watch.showsExactly(PERIOD.multipliedBy(i));
      }
      assertThat(interval.period()).isEqualTo(PERIOD);
    }
  }

  /** A period that is no whole number of ticks does not drift either. */
  @EpolloTest(virtualTime = true)
  void overAYear_noTickIsEarlyOrLate() {
    Duration odd = Duration.ofDays(1).plusNanos(1);
    Stopwatch watch = new Stopwatch();
    Interval interval = Timers.interval(odd);
    for (int i = 0; i <= 365; i++) {
      assertThat(interval.tick()).isEqualTo(watch.start() + i * odd.toNanos());
      watch.shows(odd.multipliedBy(i));
    }
  }

  /**
   * The ticks of 0 and 10 are taken; then the machine is suspended, up to the time given. Listed are the ticks from there on, each as "scheduled@taken".
   */
  @ParameterizedTest(quoteTextArguments = false)
  @CsvSource({
    "BURST, 37, 20@37 30@37 40@40 50@50 60@60",
    "DELAY, 37, 20@37 47@47 57@57 67@67",
    "SKIP,  37, 20@37 40@40 50@50 60@60",
    "BURST, 40, 20@40 30@40 40@40 50@50",
    "DELAY, 40, 20@40 50@50 60@60",
    "SKIP,  40, 20@40 50@50 60@60",
    "BURST, 20, 20@20 30@30",
    "DELAY, 20, 20@20 30@30",
    "SKIP,  20, 20@20 30@30",
    "BURST, 15, 20@20 30@30",
    "DELAY, 15, 20@20 30@30",
    "SKIP,  15, 20@20 30@30",
    "BURST, 24, 20@24 30@30 40@40",
    "DELAY, 24, 20@24 30@30 40@40", // less than 5 ms late is on time
    "SKIP,  24, 20@24 30@30 40@40",
    "DELAY, 25, 20@25 35@35 45@45",
    "DELAY, 36000005, 20@36000005 36000015@36000015",
    "SKIP,  36000005, 20@36000005 36000010@36000010 36000020@36000020"})
  void afterASuspension_ticksComeAsThePolicySays(MissedTicks policy, long until, String expected) {
    for (boolean waiting : new boolean[]{false, true}) {
      Simulation.ofSeed(until).run(world -> {
        Stopwatch watch = new Stopwatch();
        Interval interval = Timers.interval(PERIOD).onMissedTicks(policy);
        assertThat(interval.tick()).isEqualTo(watch.start());
        assertThat(interval.tick()).isEqualTo(watch.start() + NANOS);
        Duration suspension = units(until - 10);
        if (waiting) {
          Tasks.spawn(() -> world.time().jump(suspension)); // runs when the interval waits
        } else {
          world.time().jump(suspension);
        }
        List<String> ticks = new ArrayList<>();
        for (int i = 0; i < expected.split(" ").length; i++) {
          long scheduled = interval.tick() - watch.start();
          assertThat(scheduled % UNIT).isZero();
          assertThat(watch.nanos() % UNIT).isZero();
          ticks.add(scheduled / UNIT + "@" + watch.nanos() / UNIT);
        }
        assertThat(ticks).as("waiting: %s", waiting).isEqualTo(Arrays.asList(expected.split(" ")));
      });
    }
  }

  @EpolloTest(virtualTime = true)
  void anIntervalThatBeganInThePast(World world) {
    long _ = LoopTimers.current().now(); // here its ticks begin
    long first = world.time().now() - 10 * NANOS;
    Interval burst = Timers.intervalAt(first, PERIOD);
    Interval skip = Timers.intervalAt(first, PERIOD).onMissedTicks(MissedTicks.SKIP);
    Interval delay = Timers.intervalAt(first, PERIOD).onMissedTicks(MissedTicks.DELAY);
    Stopwatch watch = new Stopwatch();
    for (int i = 0; i <= 10; i++) {
      assertThat(burst.tick()).isEqualTo(first + i * NANOS);
    }
    assertThat(skip.tick()).isEqualTo(first);
    assertThat(delay.tick()).isEqualTo(first);
    watch.showsExactly(Duration.ZERO);
    assertThat(burst.tick()).isEqualTo(first + 11 * NANOS);
    assertThat(skip.tick()).isEqualTo(first + 11 * NANOS);
    assertThat(delay.tick()).isEqualTo(first + 11 * NANOS);
    watch.showsExactly(PERIOD);
  }

  @EpolloTest(virtualTime = true, seeds = 3)
  void aCancelledWait_losesNoTick() {
    Stopwatch watch = new Stopwatch();
    Interval interval = Timers.interval(PERIOD);
    assertThat(interval.tick()).isEqualTo(watch.start());
    for (int i = 1; i <= 5; i++) {
      Future<Long> tick = interval.tickAsync();
      assertThat(tick.poll(() -> {})).isInstanceOf(Poll.Pending.class);
      tick.close();
      assertThatThrownBy(() -> Timers.withTimeout(Duration.ZERO, interval::tick))
          .isInstanceOf(DeadlineExceededException.class);
      assertThatThrownBy(() -> Timers.withTimeout(PERIOD.minus(units(1)), interval::tick))
          .isInstanceOf(DeadlineExceededException.class);
      assertThat(interval.tick()).isEqualTo(watch.start() + i * NANOS);
      watch.showsExactly(PERIOD.multipliedBy(i));
    }
  }

  @EpolloTest(virtualTime = true)
  void reset_movesTheGrid() {
    Stopwatch watch = new Stopwatch();
    Interval interval = Timers.interval(PERIOD);
    Timers.sleep(units(3));
    interval.reset();
    assertThat(interval.tick()).isEqualTo(watch.start() + 13 * UNIT);
    watch.showsExactly(units(13));
    assertThat(interval.tick()).isEqualTo(watch.start() + 23 * UNIT);
    interval.resetAt(watch.start() + 60 * UNIT);
    assertThat(interval.tick()).isEqualTo(watch.start() + 60 * UNIT);
    watch.showsExactly(units(60));
  }

  @EpolloTest(virtualTime = true)
  void forEach_ticksUntilTheIntervalIsClosed() {
    Stopwatch watch = new Stopwatch();
    List<Long> ticks = new ArrayList<>();
    Interval interval = Timers.interval(PERIOD);
    for (long tick : interval) {
      ticks.add(tick - watch.start());
      if (ticks.size() == 3) {
        interval.close();
      }
    }
    assertThat(ticks).containsExactly(0L, NANOS, 2 * NANOS);
    watch.showsExactly(PERIOD.multipliedBy(2));
  }

  @EpolloTest(virtualTime = true)
  void aPeriodWithoutEnd_ticksOnce() {
    Stopwatch watch = new Stopwatch();
    Interval interval = Timers.interval(Duration.ofSeconds(Long.MAX_VALUE));
    long _ = interval.tick();
    Task<Long> second = Tasks.spawn(() -> interval.tick());
    Timers.sleep(Duration.ofDays(36_500));
    assertThat(second.isDone()).isFalse();
    second.cancel().await();
    assertThatThrownBy(() -> Timers.withTimeout(PERIOD, interval::tick)).hasMessageContaining("a sleep without end");
    watch.shows(Duration.ofDays(36_500).plus(PERIOD), 2);
  }
}
