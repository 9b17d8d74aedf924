package io.github.epollo.runtime.future;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** The cancellation of one awaiter: asked for once, from any thread; delivered once, on the awaiter's own. */
final class Cancellation {
  /*
   * It is delivered as one exception at one await, so that finally blocks can await again:
   *
   *                           in no shield: interrupt the thread
   *   NONE ──► REQUESTING ───────────────────────────────────────► REQUESTED ──► DELIVERED
   *                 │                                              │       ▲
   *                 │ in a shield: do not         entering a shield│       │leaving the outermost shield, which interrupts
   *                 │                                              ▼       │
   *                 └────────────────────────────────────────────► WITHHELD
   *
   *   NONE -> REQUESTING -> REQUESTED or WITHHELD is request(), on any thread; all else is the awaiter's own thread.
   *
   * Who delivers waits while REQUESTING and then clears the interrupt status, so that the interrupt of this cancellation, which another
   * interrupt may have overtaken, never hits the finally blocks. Who enters or leaves a shield first says so (Awaiter.shields), then waits
   * while REQUESTING; request() first writes REQUESTING, then looks for a shield. All volatile, so one of the two sees the other: no
   * interrupt arrives in a shield that has been entered, and what a shield has withheld is found by whoever leaves it.
   */
  private static final int NONE = 0;
  private static final int REQUESTING = 1;
  private static final int REQUESTED = 2;
  private static final int WITHHELD = 3;
  private static final int DELIVERED = 4;

  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Cancellation.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile int state;

  /** Interrupts the thread of {@code awaiter}, unless that is in a shield; false if that was asked for before. */
  boolean request(Awaiter awaiter) {
    if (!STATE.compareAndSet(this, NONE, REQUESTING)) {
      return false;
    }
    boolean withheld = awaiter.shields() > 0;
    try {
      Thread thread = awaiter.thread();
      if (thread != null && !withheld) {
        thread.interrupt();
      }
    } finally {
      state = withheld ? WITHHELD : REQUESTED;
    }
    return true;
  }

  boolean isRequested() {
    return state != NONE;
  }

  /** Whether the thread was interrupted for it, and no await has delivered it. */
  boolean isToBeDelivered() {
    return state == REQUESTED;
  }

  /** As {@link #isToBeDelivered}, or the thread is about to be interrupted. */
  boolean isUndelivered() {
    int s = state;
    return s == REQUESTING || s == REQUESTED;
  }

  /** Delivers it, with the interrupt that came with it; false if there is nothing to deliver here. */
  boolean take() {
    settle();
    if (!STATE.compareAndSet(this, REQUESTED, DELIVERED)) {
      return false;
    }
    boolean _ = Thread.interrupted();
    return true;
  }

  /** The interrupt is gone: a call of the JDK has thrown, and that was the once. */
  void takenByTheJdk() {
    if (state == REQUESTED) {
      state = DELIVERED;
    }
  }

  /** Waits until the thread gets no interrupt from here unless another shield is left. */
  void settle() {
    while (state == REQUESTING) {
      Thread.yield(); // request() is between two statements on another thread
    }
  }

  /** On entering a shield, settled; {@code interrupted} is what the interrupt status was. */
  void withhold(boolean interrupted) {
    if (!interrupted) {
      takenByTheJdk();
    } else if (state == REQUESTED) {
      state = WITHHELD;
    }
  }

  /** On leaving the outermost shield; whether the interrupt is to be made up for. */
  boolean release() {
    settle();
    if (state != WITHHELD) {
      return false;
    }
    state = REQUESTED;
    return true;
  }
}
