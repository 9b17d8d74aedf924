package io.github.epollo.runtime.future;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A reason for which every await in a region of a task's code stops: a deadline that passed, for one.
 *
 * <p>The owner {@linkplain Awaiter#enter enters} a region with an interruption and {@linkplain Awaiter#exit leaves} it again, on
 * its own thread, properly nested. Any thread may {@link #raise} it meanwhile: the task is interrupted, and from then on
 * each await in the region throws {@link #exception}. Once the region was left, {@code raise} does nothing; while the code is in a {@linkplain
 * Awaiter#enterShield shield} within the region, it takes effect when the shield is left.
 */
public abstract class Interruption {
  /*
   *   ACTIVE  -> RAISING   // raise(): the thread is about to be interrupted
   *   RAISING -> RAISED    // raise(): it has been; final
   *   RAISING -> WITHHELD  // raise(): it has not, for the code is in a shield within the region
   *   WITHHELD -> RAISED   // release(): leaving that shield, which interrupts
   *   ACTIVE  -> ENDED     // end(): the region was left in time; final
   *
   * end() waits while RAISING, so that the interrupt of this region can never hit the code after it. For shields, see Cancellation.
   */
  private static final int ACTIVE = 0;
  private static final int RAISING = 1;
  private static final int RAISED = 2;
  private static final int WITHHELD = 3;
  private static final int ENDED = 4;

  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Interruption.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Thread thread = Thread.currentThread();

  /** The region around this one; used by the awaiter's thread only. */
  @Nullable Interruption outer;

  private int shields; // published by the write of awaiter
  private volatile @Nullable Awaiter awaiter;
  private volatile int state;

  /** Creates an interruption for the current thread. */
  protected Interruption() {}

  /** Makes what an await in this region throws once raised; {@code awaited} says what was waited for. */
  protected abstract RuntimeException exception(Object awaited);

  /** Interrupts the region's thread, if it is still in the region. Callable from any thread, any number of times. */
  public final void raise() {
    if (STATE.compareAndSet(this, ACTIVE, RAISING)) {
      Awaiter entered = awaiter;
      boolean withheld = entered != null && entered.shields() > shields;
      try {
        if (!withheld) {
          thread.interrupt();
        }
      } finally {
        state = withheld ? WITHHELD : RAISED;
      }
    }
  }

  /** Whether it was raised while the region was active. */
  public final boolean isRaised() {
    int s = state;
    return s == RAISING || s == RAISED || s == WITHHELD;
  }

  /** Ends the region; returns whether it had been raised. After this the thread gets no interrupt from here. */
  final boolean end() {
    if (STATE.compareAndSet(this, ACTIVE, ENDED)) {
      return false;
    }
    settle();
    return true;
  }

  /** On the region's thread, before {@code raise} can be called: {@code shields} is how many there are around the region. */
  final void enteredBy(Awaiter awaiter, int shields, @Nullable Interruption outer) {
    this.outer = outer;
    this.shields = shields;
    this.awaiter = awaiter;
  }

  final int shields() {
    return shields;
  }

  /** Waits until the thread gets no interrupt from here that a shield around the code withholds. */
  final void settle() {
    while (state == RAISING) {
      Thread.yield(); // raise() is between two statements on another thread
    }
  }

  /** On leaving the shield within the region; whether the interrupt is to be made up for. */
  final boolean release() {
    settle();
    if (state != WITHHELD) {
      return false;
    }
    state = RAISED;
    return true;
  }
}
