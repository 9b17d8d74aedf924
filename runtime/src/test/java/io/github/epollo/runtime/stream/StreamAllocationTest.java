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
  private static final int ROUNDS = 40;
  private static final int BYTES_PER_VALUE = 128; // 113 when measured: two boxed integers, the future, and an answer for each of them

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  void aMillionValuesThroughMapFilterBufferedCollect() {
    long least = Long.MAX_VALUE;
    // Again until the compiler is done, which has much else to do in a long test run on few cores.
    for (int i = 0; i < ROUNDS && least / VALUES > BYTES_PER_VALUE; i++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      long count = AsyncStream.fromStream(IntStream.range(0, VALUES).boxed()).map(n -> n + 1).filter(n -> n > 0)
          .buffered(16, Future::ready).collect(Collectors.counting());
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
      assertThat(count).isEqualTo(VALUES);
    }
    assertThat(least / VALUES).as("bytes for each value").isLessThanOrEqualTo(BYTES_PER_VALUE);
  }
}
