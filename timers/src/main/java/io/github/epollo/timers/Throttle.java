package io.github.epollo.timers;

import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Lets at most so many through in any span of a period. With one permit, that is a minimum distance.
 *
 * {@snippet class="io.github.epollo.timers.SnippetsTest" region="throttle"}
 *
 * <p>Whoever has to wait gets a place in the order of arrival, and waits for that alone. It keeps the time of each permit: 8 bytes each.
 *
 * <p><b>Cancellation:</b> a cancelled wait gives its place up, and nobody moves up into it: for a moment the rate is lower, never higher.
 *
 * <p><b>Threading:</b> any task, also of several loops at once.
 */
public final class Throttle {
  private final int permits;
  private final Duration period;
  private final LoopTimers timers;
  private final Grants grants; // under its own lock, held for a few steps in memory

  /**
   * Creates one that lets {@code permits} through in each {@code period}.
   *
   * @throws IllegalArgumentException if {@code permits} or {@code period} is zero or negative
   * @throws IllegalStateException outside a runtime
   */
  public Throttle(int permits, Duration period) {
    if (permits < 1) {
      throw new IllegalArgumentException(permits + " permits let nobody through: at least 1 is needed");
    }
    this.permits = permits;
    this.period = period;
    this.grants = new Grants(permits, Deadlines.requirePositive(period));
    this.timers = LoopTimers.current();
  }

  /**
   * Waits for the caller's turn.
   *
   * @throws CancellationException if the task was cancelled while it waited
   * @throws DeadlineExceededException if a deadline around the caller passed while it waited
   */
  public void acquire() {
    acquireAsync().await();
  }

  /** The future twin of {@link #acquire}. The place is taken by the first poll. */
  public Future<@Nullable Void> acquireAsync() {
    return new Turn();
  }

  /** Goes through if that is possible without waiting and without overtaking anybody. */
  public boolean tryAcquire() {
    synchronized (grants) {
      return grants.tryReserve(timers.now());
    }
  }

  private long reserve() {
    synchronized (grants) {
      return grants.reserve(timers.now());
    }
  }

  @Override
  public String toString() {
    return "a throttle of " + permits + " in " + period;
  }

  private final class Turn extends AbstractFuture<@Nullable Void> {
    private @Nullable Sleep sleep;

    @Override
    protected Poll<@Nullable Void> advance(Waker waker) {
      Sleep turn = sleep;
      if (turn == null) {
        turn = new Sleep(timers, reserve());
        sleep = turn;
      }
      return turn.poll(waker);
    }

    @Override
    protected void release() {
      if (sleep != null) {
        sleep.close();
      }
    }

    @Override
    public String toString() {
      return "a turn of " + Throttle.this;
    }
  }
}
