package io.github.epollo.testkit.sim;

/** A call that Linux would let wait for somebody else. A ring tries it again; who calls it in place is told that this is not simulated. */
public final class WouldWait extends UnsupportedOperationException {
  private static final long serialVersionUID = 1;

  /** {@code what} says which call it is, and what to do. */
  public WouldWait(String what) {
    super("the simulated kernel has no blocking calls: " + what);
  }
}
