package io.github.epollo.timers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Tasks;
import io.github.epollo.testkit.Simulation;
import io.github.epollo.testkit.Stopwatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/** Sleeps of any length over a year, against a list that is sorted. */
class YearOfSleepsTest {
  private static final long YEAR = Duration.ofDays(365).toNanos();

  /** A sleep, and when it begins; in nanoseconds. */
  record Plan(long begin, long length) {
    /** When it is due. */
    long due() {
      return begin + length;
    }
  }

  @Provide
  Arbitrary<List<Plan>> plans() {
    Arbitrary<Long> lengths = Arbitraries.oneOf(
        Arbitraries.longs().between(0, YEAR),
        Arbitraries.integers().between(0, 54).map(bit -> 1L << bit), // around the levels of the wheel
        Arbitraries.longs().between(0, 100_000));
    Arbitrary<Long> begins = Arbitraries.oneOf(Arbitraries.of(0L), Arbitraries.longs().between(0, YEAR));
    return net.jqwik.api.Combinators.combine(begins, lengths).as(Plan::new).list();
  }

  @Property(tries = 100)
  void theyEndInOrder_eachToTheTick(@ForAll("plans") @Size(max = 60) List<Plan> plans, @ForAll long seed) {
    List<Plan> ended = new ArrayList<>();
    Simulation.ofSeed(seed).run(world -> {
      Stopwatch year = new Stopwatch();
      // One begins after the other, and then sleeps as a task of its own.
      for (Plan plan : plans.stream().sorted((a, b) -> Long.compare(a.begin, b.begin)).toList()) {
        Timers.sleepUntil(year.start() + plan.begin);
        Tasks.spawn(() -> {
          Timers.sleepUntil(year.start() + plan.due());
          long late = year.nanos() - plan.due();
          // what is over before its task begins is only as late as the task is
          assertThat(late).isBetween(0L, Stopwatch.TICK_NANOS - 1);
          ended.add(plan);
        });
      }
      Timers.sleepUntil(year.start() + 3 * YEAR);
      assertThat(Timers.armed()).isZero();
    });
    assertThat(ended).containsExactlyInAnyOrderElementsOf(plans);
    for (int i = 1; i < ended.size(); i++) {
      assertThat(ended.get(i).due()).isGreaterThan(ended.get(i - 1).due() - Stopwatch.TICK_NANOS);
    }
  }
}
