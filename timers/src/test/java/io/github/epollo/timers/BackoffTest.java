package io.github.epollo.timers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackoffTest {
  @Property
  void growsFromTheFirstToTheCap_andStays(@ForAll @LongRange(min = 0) long a, @ForAll @LongRange(min = 0) long b,
      @ForAll @DoubleRange(min = 1, max = 1e300) double factor, @ForAll @IntRange(min = 1) int failures) {
    Backoff backoff = new Backoff(Math.min(a, b), factor, Math.max(a, b));
    assertThat(backoff.longest(1)).isEqualTo(exactOrNear(backoff));
    long pause = backoff.longest(failures);
    assertThat(pause).isBetween(0L, backoff.cap());
    assertThat(pause).isGreaterThanOrEqualTo(backoff.longest(1));
    assertThat(backoff.longest(failures == Integer.MAX_VALUE ? failures : failures + 1)).isGreaterThanOrEqualTo(pause);
  }

  /** A double holds 53 bits of it. */
  private static long exactOrNear(Backoff backoff) {
    return Math.min(backoff.cap(), (long) (double) backoff.initial());
  }

  @Property
  void doubles_untilTheCap(@ForAll @LongRange(min = 1, max = 1000) long initial,
      @ForAll @LongRange(min = 1000, max = 1L << 40) long cap, @ForAll @IntRange(min = 1, max = 30) int failures) {
    Backoff backoff = new Backoff(initial, 2, cap);
    assertThat(backoff.longest(failures)).isEqualTo(Math.min(cap, initial << (failures - 1)));
  }

  @Property
  void jitter_isBetweenZeroAndTheLongest_andTheSameForASeed(@ForAll long seed, @ForAll @LongRange(min = 0) long a,
      @ForAll @LongRange(min = 0) long b, @ForAll @IntRange(min = 1, max = 100) int failures) {
    Backoff backoff = new Backoff(Math.min(a, b), 2, Math.max(a, b));
    long pause = backoff.jittered(failures, new Random(seed));
    assertThat(pause).isBetween(0L, backoff.longest(failures));
    assertThat(backoff.jittered(failures, new Random(seed))).isEqualTo(pause);
    assertThat(backoff.jittered(failures, null)).isBetween(0L, backoff.longest(failures));
  }

  @Test
  void jitter_usesTheWholeRange() {
    Backoff backoff = new Backoff(3, 1, 3);
    Random random = new Random(1);
    assertThat(java.util.stream.IntStream.range(0, 200).mapToLong(_ -> backoff.jittered(1, random)).distinct().sorted())
        .containsExactly(0L, 1L, 2L, 3L);
    assertThat(new Backoff(0, 2, 9).jittered(5, random)).isZero();
    assertThat(new Backoff(Long.MAX_VALUE, 1, Long.MAX_VALUE).jittered(1, random)).isNotNegative();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.99, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void aFactorThatIsNone_isAnError(double factor) {
    assertThatIllegalArgumentException().isThrownBy(() -> Backoff.of(Duration.ZERO, factor, Duration.ZERO))
        .withMessageContaining("factor " + factor);
  }

  @Test
  void aCapBelowTheFirst_isAnError() {
    assertThatIllegalArgumentException().isThrownBy(() -> Backoff.of(Duration.ofMillis(2), 2, Duration.ofMillis(1)))
        .withMessageContaining("PT0.002S").withMessageContaining("exchange");
  }
}
