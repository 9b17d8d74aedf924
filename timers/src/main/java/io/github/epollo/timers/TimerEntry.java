package io.github.epollo.timers;

import io.github.epollo.runtime.future.Waker;
import io.github.epollo.timers.wheel.WheelEntry;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * One timer: a deadline, and a waker to call when it has passed.
 *
 * <p><b>Ground rules.</b> Whoever owns the entry says what it wants in the volatile fields, from any thread, and then calls for {@link LoopTimers#update}.
 * The wheel is the loop's: only its thread puts entries in and takes them out, by looking at what is wanted at that moment.
 */
final class TimerEntry extends WheelEntry implements Runnable {
  /*
   * wanted:     false -> true    // arm
   *             true  -> false   // disarm; or the loop, which fires: it then takes the waker and calls it
   *
   * waker:      null -> waker    // arm, before it looks at wanted
   *             waker -> null    // disarm; or the loop that fires, after it has written wanted
   *
   * submitted:  false -> true    // submit: the entry goes to the loop, once
   *             true  -> false   // run, on the loop, before it reads what is wanted
   *
   * No wake-up is lost: arm writes waker and reads wanted, fire writes wanted and takes the waker; all volatile, so one of the two sees the other.
   * Either the loop finds the new waker, or arm finds that the entry is not wanted any more and arms it again.
   * No move is lost: moveTo writes deadline and reads wanted, arm writes wanted and has the loop read deadline.
   *
   * The loop's own thread need not order its accesses with fire, update and run, which are its own: its order in the program will do. One pair remains, arm
   * there and moveTo elsewhere: so of all that it writes, wanted = true alone is a volatile write. A fence costs more than the wheel. Two moves at the same time leave one of
   * the two deadlines; whoever must not overwrite another's takes moveFrom.
   */
  private static final VarHandle WAKER;
  private static final VarHandle SUBMITTED;
  private static final VarHandle WANTED;
  private static final VarHandle DEADLINE;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      WAKER = lookup.findVarHandle(TimerEntry.class, "waker", Waker.class);
      WANTED = lookup.findVarHandle(TimerEntry.class, "wanted", boolean.class);
      DEADLINE = lookup.findVarHandle(TimerEntry.class, "deadline", long.class);
      SUBMITTED = lookup.findVarHandle(TimerEntry.class, "submitted", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final LoopTimers timers;
  private volatile long deadline;
  private volatile boolean wanted;

  @SuppressWarnings("unused") // taken through WAKER
  private volatile @Nullable Waker waker;

  @SuppressWarnings("unused") // through SUBMITTED
  private volatile boolean submitted;

  /** An entry that is not armed yet. */
  TimerEntry(LoopTimers timers, long deadline) {
    this.timers = timers;
    this.deadline = deadline;
  }

  LoopTimers timers() {
    return timers;
  }

  long deadline() {
    return deadline;
  }

  boolean isWanted() {
    return wanted;
  }

  /** Has {@code waker}, and no older one, called once when the deadline has passed; one thread at a time arms or disarms. */
  void arm(Waker waker) {
    boolean onThread = timers.isOnThread();
    if (onThread) {
      WAKER.setRelease(this, waker);
    } else {
      this.waker = waker;
    }
    if (!wanted) {
      wanted = true; // before deadline is read; pairs with moveTo
      update(onThread);
    }
  }

  /** Gives up. The waker is let go at once, and is not called unless that is already under way. */
  void disarm() {
    boolean onThread = timers.isOnThread();
    if (onThread) {
      WAKER.setRelease(this, null);
    } else {
      waker = null;
    }
    if (wanted) {
      if (onThread) {
        WANTED.setRelease(this, false);
      } else {
        wanted = false;
      }
      update(onThread);
    }
  }

  /** Changes the deadline, whether armed or not; from any thread. */
  void moveTo(long deadline) {
    boolean onThread = timers.isOnThread();
    if (onThread) {
      DEADLINE.setRelease(this, deadline);
    } else {
      this.deadline = deadline; // before wanted is read; pairs with arm
    }
    if (wanted) {
      update(onThread);
    }
  }

  /** As {@link #moveTo}, if the deadline still is {@code expected}; else false. What was done before a move that this overwrites has happened before it. */
  boolean moveFrom(long expected, long deadline) {
    if (!DEADLINE.compareAndSet(this, expected, deadline)) {
      return false;
    }
    if (wanted) {
      update(timers.isOnThread());
    }
    return true;
  }

  private void update(boolean onThread) {
    if (onThread) {
      timers.update(this);
    } else if (SUBMITTED.compareAndSet(this, false, true)) {
      timers.submit(this);
    }
  }

  /** On the loop, for a request that came from another thread. */
  @Override
  public void run() {
    submitted = false;
    timers.updateSubmitted(this);
  }

  /** Calls the waker; the loop's thread has taken the entry out of the wheel. */
  void fire() {
    wanted = false;
    Waker waiting = (Waker) WAKER.getAndSet(this, null);
    if (waiting != null) {
      waiting.wake();
    }
  }
}
