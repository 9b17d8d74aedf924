package io.github.epollo.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What it costs that nobody records. */
final class FlightRecordingCostTest {
  private static final int TIMES = 10_000;

  private volatile @Nullable Object last; // so that nothing is optimized away

  @Test
  void anEventThatIsOffAllocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) { // the first round loads classes
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int n = 0; n < TIMES; n++) {
        last = FlightRecording.taskBegins();
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(last).isNull();
    assertThat(least).isLessThan(TIMES / 10); // the measurement itself is not free
  }
}
