package io.github.epollo.timers;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** The three policies against models that count, with a consumer that is late by chance. Times are offsets from the start, so that the clock may wrap. */
class MissedTicksTest {
  private static final long MS = 1_000_000;

  private static long start(int index) {
    return List.of(0L, -500L, 1_000_000_000_000L, Long.MAX_VALUE - 77_777).get(index);
  }

  /** Takes ticks, each some time after it is due and after the one before; returns when they were due and when they were taken. */
  private static List<long[]> take(MissedTicks policy, long start, long period, int ticks, Random random) {
    List<long[]> taken = new ArrayList<>();
    long due = start;
    long now = start;
    for (int i = 0; i < ticks; i++) {
      now = due - now > 0 ? due : now;
      now += random.nextInt(3) == 0 ? (long) (random.nextDouble() * 4 * period) : random.nextLong(period / 10 + 1);
      taken.add(new long[]{due - start, now - start});
      due = policy.next(due, now, period);
    }
    return taken;
  }

  /** A deadline that would be NEVER is a nanosecond late, once. */
  private static boolean isSame(long actual, long expected) {
    return actual == expected || actual == expected + 1;
  }

  @Property
  void burst_theNthTickIsNPeriodsAfterTheFirst(@ForAll long seed, @ForAll @IntRange(max = 3) int start,
      @ForAll @LongRange(min = 1, max = 1L << 40) long period) {
    List<long[]> taken = take(MissedTicks.BURST, start(start), period, 50, new Random(seed));
    for (int n = 0; n < taken.size(); n++) {
      assertThat(isSame(taken.get(n)[0], n * period)).isTrue();
    }
  }

  @Property
  void skip_isTheFirstOfTheGridThatIsAhead(@ForAll long seed, @ForAll @IntRange(max = 3) int start,
      @ForAll @LongRange(min = 1, max = 1L << 40) long period) {
    List<long[]> taken = take(MissedTicks.SKIP, start(start), period, 50, new Random(seed));
    long grid = 0;
    for (int n = 0; n + 1 < taken.size(); n++) {
      long now = taken.get(n)[1];
      assertThat(isSame(taken.get(n)[0], grid)).isTrue();
      do {
        grid += period;
      } while (grid <= now - (taken.get(n)[0] - grid == 1 ? 1 : 0));
      if (taken.get(n + 1)[0] == grid + 1) {
        grid++;
      }
    }
  }

  @Property
  void delay_isAPeriodAfterALateTickWasTaken_andOnTheGridElse(@ForAll long seed, @ForAll @IntRange(max = 3) int start,
      @ForAll @LongRange(min = 1, max = 1L << 40) long period) {
    List<long[]> taken = take(MissedTicks.DELAY, start(start), period, 50, new Random(seed));
    for (int n = 0; n + 1 < taken.size(); n++) {
      long due = taken.get(n)[0];
      long now = taken.get(n)[1];
      boolean late = now - due >= 5 * MS || 2 * (now - due) > period;
      assertThat(isSame(taken.get(n + 1)[0], (late ? now : due) + period)).isTrue();
    }
  }

  @Property
  void anyPolicy_atTheEdges_isAheadOfTheLastTick(@ForAll MissedTicks policy, @ForAll long scheduled,
      @ForAll @LongRange(min = 0, max = Deadlines.FURTHEST) long late, @ForAll @LongRange(min = 1) long period) {
    long next = policy.next(scheduled, scheduled + late, period);
    if (period > Deadlines.FURTHEST) {
      assertThat(next).isEqualTo(Deadlines.NEVER);
      return;
    }
    assertThat(next).isNotEqualTo(Deadlines.NEVER);
    BigInteger ahead = BigInteger.valueOf(next - scheduled); // at most 2 * FURTHEST, which wraps once
    if (ahead.signum() < 0) {
      ahead = ahead.add(BigInteger.TWO.pow(64));
    }
    assertThat(ahead).isGreaterThanOrEqualTo(BigInteger.valueOf(period));
  }

  /** The table of the javadoc. */
  @Test
  void theTable() {
    assertThat(ticks(MissedTicks.BURST)).containsExactly(20L, 30L, 40L, 50L, 60L);
    assertThat(ticks(MissedTicks.DELAY)).containsExactly(20L, 47L, 57L, 67L, 77L);
    assertThat(ticks(MissedTicks.SKIP)).containsExactly(20L, 40L, 50L, 60L, 70L);
  }

  private static List<Long> ticks(MissedTicks policy) {
    List<Long> ticks = new ArrayList<>();
    long now = 37 * MS;
    long due = 20 * MS;
    for (int i = 0; i < 5; i++) {
      now = Math.max(now, due);
      ticks.add(due / MS);
      due = policy.next(due, now, 10 * MS);
    }
    return ticks;
  }
}
