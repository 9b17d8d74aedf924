package io.github.epollo.benchmarks.timers;

import java.lang.management.ManagementFactory;

/** {@code TimerMemory PEER TIMERS}: prints how many bytes of heap an armed timer takes. */
public final class TimerMemory {
  private TimerMemory() {}

  /** Arms the timers, and looks at the heap before and after. */
  public static void main(String[] args) {
    int count = Integer.parseInt(args[1]);
    try (Peer warm = Peer.named(args[0], 1000)) {
      arm(warm, 1000);
    }
    long before = used();
    try (Peer peer = Peer.named(args[0], count)) {
      arm(peer, count);
      peer.turn();
      System.out.printf("%s %.1f%n", args[0], (double) (used() - before) / count);
    }
  }

  private static void arm(Peer peer, int count) {
    peer.run(() -> {
      for (int i = 0; i < count; i++) {
        peer.arm(i, Delays.at(i));
      }
    });
  }

  private static long used() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
