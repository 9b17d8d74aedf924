package io.github.epollo.runtime.sync;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A lock for a few steps in memory, that tasks and loops may both take.
 *
 * <p>A lock of the JDK must not be taken by both: it hands itself to the thread that has waited longest, and if that is a task of a loop whose thread
 * waits for the same lock, neither ever goes on. This one has no queue. Whoever finds it taken spins, and yields to other threads after a while.
 *
 * <p>Between {@link #lock} and {@link #unlock} nothing may wait, call foreign code, or take another lock; make wakes after {@code unlock}. Not reentrant.
 */
public final class SpinLock {
  private static final int SPINS = 64; // then the holder's thread has probably lost its core

  private static final VarHandle HELD;

  static {
    try {
      HELD = MethodHandles.lookup().findVarHandle(SpinLock.class, "held", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused") // read and written through HELD
  private boolean held;

  /** Creates a lock that nobody holds. */
  public SpinLock() {}

  /** Takes the lock. */
  public void lock() {
    int spins = 0;
    while (!HELD.compareAndSet(this, false, true)) { // pairs with unlock
      if (spins < SPINS) {
        spins++;
        Thread.onSpinWait();
      } else {
        Thread.yield();
      }
    }
  }

  /** Gives the lock back; for its holder only. */
  @SuppressWarnings("ThreadPriorityCheck") // a yield only helps the holder along
  public void unlock() {
    HELD.setVolatile(this, false); // volatile: what a caller reads without the lock afterwards is not older
  }

  /** As {@link #unlock}, at half the price, where nobody reads what it guards without the lock. */
  void release() {
    HELD.setRelease(this, false); // pairs with lock
  }
}
