package io.github.epollo.timers;

import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.sync.SpinLock;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Lets at most so many through in any span of a period, in the order of arrival. With one permit, that is a minimum distance.
 *
 * {@snippet class="io.github.epollo.timers.SnippetsTest" region="throttle"}
 *
 * <p>It keeps the time of each permit: 8 bytes each.
 *
 * <p><b>Cancellation:</b> a cancelled wait takes nothing: whoever is behind moves up.
 *
 * <p><b>Threading:</b> any task, also of several loops at once.
 */
public final class Throttle {
  private final int permits;
  private final Duration period;
  private final LoopTimers timers;
  private final SpinLock lock = new SpinLock(); // of what is below; tasks and their loops take it: no clock, timer or waker under it
  private final Grants grants;
  private final LinkedHashSet<Turn> waiting = new LinkedHashSet<>(); // in the order of arrival

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
   * @throws IllegalStateException if it has to wait and the runtime is closed
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
    long now = timers.now();
    lock.lock();
    try {
      return waiting.isEmpty() && grants.tryPass(now);
    } finally {
      lock.unlock();
    }
  }

  /** Who has waited longest; under the lock. */
  private @Nullable Turn first() {
    return waiting.isEmpty() ? null : waiting.getFirst();
  }

  @Override
  public String toString() {
    return "a throttle of " + permits + " in " + period;
  }

  /** Only the first of those who wait has a timer; whoever leaves that place wakes the next. */
  private final class Turn extends AbstractFuture<@Nullable Void> {
    private final Sleep sleep = new Sleep(timers, Deadlines.NEVER);
    private @Nullable Waker waker; // not null while it waits; under the lock

    @Override
    protected Poll<@Nullable Void> advance(Waker waker) {
      Poll<@Nullable Void> poll = Poll.pending();
      while (poll instanceof Poll.Pending) {
        long next;
        Waker follower = null;
        long now = timers.now();
        lock.lock();
        try {
          if (this.waker == null) {
            waiting.add(this);
          }
          this.waker = waker;
          if (first() != this) {
            return Poll.pending(); // woken when it is the first
          }
          next = grants.next(now);
          if (grants.tryPass(now)) {
            follower = leave();
            poll = Poll.ready(null);
          }
        } finally {
          lock.unlock();
        }
        if (follower != null) {
          follower.wake();
        }
        if (poll instanceof Poll.Pending) {
          sleep.setTo(next);
          Poll<@Nullable Void> slept = sleep.poll(waker);
          if (!(slept instanceof Poll.Ready)) {
            return slept;
          }
        }
      }
      return poll;
    }

    /** Gives the place up, with the lock held; answers whom to wake then, without it. */
    private @Nullable Waker leave() {
      boolean first = first() == this;
      waiting.remove(this);
      waker = null;
      Turn next = first();
      return first && next != null ? next.waker : null;
    }

    @Override
    protected void release() {
      sleep.close();
      Waker follower;
      lock.lock();
      try {
        follower = waker == null ? null : leave();
      } finally {
        lock.unlock();
      }
      if (follower != null) {
        follower.wake();
      }
    }

    @Override
    public String toString() {
      return "a turn of " + Throttle.this;
    }
  }
}
