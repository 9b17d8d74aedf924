package io.github.epollo.timers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
  private static final BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);
  private static final BigInteger MIN = BigInteger.valueOf(Long.MIN_VALUE);

  @Property
  void toNanos_isExactOrSaturates(@ForAll long seconds, @ForAll @IntRange(max = 999_999_999) int nanos) {
    assertNanos(seconds, nanos);
  }

  @Property
  void toNanos_aroundTheLimits(@ForAll @LongRange(min = -2, max = 2) long off,
      @ForAll @IntRange(max = 999_999_999) int nanos) {
    assertNanos(Long.MAX_VALUE / 1_000_000_000 + off, nanos);
    assertNanos(Long.MIN_VALUE / 1_000_000_000 + off, nanos);
  }

  /** Within a second of the ends of the range, the end is near enough, but never less than asked for. */
  private static void assertNanos(long seconds, int nanos) {
    BigInteger exact = BigInteger.valueOf(seconds).multiply(BigInteger.valueOf(1_000_000_000))
        .add(BigInteger.valueOf(nanos));
    long actual = Deadlines.toNanos(Duration.ofSeconds(seconds, nanos));
    if (actual == Long.MAX_VALUE) {
      assertThat(exact).isGreaterThan(MAX.subtract(BigInteger.TWO.pow(31)));
    } else if (actual == Long.MIN_VALUE) {
      assertThat(exact).isLessThan(MIN.add(BigInteger.TWO.pow(31)));
    } else {
      assertThat(BigInteger.valueOf(actual)).isEqualTo(exact);
    }
  }

  @Property
  void after_passesThenAndNotBefore(@ForAll long now,
      @ForAll @LongRange(min = 0, max = Deadlines.FURTHEST) long nanos) {
    long deadline = Deadlines.after(now, nanos);
    assertThat(deadline).isNotEqualTo(Deadlines.NEVER);
    assertThat(Deadlines.isReached(deadline, now + nanos + 1)).isTrue();
    if (nanos > 0) {
      assertThat(Deadlines.isReached(deadline, now + nanos - 1)).isFalse();
      assertThat(Deadlines.isEarlier(Deadlines.after(now, nanos / 2 - 1), deadline)).isTrue();
    }
  }

  @Property
  void after_neverStaysNever(@ForAll long now, @ForAll @LongRange(min = Deadlines.FURTHEST + 1) long nanos,
      @ForAll long later) {
    long deadline = Deadlines.after(now, nanos);
    assertThat(deadline).isEqualTo(Deadlines.NEVER);
    assertThat(Deadlines.isReached(deadline, later)).isFalse();
    assertThat(Deadlines.isEarlier(deadline, later)).isFalse();
    assertThat(Deadlines.normalize(now, deadline)).isEqualTo(later == Deadlines.NEVER ? later : deadline);
  }

  @Property
  void toTimerfd_isValid(@ForAll long deadline) {
    assertThat(Deadlines.toTimerfd(deadline)).isPositive().isGreaterThanOrEqualTo(deadline);
  }

  @Test
  void requireNotNegative_namesValueAndRemedy() {
    assertThat(Deadlines.requireNotNegative(Duration.ZERO)).isZero();
    assertThatIllegalArgumentException().isThrownBy(() -> Deadlines.requireNotNegative(Duration.ofNanos(-1)))
        .withMessageContaining("PT-0.000000001S").withMessageContaining("use Duration.ZERO");
  }

  @Test
  void normalize_whatIsFarInThePast_hasPassed() {
    long now = 1_000_000_000_000L;
    for (long deadline : new long[]{Long.MIN_VALUE, -Deadlines.FURTHEST - 1, -1, 0}) {
      assertThat(Deadlines.isReached(Deadlines.normalize(now, deadline), now)).isTrue();
      assertThat(Deadlines.isEarlier(Deadlines.normalize(now, deadline), now)).isTrue();
    }
    assertThat(Deadlines.normalize(5, Deadlines.NEVER)).isEqualTo(Deadlines.NEVER);
  }
}
