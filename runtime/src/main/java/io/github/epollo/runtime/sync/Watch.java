package io.github.epollo.runtime.sync;

import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A value that changes, and can be watched: a configuration, a connection's state. Who watches sees the latest value, not each one.
 *
 * {@snippet class="io.github.epollo.runtime.sync.ChannelSnippetsTest" region="watch"}
 *
 * <p><b>Threading:</b> every method may be called from any thread, task or not. Functions given to it run on the caller's thread, and under no lock.
 *
 * @param <T> the type of the value, which should be immutable; null is none
 */
public final class Watch<T> implements AutoCloseable {
  /** A value, and how many there were before it. */
  record Version<T>(T value, long number) {}

  private final SpinLock lock = new SpinLock(); // guards what follows
  private final WaitQueue waiting = new WaitQueue();
  private volatile Version<T> current; // written under the lock, read by get() without
  private boolean closed;

  private Watch(T initial) {
    this.current = new Version<>(notNull(initial), 0);
  }

  /** Creates a watch that has a value from the beginning. */
  public static <T> Watch<T> of(T initial) {
    return new Watch<>(initial);
  }

  /** The value now. */
  public T get() {
    return current.value;
  }

  Version<T> current() {
    return current;
  }

  /**
   * Sets the value, and wakes who waits for a change, even if it is the same value.
   *
   * @throws ChannelClosedException if this is closed
   */
  public void set(T value) {
    notNull(value);
    while (!replace(current, value)) {
      // somebody else was faster
    }
  }

  /**
   * Sets the value to what {@code change} makes of it, in one step. If others are faster, {@code change} is called again.
   *
   * @return the new value
   * @throws ChannelClosedException if this is closed
   */
  public T update(UnaryOperator<T> change) {
    while (true) {
      Version<T> before = current;
      T after = notNull(change.apply(before.value));
      if (replace(before, after)) {
        return after;
      }
    }
  }

  /**
   * As {@link #update}, but if {@code change} returns what equals the value that it was given, nothing is set and nobody woken.
   *
   * @return whether the value was set
   * @throws ChannelClosedException if this is closed and the value was to change
   */
  public boolean updateIfChanged(UnaryOperator<T> change) {
    while (true) {
      Version<T> before = current;
      T after = notNull(change.apply(before.value));
      if (after.equals(before.value)) {
        return false;
      }
      if (replace(before, after)) {
        return true;
      }
    }
  }

  private boolean replace(Version<T> before, T value) {
    Version<T> after = new Version<>(value, before.number + 1);
    long end = 0;
    boolean refused;
    lock.lock();
    try {
      refused = closed;
      if (!refused) {
        if (current != before) {
          return false;
        }
        current = after;
        end = waiting.end();
      }
    } finally {
      lock.release();
    }
    if (refused) {
      throw new ChannelClosedException("cannot set the value of a watch: it is closed", null);
    }
    Wakers.wakeAll(lock, waiting, end);
    return true;
  }

  /** An observer, for whom the value now counts as seen. */
  public WatchObserver<T> observe() {
    return new WatchObserver<>(this);
  }

  /**
   * Waits until there is a value that {@code condition} holds for. A value that is replaced soon may not be looked at.
   *
   * <p><b>Cancellation:</b> nothing is lost.
   *
   * @return that value
   * @throws ChannelClosedException if this was closed before
   * @throws RuntimeException what {@code condition} throws
   * @throws CancellationException if the task was cancelled
   * @throws DeadlineExceededException if a deadline around the caller passed
   */
  public T waitFor(Predicate<? super T> condition) {
    return waitForAsync(condition).await();
  }

  /** The future twin of {@link #waitFor}. */
  public Future<T> waitForAsync(Predicate<? super T> condition) {
    Objects.requireNonNull(condition, "condition");
    return new Wait<T>(this) {
      @Override
      @Nullable
      T answer(Version<T> version) {
        return condition.test(version.value) ? version.value : null;
      }

      @Override
      public String toString() {
        return "a certain value of a watch";
      }
    };
  }

  /** Lets the value not change any more. Who waits for a change gets a {@link ChannelClosedException}. The value stays. Idempotent. */
  @Override
  public void close() {
    long end;
    lock.lock();
    try {
      closed = true;
      end = waiting.end();
    } finally {
      lock.release();
    }
    Wakers.wakeAll(lock, waiting, end);
  }

  /** Whether the value cannot change any more. */
  public boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.release();
    }
  }

  /** Whether {@code waiter} waits now: not if there is another version than {@code known}, or this is closed. */
  private boolean join(Version<T> known, Waiter<?> waiter, Waker waker) {
    lock.lock();
    try {
      if (current != known || closed) {
        return false;
      }
      waiting.join(waiter, waker);
      return true;
    } finally {
      lock.release();
    }
  }

  private void leave(Waiter<?> waiter) {
    lock.lock();
    try {
      boolean _ = waiting.leave(waiter);
    } finally {
      lock.release();
    }
  }

  private static <T> T notNull(T value) {
    return Objects.requireNonNull(value, "the value of a watch cannot be null");
  }

  /** Waits for a version that has an answer. */
  abstract static class Wait<T> extends Waiter<T> {
    private final Watch<T> watch;

    Wait(Watch<T> watch) {
      this.watch = watch;
    }

    /** What to answer; null if the version is not the one that is waited for. Called under no lock. */
    abstract @Nullable T answer(Version<T> version);

    @Override
    protected Poll<T> advance(Waker waker) {
      if (!Awaiter.proceed(waker)) {
        return Poll.pending();
      }
      while (true) {
        boolean last = watch.isClosed(); // before the look at the value: after it, there is none
        Version<T> version = watch.current;
        T answer = answer(version);
        if (answer != null) {
          return Poll.ready(answer);
        }
        if (last) {
          throw new ChannelClosedException("cannot wait for " + this + ": it is closed", null);
        }
        if (watch.join(version, this, waker)) {
          return Poll.pending();
        }
      }
    }

    @Override
    protected void release() {
      if (hasWaited()) {
        watch.leave(this);
      }
    }
  }
}
