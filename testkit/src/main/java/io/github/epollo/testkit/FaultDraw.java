package io.github.epollo.testkit;

import java.util.EnumMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Decides, opportunity by opportunity, where the faults of one simulation strike. Used under the order of the simulation: one thread at a time. */
final class FaultDraw {
  private final Faults faults;
  private final RandomGenerator random;
  private final Trace trace;
  private final Map<Fault, Integer> opportunities = new EnumMap<>(Fault.class);
  private volatile boolean paused;

  FaultDraw(Faults faults, RandomGenerator random, Trace trace) {
    this.faults = faults;
    this.random = random;
    this.trace = trace;
  }

  /** Whether {@code fault} is to happen now, at {@code where}. */
  boolean strikes(Fault fault, String where) {
    if (paused) {
      return false;
    }
    double rate = faults.rate(fault);
    if (rate <= 0 && !faults.hasStrikes()) {
      return false;
    }
    int opportunity = opportunities.merge(fault, 1, Integer::sum) - 1;
    boolean strikes = faults.strikes(fault, opportunity) || (rate > 0 && random.nextDouble() < rate);
    if (strikes) {
      trace.add("fault", fault + "@" + opportunity + " in " + where);
    }
    return strikes;
  }

  /** From 1 to {@code most}. */
  long amount(long most) {
    return 1 + random.nextLong(most);
  }

  RandomGenerator random() {
    return random;
  }

  /** While paused nothing strikes. */
  void pause(boolean paused) {
    this.paused = paused;
  }
}
