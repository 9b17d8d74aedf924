package io.github.epollo.testkit.hazard;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.loop.Loop;
import io.github.epollo.testkit.Fault;
import io.github.epollo.testkit.Faults;
import io.github.epollo.testkit.Simulation;
import io.github.epollo.timers.Timers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hazards 16 and 17: signals while the loop waits, and a clock that is not what it should be. */
class ClockTest {
  private static final long LATE = Duration.ofMillis(5).toNanos();
  private static final long BACK = Duration.ofMillis(1).toNanos(); // how far a clock goes back

  /** Hazard 16: nine of ten calls answer EINTR, for an hour. */
  @Property(tries = 10)
  void signalsNeitherEndNorProlongASleep(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Simulation.ofSeed(seed).withFaults(Faults.none().with(Fault.INTERRUPTED, 0.9)).run(world -> {
      long end = world.time().now() + Duration.ofHours(1).toNanos();
      while (world.time().now() < end) {
        long nanos = random.nextLong(1L << random.nextInt(10, 35));
        assertThat(slept(world, nanos)).isBetween(nanos, nanos + LATE);
      }
    });
  }

  private static long slept(io.github.epollo.testkit.World world, long nanos) {
    long start = world.time().now();
    Timers.sleep(Duration.ofNanos(nanos));
    return world.time().now() - start;
  }

  /** Hazard 17: a sleep counts from what the clock shows, so it may be as much too short as the clock is wrong; no more, and nothing spins. */
  @Property(tries = 20)
  void aClockThatGoesBackDisturbsNoSleep(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Simulation.ofSeed(seed).withFaults(Faults.none().with(Fault.CLOCK_BACK, 0.9)).run(world -> {
      long polls = Loop.current().driver().polls();
      int sleeps = 100;
      for (int i = 0; i < sleeps; i++) {
        long nanos = random.nextLong(1L << random.nextInt(10, 35));
        assertThat(slept(world, nanos)).isBetween(nanos - BACK, nanos + LATE);
      }
      assertThat(Loop.current().driver().polls() - polls).isLessThan(16 * sleeps);
    });
  }

  /** Hazard 17: what was due while the machine was suspended fires once, and at once; what repeats does not catch up. */
  @Property(tries = 20)
  void afterASuspensionWhatIsDueFiresOnce(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Simulation.ofSeed(seed).run(world -> {
      int[] fired = new int[50];
      List<Task<?>> sleepers = new ArrayList<>();
      for (int i = 0; i < fired.length; i++) {
        int number = i;
        Duration duration = Duration.ofMillis(random.nextLong(1_000, 60_000));
        sleepers.add(Tasks.spawn(() -> {
          Timers.sleep(duration);
          fired[number]++;
        }));
      }
      int[] repeated = new int[1];
      Task<?> repeating = Tasks.spawn(() -> {
        while (true) {
          Timers.sleep(Duration.ofMillis(100));
          repeated[0]++;
        }
      });
      Timers.sleep(Duration.ofMillis(500));
      int before = repeated[0];
      world.time().jump(Duration.ofMinutes(1));
      long start = world.time().now();
      sleepers.forEach(Task::join);
      assertThat(world.time().now() - start).isLessThanOrEqualTo(LATE);
      assertThat(fired).containsOnly(1);
      assertThat(repeated[0] - before).isLessThanOrEqualTo(1);
      repeating.cancel().await();
      assertThat(fired).containsOnly(1);
    });
  }

  /** Hazard 17: timers do not care what time of day it is. */
  @ParameterizedTest
  @ValueSource(longs = {-3_600, 3_600, -1_000_000_000})
  void aStepOfTheWallClockMovesNoTimer(long seconds) {
    Simulation.ofSeed(1).run(world -> {
      Task<Long> sleeper = Tasks.spawn(() -> slept(world, 10_000_000_000L));
      Timers.sleep(Duration.ofSeconds(3));
      world.time().stepWallClock(Duration.ofSeconds(seconds));
      assertThat(sleeper.join()).isBetween(10_000_000_000L, 10_000_000_000L + LATE);
    });
  }
}
