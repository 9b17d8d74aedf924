package io.github.epollo.runtime.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class LatencyHistogramTest {
  @Property
  void aBucketHoldsItsValuesToAnEighth(@ForAll @LongRange(min = 0) long nanos) {
    int bucket = LatencyHistogram.bucket(nanos);
    assertThat(bucket).isBetween(0, LatencyHistogram.SIZE - 1);
    long highest = LatencyHistogram.highest(bucket);
    assertThat(highest).isGreaterThanOrEqualTo(nanos);
    assertThat(highest - nanos).isLessThanOrEqualTo(nanos / 8);
    assertThat(LatencyHistogram.bucket(highest)).isEqualTo(bucket);
    if (bucket > 0) {
      assertThat(LatencyHistogram.highest(bucket - 1)).isLessThan(nanos);
    }
  }

  @Property
  void percentilesAreThoseOfTheSortedValues(
      @ForAll @Size(min = 1, max = 100) List<@LongRange(min = 0, max = 1L << 40) Long> values,
      @ForAll @DoubleRange(min = 0, max = 1) double fraction) {
    long[] counts = new long[LatencyHistogram.SIZE];
    values.forEach(v -> counts[LatencyHistogram.bucket(v)]++);
    LatencyHistogram histogram = new LatencyHistogram(counts);
    long[] sorted = values.stream().mapToLong(v -> v).sorted().toArray();
    long model = sorted[Math.max(1, (int) Math.ceil(fraction * sorted.length)) - 1];
    assertThat(histogram.percentile(fraction)).isBetween(model, model + model / 8);
    assertThat(histogram.count()).isEqualTo(values.size());
    long[] more = counts.clone();
    more[0] += 5;
    assertThat(new LatencyHistogram(more).since(histogram).count()).isEqualTo(5);
  }

  @Example
  void anEmptyOneHasNone() {
    LatencyHistogram histogram = new LatencyHistogram(new long[LatencyHistogram.SIZE]);
    assertThat(histogram.percentile(1)).isZero();
    assertThat(histogram.toString()).contains("0 (p50");
    for (double wrong : new double[]{-0.1, 1.1, Double.NaN}) {
      assertThatThrownBy(() -> histogram.percentile(wrong)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(Arrays.stream(new int[]{LatencyHistogram.bucket(Long.MAX_VALUE)}).max())
        .hasValue(LatencyHistogram.SIZE - 1);
  }
}
