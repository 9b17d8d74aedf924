package io.github.epollo.runtime.future;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A reason for which every await in a region of a task's code stops: a deadline that passed, for one.
 *
 * <p>The owner {@linkplain Awaiter#enter enters} a region with an interruption and {@linkplain Awaiter#exit leaves} it again, on
 * its own thread, properly nested. Any thread may {@link #raise} it meanwhile: the task is interrupted, and from then on
 * each await in the region throws {@link #exception}. Once the region was left, {@code raise} does nothing.
 */
public abstract class Interruption {
  /*
   *   ACTIVE  -> RAISING   // raise(): the thread is about to be interrupted
   *   RAISING -> RAISED    // raise(): it has been; final
   *   ACTIVE  -> ENDED     // end(): the region was left in time; final
   *
   * end() waits while RAISING, so that the interrupt of this region can never hit the code after it.
   */
  private static final int ACTIVE = 0;
  private static final int RAISING = 1;
  private static final int RAISED = 2;
  private static final int ENDED = 3;

  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Interruption.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Thread thread = Thread.currentThread();

  /** The region around this one; set by the awaiter that entered, used by its thread only. */
  @Nullable Interruption outer;

  private volatile int state;

  /** Creates an interruption for the current thread. */
  protected Interruption() {}

  /** Makes what an await in this region throws once raised; {@code awaited} says what was waited for. */
  protected abstract RuntimeException exception(Object awaited);

  /** Interrupts the region's thread, if it is still in the region. Callable from any thread, any number of times. */
  public final void raise() {
    if (STATE.compareAndSet(this, ACTIVE, RAISING)) {
      try {
        thread.interrupt();
      } finally {
        state = RAISED;
      }
    }
  }

  /** Whether it was raised while the region was active. */
  public final boolean isRaised() {
    int s = state;
    return s == RAISING || s == RAISED;
  }

  /** Ends the region; returns whether it had been raised. After this the thread gets no interrupt from here. */
  final boolean end() {
    if (STATE.compareAndSet(this, ACTIVE, ENDED)) {
      return false;
    }
    while (state == RAISING) {
      Thread.yield(); // raise() is between two statements on another thread
    }
    return state == RAISED;
  }
}
