package io.github.epollo.timers;

import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A future that is ready once a deadline has passed. The deadline is fixed when the sleep is made, and again by {@link #reset}; how long it takes until
 * somebody polls does not add to it.
 *
 * <p>Other than most futures, a sleep can be used again and again: polled after it elapsed it is ready still, and {@code reset} gives it a new
 * deadline in any state, also after {@link #close}. Resetting and awaiting allocate nothing.
 *
 * <p>It belongs to the loop of the task that made it, and is timed by that loop wherever it is awaited.
 *
 * <p><b>Cancellation:</b> nothing is lost: the deadline stays what it was.
 *
 * <p><b>Threading:</b> one thread at a time polls or closes; {@code reset} and the queries may be called from any thread, also while a task waits.
 */
public final class Sleep implements Future<@Nullable Void> {
  private static final Poll<@Nullable Void> ELAPSED = Poll.ready(null);

  private final LoopTimers timers;
  private final TimerEntry entry;
  private volatile boolean closed;

  Sleep(LoopTimers timers, long deadline) {
    this.timers = timers;
    this.entry = new TimerEntry(timers, deadline);
  }

  /** The deadline: a time of the loop's clock in nanoseconds; {@link Long#MAX_VALUE} if it never passes. */
  public long deadline() {
    return entry.deadline();
  }

  /** Whether the deadline has passed. */
  public boolean isElapsed() {
    return hasPassed() || Deadlines.isReached(entry.deadline(), timers.now());
  }

  /** As {@link #isElapsed}, without a look at the clock: true if it has elapsed at a time that was read before, as it has once its timer fired. */
  boolean hasPassed() {
    return timers.isPassed(entry.deadline());
  }

  /** Whether to answer "ready". */
  boolean isDue() {
    return timers.isDue(entry.deadline());
  }

  /**
   * Moves the deadline to {@code duration} from now. Whoever waits goes on waiting, for the new deadline; a sleep that has elapsed or was closed can be
   * polled again.
   *
   * @throws IllegalArgumentException if {@code duration} is negative
   */
  public void reset(Duration duration) {
    setTo(Deadlines.after(timers.now(), Deadlines.requireNotNegative(duration)));
  }

  /** As {@link #reset}, to a time of the loop's clock in nanoseconds as {@link Timers#sleepUntil} takes it. */
  public void resetAt(long deadline) {
    setTo(Deadlines.normalize(timers.lastSeen(), deadline));
  }

  /** As {@link #resetAt}, to a deadline that is known to be in range. */
  void setTo(long deadline) {
    closed = false;
    entry.moveTo(deadline);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException if the sleep was closed and not reset since
   */
  @Override
  public Poll<@Nullable Void> poll(Waker waker) {
    if (closed) {
      throw new IllegalStateException("cannot poll " + this + ": it is closed; reset it first");
    }
    if (!Awaiter.proceed(waker)) {
      return Poll.pending();
    }
    if (!isDue()) {
      entry.arm(waker);
      if (timers.isClosed()) {
        entry.disarm();
        return Poll.failed(
            new IllegalStateException("cannot wait for " + this + ": the runtime of " + timers.loop() + " is closed"));
      }
      return Poll.pending();
    }
    entry.disarm();
    return ELAPSED;
  }

  /** Moves the deadline later, never earlier; a sleep that never elapses gets one. */
  void postponeTo(long deadline) {
    closed = false;
    long before = entry.deadline();
    while ((before == Deadlines.NEVER || Deadlines.isEarlier(before, deadline)) && !entry.moveFrom(before, deadline)) {
      before = entry.deadline();
    }
  }

  /** Has an elapsed sleep never elapse; false if it was moved meanwhile. */
  boolean forgetElapsed() {
    long deadline = entry.deadline();
    return timers.isDue(deadline) && entry.moveFrom(deadline, Deadlines.NEVER);
  }

  /** Waits as {@code await} does, and leaves the sleep open if that is stopped. */
  void awaitRound() {
    try {
      await();
    } finally {
      closed = false;
    }
  }

  /** Stops the timer, as {@link #close} does, and leaves the sleep open. */
  void disarm() {
    entry.disarm();
  }

  /** Stops the timer; what waits for it is not woken. {@link #reset} starts it again. */
  @Override
  public void close() {
    closed = true;
    entry.disarm();
  }

  @Override
  public String toString() {
    long deadline = entry.deadline();
    if (deadline == Deadlines.NEVER) {
      return "a sleep without end";
    }
    return "a sleep with " + Duration.ofNanos(Math.max(0, deadline - timers.now())) + " left";
  }
}
