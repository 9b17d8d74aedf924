package io.github.epollo.runtime.loop;

import java.util.Objects;

/**
 * How many durations there were of which length: a copy, of numbers that were read one after another while others changed them.
 *
 * <p>Buckets are eight to each power of two nanoseconds, so that a value is told to an eighth (the layout is that of HdrHistogram, by Gil Tene).
 */
public final class LatencyHistogram {
  private static final int BUCKETS_BITS = 3;
  private static final int BUCKETS_PER_POWER = 1 << BUCKETS_BITS;
  static final int SIZE = (Long.SIZE - BUCKETS_BITS) * BUCKETS_PER_POWER;

  private final long[] counts;

  /** Takes a copy. */
  LatencyHistogram(long[] counts) {
    this.counts = counts.clone();
  }

  /** The bucket of {@code nanos}, which is not negative. */
  static int bucket(long nanos) {
    if (nanos < BUCKETS_PER_POWER) {
      return (int) nanos;
    }
    int power = Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos);
    int eighth = (int) (nanos >>> (power - BUCKETS_BITS)) & (BUCKETS_PER_POWER - 1);
    return (power - BUCKETS_BITS + 1) * BUCKETS_PER_POWER + eighth;
  }

  /** The largest value of {@code bucket}. */
  static long highest(int bucket) {
    if (bucket < BUCKETS_PER_POWER) {
      return bucket;
    }
    int shift = bucket / BUCKETS_PER_POWER - 1;
    long lowest = (long) (BUCKETS_PER_POWER + bucket % BUCKETS_PER_POWER) << shift;
    return lowest + (1L << shift) - 1;
  }

  /** How many durations there were. */
  public long count() {
    long count = 0;
    for (long c : counts) {
      count += c;
    }
    return count;
  }

  /**
   * What {@code fraction} of the durations were not longer than, in nanoseconds, rounded up by at most an eighth; 0 if there were none.
   *
   * @param fraction 0.5 for the median, 0.99, 1 for the longest
   * @throws IllegalArgumentException if it is not between 0 and 1
   */
  public long percentile(double fraction) {
    if (!(fraction >= 0 && fraction <= 1)) {
      throw new IllegalArgumentException("not a fraction from 0 to 1: " + fraction + "; the 99th percentile is 0.99");
    }
    long wanted = Math.max(1, (long) Math.ceil(fraction * count()));
    long seen = 0;
    for (int i = 0; i < counts.length; i++) {
      seen += counts[i];
      if (seen >= wanted) {
        return highest(i);
      }
    }
    return 0;
  }

  /** What has come since {@code earlier}, a copy of the same histogram. */
  public LatencyHistogram since(LatencyHistogram earlier) {
    Objects.requireNonNull(earlier, "earlier");
    long[] later = counts.clone();
    for (int i = 0; i < later.length; i++) {
      later[i] -= earlier.counts[i];
    }
    return new LatencyHistogram(later);
  }

  @Override
  public String toString() {
    return count() + " (p50 " + percentile(0.5) / 1000 + " us, p99 " + percentile(0.99) / 1000 + " us, max "
        + percentile(1) / 1000 + " us)";
  }
}
