package io.github.epollo.timers.wheel;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Distances are compared by subtraction: all of this holds wherever the clock starts. */
class TicksTest {
  private static final long TICK = 1024;

  @Property
  void aDeadline_comesNotEarly_andLessThanATickLate(@ForAll long origin,
      @ForAll @LongRange(min = 0, max = Long.MAX_VALUE) long distance) {
    Ticks ticks = new Ticks(origin);
    long tick = ticks.roundUp(origin + distance);
    long due = ticks.toNanos(tick);
    assertThat(due - (origin + distance)).isBetween(0L, TICK - 1);
    assertThat(tick).isBetween(0L, Ticks.LAST);
  }

  @Property
  void aTick_hasComeAtItsTime_andNotBefore(@ForAll long origin,
      @ForAll @LongRange(min = 1, max = Ticks.LAST - 1) long tick) {
    Ticks ticks = new Ticks(origin);
    long time = ticks.toNanos(tick);
    assertThat(ticks.roundDown(time)).isEqualTo(tick);
    assertThat(ticks.roundDown(time - 1)).isEqualTo(tick - 1);
    assertThat(ticks.roundUp(time)).isEqualTo(tick);
    assertThat(ticks.roundUp(time - 1)).isEqualTo(tick);
    assertThat(ticks.roundUp(time + 1)).isEqualTo(tick + 1);
  }

  /** The law that timers rely on. */
  @Property
  void whatIsDue_hasPassed(@ForAll long origin,
      @ForAll @LongRange(min = 0, max = Long.MAX_VALUE) long deadline,
      @ForAll @LongRange(min = 0, max = Long.MAX_VALUE) long now) {
    Ticks ticks = new Ticks(origin);
    boolean due = ticks.roundUp(origin + deadline) <= ticks.roundDown(origin + now);
    if (due) {
      assertThat(deadline).isLessThanOrEqualTo(now);
    } else {
      assertThat(now - deadline).isLessThan(TICK);
    }
  }

  @Property
  void whatPassedBeforeTheOrigin_isDueAtOnce(@ForAll long origin,
      @ForAll @LongRange(min = Long.MIN_VALUE, max = 0) long distance) {
    Ticks ticks = new Ticks(origin);
    assertThat(ticks.roundUp(origin + distance)).isZero();
    assertThat(ticks.roundDown(origin + distance)).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 1, Long.MAX_VALUE})
  void theFurthestDeadline_saturates(long origin) {
    Ticks ticks = new Ticks(origin);
    assertThat(ticks.roundUp(origin + Long.MAX_VALUE)).isEqualTo(Ticks.LAST).isEqualTo(1L << 53);
    assertThat(ticks.toNanos(Ticks.LAST)).isEqualTo(origin + Long.MAX_VALUE);
    assertThat(ticks.toNanos(Ticks.NEVER)).isEqualTo(origin + Long.MAX_VALUE);
  }
}
