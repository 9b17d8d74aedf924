package io.github.epollo.runtime.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.github.epollo.runtime.future.Future;
import java.lang.management.ManagementFactory;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a long pipeline allocates for each value. */
class StreamAllocationTest {
  private static final int VALUES = 1_000_000;

  // What the code asks for, as -Xint and -XX:-DoEscapeAnalysis show: two boxed integers, the future, and answers. The compiler leaves some of it out, and how much depends
  // on what else has run in the JVM: 106 to 123 in one of its own, and all of it after other tests.
  private static final int BYTES_PER_VALUE = 152;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  void aMillionValuesThroughMapFilterBufferedCollect() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 2; i++) { // the first one loads classes
      long before = THREADS.getCurrentThreadAllocatedBytes();
      long count = AsyncStream.fromStream(IntStream.range(0, VALUES).boxed()).map(n -> n + 1).filter(n -> n > 0)
          .buffered(16, Future::ready).collect(Collectors.counting());
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
      assertThat(count).isEqualTo(VALUES);
    }
    assertThat(least / VALUES).as("bytes for each value").isLessThanOrEqualTo(BYTES_PER_VALUE);
  }
}
