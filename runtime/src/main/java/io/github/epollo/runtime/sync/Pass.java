package io.github.epollo.runtime.sync;

/**
 * Somebody is inside a {@link Gate} until this is closed.
 *
 * <p><b>Threading:</b> any thread may close it, more than once: it counts once.
 */
public final class Pass implements AutoCloseable {
  private final Gate gate;

  boolean left; // under the lock of the gate

  Pass(Gate gate) {
    this.gate = gate;
  }

  /** Leaves. Idempotent, does not wait. */
  @Override
  public void close() {
    gate.leave(this);
  }

  @Override
  public String toString() {
    return "a pass of " + gate;
  }
}
