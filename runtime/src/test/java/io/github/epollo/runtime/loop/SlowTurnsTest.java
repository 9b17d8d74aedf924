package io.github.epollo.runtime.loop;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** What it costs each turn that nobody records turns. */
final class SlowTurnsTest {
  private static final int TURNS = 10_000;

  @Test
  void aTurnThatNobodyRecordsAllocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    SlowTurns slow = new SlowTurns("loop");
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) { // the first round loads classes
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int n = 0; n < TURNS; n++) {
        slow.turnBegins();
        slow.turnEnds();
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(least).isLessThan(TURNS / 10); // the measurement itself is not free
  }
}
