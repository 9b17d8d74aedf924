package io.github.epollo.runtime.sync;

import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * A value that is set once and that any number of tasks wait for: an address once the server is bound, a signal that something has happened.
 *
 * {@snippet class="io.github.epollo.runtime.sync.SyncSnippetsTest" region="setOnce"}
 *
 * <p><b>Threading:</b> any task, loop or plain thread. What was done before {@link #set} has happened before a get that returns.
 *
 * @param <T> the type of the value
 */
public final class SetOnce<T> {
  private final SpinLock lock = new SpinLock();
  private final WaitQueue waiting = new WaitQueue(); // under the lock
  private volatile @Nullable T value; // written under the lock: who looks there and finds null is in the queue before it is emptied

  /** Creates one without a value. */
  public SetOnce() {}

  /** Sets the value and wakes all who wait; false, and no effect, if there is one already. */
  public boolean set(T value) {
    Objects.requireNonNull(value, "value");
    long end;
    lock.lock();
    try {
      if (this.value != null) {
        return false;
      }
      this.value = value;
      end = waiting.end();
    } finally {
      lock.unlock();
    }
    Wakers.wakeAll(lock, waiting, end); // nobody comes to it any more: see value
    return true;
  }

  /**
   * Waits for the value.
   *
   * <p><b>Cancellation:</b> loses nothing.
   *
   * @throws CancellationException if the task was cancelled while it waited
   * @throws DeadlineExceededException if a deadline around the caller passed while it waited
   */
  public T get() {
    T present = value;
    return present != null ? present : getAsync().await();
  }

  /** The future twin of {@link #get}. */
  public Future<T> getAsync() {
    return new Get();
  }

  /** The value, or null if it was not set yet. */
  public @Nullable T getNow() {
    return value;
  }

  /** Whether there is a value. */
  public boolean isSet() {
    return value != null;
  }

  private final class Get extends Waiter<T> {
    @Override
    protected Poll<T> advance(Waker waker) {
      if (!Awaiter.proceed(waker)) {
        return Poll.pending();
      }
      T present = value;
      if (present == null) {
        lock.lock();
        try {
          present = value;
          if (present == null) {
            waiting.join(this, waker);
            return Poll.pending();
          }
        } finally {
          lock.unlock();
        }
      }
      return Poll.ready(present);
    }

    @Override
    protected void release() {
      lock.lock();
      try {
        boolean _ = waiting.leave(this);
      } finally {
        lock.unlock();
      }
    }

    @Override
    public String toString() {
      return "the value of " + SetOnce.this;
    }
  }

  @Override
  public String toString() {
    T present = value;
    return present == null ? "a value that was not set yet" : "a value that was set: " + present;
  }
}
