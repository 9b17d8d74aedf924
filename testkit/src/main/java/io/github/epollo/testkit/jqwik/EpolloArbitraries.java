package io.github.epollo.testkit.jqwik;

import io.github.epollo.testkit.Chunking;
import io.github.epollo.testkit.Fault;
import io.github.epollo.testkit.Faults;
import io.github.epollo.testkit.Schedule;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * Random values for properties of code that waits, which shrink to what is easiest to understand.
 *
 * {@snippet class="io.github.epollo.testkit.SnippetsTest" region="arbitraries"}
 *
 * <p><b>Threading:</b> every method may be called from any thread.
 */
public final class EpolloArbitraries {
  private static final long MILLISECOND = 1_000_000;
  private static final int MAX_PIECES = 32;
  private static final int MAX_CHOICES = 64;
  private static final int MAX_CHOICE = 7;
  private static final int MAX_STRIKES = 16;
  private static final int MAX_OPPORTUNITY = 199;

  private EpolloArbitraries() {}

  /**
   * Durations from zero to {@code max}, both included. Edge cases are zero, a nanosecond, a millisecond and a nanosecond less and more, and {@code max}; they
   * shrink to zero.
   *
   * @throws IllegalArgumentException if {@code max} is negative
   * @throws ArithmeticException if {@code max} is more than 292 years
   */
  public static Arbitrary<Duration> durations(Duration max) {
    if (max.isNegative()) {
      throw new IllegalArgumentException("the longest duration must not be negative: " + max);
    }
    long nanos = max.toNanos();
    Long[] added = LongStream.rangeClosed(MILLISECOND - 1, MILLISECOND + 1).filter(n -> n <= nanos).boxed()
        .toArray(Long[]::new);
    Long[] wanted = {0L, 1L, MILLISECOND - 1, MILLISECOND, MILLISECOND + 1, nanos};
    return Arbitraries.longs().between(0, nanos)
        .edgeCases(config -> config.add(added).includeOnly(wanted)).map(Duration::ofNanos);
  }

  /**
   * Ways to cut up to {@code maxTotal} bytes, and whatever follows in one last piece. They shrink to a single piece.
   *
   * @throws IllegalArgumentException if {@code maxTotal} is not positive
   */
  public static Arbitrary<Chunking> chunkings(int maxTotal) {
    if (maxTotal <= 0) {
      throw new IllegalArgumentException("there must be at least one byte to cut: " + maxTotal);
    }
    return Arbitraries.integers().between(1, maxTotal).list().ofMaxSize(Math.min(maxTotal, MAX_PIECES))
        .map(sizes -> chunking(sizes, maxTotal));
  }

  private static Chunking chunking(List<Integer> sizes, int maxTotal) {
    int total = 0;
    int count = 0;
    while (count < sizes.size() && sizes.get(count) <= maxTotal - total) {
      total += sizes.get(count++);
    }
    return Chunking.of(sizes.subList(0, count).stream().mapToInt(Integer::intValue).toArray());
  }

  /** Orders of ready tasks. They shrink to the order of arrival. */
  public static Arbitrary<Schedule> schedules() {
    return Arbitraries.integers().between(0, MAX_CHOICE).list().ofMaxSize(MAX_CHOICES)
        .map(choices -> Schedule.ofChoices(choices.stream().mapToInt(Integer::intValue).toArray()));
  }

  /**
   * Up to 16 strikes of {@code kinds}, each at one of its first 200 opportunities. They shrink to few strikes, early ones, and to none.
   *
   * @throws IllegalArgumentException if there are no kinds
   */
  public static Arbitrary<Faults> faults(Collection<Fault> kinds) {
    if (kinds.isEmpty()) {
      throw new IllegalArgumentException("no kinds of faults; give Fault.harmless(), for one, or use Faults.none()");
    }
    Arbitrary<Fault> kind = Arbitraries.of(kinds.stream().sorted().toList());
    Arbitrary<Integer> opportunity = Arbitraries.integers().between(0, MAX_OPPORTUNITY);
    return Combinators.combine(kind, opportunity).as(Faults.Strike::new).list().uniqueElements().ofMaxSize(MAX_STRIKES)
        .map(Faults::of);
  }
}
