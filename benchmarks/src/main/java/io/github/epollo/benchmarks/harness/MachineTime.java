package io.github.epollo.benchmarks.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the machine's processors have done so far, all together, in ticks: worked, waited, or been given to other machines by the hypervisor. */
record MachineTime(long busy, long stolen, long total) {
  private static final double SECONDS_PER_TICK = 0.01; // USER_HZ is 100 on every Linux that Epollo runs on
  private static final int IDLE = 3;
  private static final int IOWAIT = 4;
  private static final int STEAL = 7;
  private static final int GUEST = 8; // this and what follows is contained in the user time

  static MachineTime now() throws IOException {
    String all = Files.readAllLines(Path.of("/proc/stat")).getFirst();
    String[] fields = all.substring("cpu".length()).trim().split(" ", -1);
    long busy = 0;
    long total = 0;
    for (int i = 0; i < GUEST; i++) {
      long ticks = Long.parseLong(fields[i]);
      total += ticks;
      if (i != IDLE && i != IOWAIT && i != STEAL) {
        busy += ticks;
      }
    }
    return new MachineTime(busy, Long.parseLong(fields[STEAL]), total);
  }

  MachineTime since(MachineTime before) {
    return new MachineTime(busy - before.busy, stolen - before.stolen, total - before.total);
  }

  double stolenShare() {
    return total == 0 ? 0 : (double) stolen / total;
  }

  /** The share of the machine that went into something else than what is known to have used {@code seconds}. */
  double othersShare(double seconds) {
    return total == 0 ? 0 : Math.max(0, (busy - seconds / SECONDS_PER_TICK) / total);
  }
}
