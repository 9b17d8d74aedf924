package io.github.epollo.runtime;

import java.io.PrintStream;
import java.util.List;
import java.util.Objects;

/**
 * Prints the tasks and the numbers of all runtimes of the process when a signal comes, for as long as this is open:
 *
 * {@snippet class="io.github.epollo.runtime.SnippetsTest" region="dump-signal"}
 *
 * <p>Then {@code kill -USR1 PID} prints. That happens on a thread of the JVM's, so that a loop which is held does not keep it from working.
 *
 * <p><b>Threading:</b> any.
 */
public final class DumpSignal implements AutoCloseable {
  private static final String SUSPENDS = "USR2";

  private final Signals signals;

  private DumpSignal(Signals signals) {
    this.signals = signals;
  }

  /** As {@link #handle(String, PrintStream)}, to standard error. */
  public static DumpSignal handle(String name) {
    return handle(name, System.err);
  }

  /**
   * Prints to {@code out} when the signal {@code name} comes.
   *
   * @param name without SIG, such as {@code USR1}; not {@code USR2}, by which the JVM suspends its threads
   * @throws IllegalArgumentException if there is no such signal, or the JVM needs it for itself
   * @throws IllegalStateException if the JVM lets nobody handle signals
   */
  public static DumpSignal handle(String name, PrintStream out) {
    Objects.requireNonNull(out, "out");
    if (name.equals(SUSPENDS)) { // which the JVM would let us have
      throw new IllegalArgumentException(
          "cannot print tasks on the signal " + name + ": the JVM suspends its threads by it; USR1 is free");
    }
    try {
      return new DumpSignal(new Signals(List.of(name), _ -> out.println(Runtimes.describe())));
    } catch (IllegalStateException e) {
      if (e.getCause() instanceof IllegalArgumentException) {
        throw new IllegalArgumentException(
            "cannot print tasks on the signal " + name + ": " + e.getCause().getMessage() + "; USR1 is free", e);
      }
      throw e;
    }
  }

  /** Leaves the signal to whoever had it before. Idempotent. */
  @Override
  public void close() {
    signals.close();
  }
}
