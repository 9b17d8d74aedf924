package io.github.epollo.timers;

import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.future.Future;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.CancellationException;

/**
 * Ticks at a steady rate: {@link Timers#interval}.
 *
 * {@snippet class="io.github.epollo.timers.SnippetsTest" region="interval"}
 *
 * <p>Each tick is scheduled from the one before it, not from when that was taken, so the rate does not drift. What happens to ticks that are not taken in
 * time, {@link MissedTicks} says. Waiting for a tick allocates nothing.
 *
 * <p><b>Cancellation:</b> a cancelled wait loses no tick: the next one waits for the same.
 *
 * <p><b>Threading:</b> one task at a time uses it.
 */
public final class Interval implements Iterable<Long>, AutoCloseable {
  private final LoopTimers timers;
  private final Duration period;
  private final long nanos;
  private final Sleep sleep;
  private MissedTicks policy = MissedTicks.BURST;
  private boolean closed;

  Interval(LoopTimers timers, long firstTick, Duration period) {
    this.timers = timers;
    this.period = period;
    this.nanos = Deadlines.requirePositive(period);
    this.sleep = new Sleep(timers, firstTick);
  }

  /** Has late ticks treated by {@code policy} from the next tick taken on; returns this interval. */
  public Interval onMissedTicks(MissedTicks policy) {
    this.policy = Objects.requireNonNull(policy, "policy");
    return this;
  }

  /** The time between two ticks. */
  public Duration period() {
    return period;
  }

  /**
   * Waits for the next tick; returns at once if it is due.
   *
   * @return when the tick was scheduled: a time of the loop's clock in nanoseconds
   * @throws CancellationException if the task was cancelled
   * @throws DeadlineExceededException if a deadline around the caller passed
   * @throws IllegalStateException if the interval or its runtime is closed
   */
  public long tick() {
    requireOpen();
    sleep.awaitRound();
    return takeTick();
  }

  /**
   * The future twin of {@link #tick}. The tick is taken by the poll that answers with it.
   *
   * @throws IllegalStateException if the interval is closed
   */
  public Future<Long> tickAsync() {
    requireOpen();
    return new SleepRound<>(sleep, this::takeTick);
  }

  private long takeTick() {
    long scheduled = sleep.deadline();
    sleep.setTo(policy.next(scheduled, timers.now(), nanos));
    return scheduled;
  }

  /** The ticks for a for-each loop in a task; each {@code next} is a {@link #tick}, with its cancellation. It ends when the interval is closed. */
  @Override
  public Iterator<Long> iterator() {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return !closed;
      }

      @Override
      public Long next() {
        if (closed) {
          throw new NoSuchElementException(Interval.this + " is closed");
        }
        return tick();
      }
    };
  }

  /**
   * Has the next tick come a period from now, and the others after it.
   *
   * @throws IllegalStateException if the interval is closed
   */
  public void reset() {
    requireOpen();
    sleep.reset(period);
  }

  /**
   * Has the next tick come at {@code nextTick}, a time of the loop's clock in nanoseconds, and the others after it.
   *
   * @throws IllegalStateException if the interval is closed
   */
  public void resetAt(long nextTick) {
    requireOpen();
    sleep.resetAt(nextTick);
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException(this + " is closed; make a new one with Timers.interval(...)");
    }
  }

  /** Ends the interval: it has no more ticks. Idempotent. */
  @Override
  public void close() {
    closed = true;
    sleep.close();
  }

  @Override
  public String toString() {
    return "an interval of " + period;
  }
}
