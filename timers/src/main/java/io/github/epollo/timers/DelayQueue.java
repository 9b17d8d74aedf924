package io.github.epollo.timers;

import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.sync.SpinLock;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Values that can be taken once their deadlines have passed, in the order of these, and in the order of arrival where these are equal: a cache's entries, a
 * job's next attempt.
 *
 * {@snippet class="io.github.epollo.timers.SnippetsTest" region="delayQueue"}
 *
 * <p>Adding, moving and removing a value cost O(log n). The queue has one timer, for the earliest deadline and while somebody waits: a value that nobody
 * waits for is memory and nothing else.
 *
 * <p><b>Threading:</b> any thread adds, moves, removes and asks; one task at a time waits. Where several are to work on what expires, one takes and hands
 * over. It is timed by the loop of the task that made it.
 *
 * @param <T> the type of the values
 */
public final class DelayQueue<T> {
  private final LoopTimers timers;
  private final Sleep sleep; // until the earliest deadline, once whoever changes that has followed
  private final SpinLock lock = new SpinLock(); // tasks and their loops take it: no clock, timer or waker under it
  private final Expiries<Expiring<T>> expiries = new Expiries<>(); // under the lock
  private @Nullable Take taker; // the one that waits; under the lock

  /**
   * Creates an empty queue.
   *
   * @throws IllegalStateException outside a runtime
   */
  public DelayQueue() {
    this.timers = LoopTimers.current();
    this.sleep = new Sleep(timers, Deadlines.NEVER);
  }

  /**
   * Adds {@code value}, to expire {@code delay} from now.
   *
   * @throws IllegalArgumentException if {@code delay} is negative
   */
  public Expiring<T> insert(T value, Duration delay) {
    return add(value, after(delay));
  }

  /** As {@link #insert}, to expire at a time of the loop's clock in nanoseconds. */
  public Expiring<T> insertAt(T value, long deadline) {
    return add(value, normalize(deadline));
  }

  private Expiring<T> add(T value, long deadline) {
    Expiring<T> entry = new Expiring<>(this, Objects.requireNonNull(value, "value"));
    lock.lock();
    try {
      expiries.put(entry, deadline);
    } finally {
      lock.unlock();
    }
    follow();
    return entry;
  }

  /**
   * Waits until a value has expired, and takes it. An earlier one that is added meanwhile is waited for instead.
   *
   * <p><b>Cancellation:</b> no value is lost.
   *
   * @throws CancellationException if the task was cancelled
   * @throws DeadlineExceededException if a deadline around the caller passed
   * @throws IllegalStateException if somebody else waits already, or the runtime is closed
   */
  public T take() {
    return takeAsync().await();
  }

  /** The future twin of {@link #take}. The value is taken by the poll that answers with it. */
  public Future<T> takeAsync() {
    return new Take();
  }

  /** Takes the next value if it has expired; else returns null. */
  public @Nullable T takeNow() {
    long now = timers.now();
    Expiring<T> first;
    lock.lock();
    try {
      first = expiries.takeReached(now);
    } finally {
      lock.unlock();
    }
    if (first == null) {
      return null;
    }
    follow();
    return first.value();
  }

  /** When the next value expires, or did: a time of the loop's clock in nanoseconds; {@link Long#MAX_VALUE} if none will. */
  public long nextDeadline() {
    lock.lock();
    try {
      return expiries.earliest();
    } finally {
      lock.unlock();
    }
  }

  /** How many values there are, expired ones included. */
  public int size() {
    lock.lock();
    try {
      return expiries.size();
    } finally {
      lock.unlock();
    }
  }

  /** Whether there is no value. */
  public boolean isEmpty() {
    return size() == 0;
  }

  /** Drops all values. Who waits goes on waiting, for the next one. */
  public void clear() {
    lock.lock();
    try {
      expiries.clear();
    } finally {
      lock.unlock();
    }
    follow();
  }

  long after(Duration delay) {
    return Deadlines.after(timers.now(), Deadlines.requireNotNegative(delay));
  }

  long normalize(long deadline) {
    return Deadlines.normalize(timers.lastSeen(), deadline);
  }

  boolean moveTo(Expiring<T> entry, long deadline) {
    lock.lock();
    try {
      if (!entry.isPresent()) {
        return false;
      }
      expiries.put(entry, deadline);
    } finally {
      lock.unlock();
    }
    follow();
    return true;
  }

  boolean remove(Expiring<T> entry) {
    boolean removed;
    lock.lock();
    try {
      removed = expiries.remove(entry);
    } finally {
      lock.unlock();
    }
    follow();
    return removed;
  }

  boolean contains(Expiring<T> entry) {
    lock.lock();
    try {
      return entry.isPresent();
    } finally {
      lock.unlock();
    }
  }

  long expiresAt(Expiring<T> entry) {
    lock.lock();
    try {
      return entry.deadline();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Has the sleep end with the earliest deadline; after each change, without the lock. Of two at the same time one may set what is out of date: it looks again after that, finds another deadline, and
   * sets that.
   */
  private void follow() {
    long earliest = nextDeadline();
    while (earliest != sleep.deadline()) {
      sleep.setTo(earliest);
      earliest = nextDeadline();
    }
  }

  /** When it wakes who waits; for tests. */
  long wakesAt() {
    return sleep.deadline();
  }

  private final class Take extends AbstractFuture<T> {
    private boolean waits; // it is the taker; this thread's

    @Override
    protected Poll<T> advance(Waker waker) {
      if (!Awaiter.proceed(waker)) {
        return Poll.pending();
      }
      if (!waits) {
        becomeTaker();
        waits = true;
      }
      while (true) {
        T value = takeNow();
        if (value != null) {
          return Poll.ready(value);
        }
        follow(); // whoever changes the queue may not have come to that yet: it may wait for this thread
        switch (sleep.poll(waker)) {
          case Poll.Pending<?> _ -> {
            return Poll.pending();
          }
          case Poll.Failed<?>(Throwable cause) -> {
            return Poll.failed(cause);
          }
          case Poll.Ready<?> _ -> {} // look again
        }
      }
    }

    private void becomeTaker() {
      lock.lock();
      try {
        if (taker != null) {
          throw new IllegalStateException("cannot take from a delay queue of " + expiries.size()
              + ": another task waits for it already; let one task take, and hand over to others");
        }
        taker = this;
      } finally {
        lock.unlock();
      }
    }

    @Override
    protected void release() {
      if (!waits) {
        return;
      }
      sleep.disarm(); // before another may arm it
      lock.lock();
      try {
        taker = null;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public String toString() {
      return "a value of " + DelayQueue.this;
    }
  }

  @Override
  public String toString() {
    return "a delay queue of " + size();
  }
}
