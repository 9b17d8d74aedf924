package io.github.epollo.testkit;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Decides, opportunity by opportunity, where the faults of one simulation strike. The order of the simulation has one thread ask at a time; a thread of the test's
 * own may wake a loop meanwhile, and then asks, too.
 *
 * <p><b>Threading:</b> may be used from any thread.
 */
final class FaultDraw {
  /** After these code does at once what it did before: if they struck always, it would go on so for ever. */
  private static final Set<Fault> REPEATING = EnumSet.of(Fault.INTERRUPTED, Fault.WOULD_BLOCK, Fault.SPURIOUS_WAKEUP);
  private static final int MOST_IN_A_ROW = 8;

  private final Faults faults;
  private final RandomGenerator random;
  private final Trace trace;
  private final Map<Fault, Integer> opportunities = new EnumMap<>(Fault.class);
  private final Map<Fault, Integer> inARow = new EnumMap<>(Fault.class);
  private int pauses;

  FaultDraw(Faults faults, RandomGenerator random, Trace trace) {
    this.faults = faults;
    this.random = random;
    this.trace = trace;
  }

  /** Whether {@code fault} is to happen now, at {@code where}. */
  synchronized boolean strikes(Fault fault, String where) {
    if (pauses > 0) {
      return false;
    }
    double rate = faults.rate(fault);
    if (rate <= 0 && !faults.hasStrikes()) {
      return false;
    }
    int opportunity = opportunities.merge(fault, 1, Integer::sum) - 1;
    boolean strikes = faults.strikes(fault, opportunity) || (rate > 0 && isDrawn(fault, rate));
    if (strikes) {
      trace.add("fault", fault + "@" + opportunity + " in " + where);
    }
    return strikes;
  }

  private boolean isDrawn(Fault fault, double rate) {
    boolean drawn = random.nextDouble() < rate
        && !(REPEATING.contains(fault) && inARow.getOrDefault(fault, 0) >= MOST_IN_A_ROW);
    inARow.put(fault, drawn ? inARow.getOrDefault(fault, 0) + 1 : 0);
    return drawn;
  }

  /** From 1 to {@code most}. */
  synchronized long amount(long most) {
    return 1 + random.nextLong(most);
  }

  /** Until each pause is ended nothing strikes. */
  synchronized void pause() {
    pauses++;
  }

  /** Ends one pause. */
  synchronized void resume() {
    pauses--;
  }
}
