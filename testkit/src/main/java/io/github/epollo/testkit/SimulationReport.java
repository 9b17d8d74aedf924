package io.github.epollo.testkit;

/**
 * Says of a failure in a simulation with which seed it happened, how to run that again, and what happened last. Attached to the failure as suppressed, and logged at
 * level ERROR to {@code io.github.epollo.testkit}, except in properties of jqwik: what matters there is the smallest sample, which jqwik prints.
 */
public final class SimulationReport extends Exception {
  private static final long serialVersionUID = 1;
  private static final int EVENTS = 40;

  SimulationReport(Simulation simulation, String replay, Trace trace, String tasks) {
    super(
        "in " + simulation + "\n  run it again with: " + replay + "\n  the last of " + trace.count() + " events:\n    "
            + String.join("\n    ", trace.last(EVENTS)) + (tasks.isEmpty() ? "" : "\n  tasks:\n" + tasks),
        null, false, false);
  }
}
