package io.github.epollo.runtime.sync;

import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.future.Waker;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Tells tasks that something has changed, without saying what: they look for themselves.
 *
 * {@snippet class="io.github.epollo.runtime.sync.SyncSnippetsTest" region="notify"}
 *
 * <p>{@link #notifyOne} is kept, once, if nobody waits: whoever changes something and then notifies needs no lock, and the one who comes to wait later goes through. {@link
 * #notifyWaiters} is for those who wait at that moment. Whoever must not miss it registers first, with {@link Notified#enable}, and looks at the condition after that.
 *
 * <p>Those who wait are chosen in the order in which they came.
 *
 * <p><b>Threading:</b> any task, loop or plain thread.
 */
public final class Notify {
  private final SpinLock lock = new SpinLock();
  private final WaitQueue waiting = new WaitQueue(); // under the lock
  private boolean stored; // a notification that nobody waited for; under the lock; then nobody waits

  /** Creates one that nobody has notified. */
  public Notify() {}

  /**
   * Waits for a notification; returns at once if one is stored, and takes that.
   *
   * <p><b>Cancellation:</b> a notification that had been meant for the caller goes to the next who waits, or is stored.
   *
   * @throws CancellationException if the task was cancelled while it waited
   * @throws DeadlineExceededException if a deadline around the caller passed while it waited
   */
  public void notified() {
    notifiedAsync().await();
  }

  /** The future twin of {@link #notified}. It waits from the first poll on, or from {@link Notified#enable}. */
  public Notified notifiedAsync() {
    return new Notified(this);
  }

  /** Wakes who has waited longest. If nobody waits, the next who comes goes through: one is stored, however often this is called. */
  public void notifyOne() {
    Waker waker;
    lock.lock();
    try {
      waker = choose();
    } finally {
      lock.unlock();
    }
    Wakers.wake(waker);
  }

  /** Wakes all who wait now, enabled ones included. Stores nothing, and leaves what is stored. */
  public void notifyWaiters() {
    WaitQueue told = new WaitQueue();
    long end;
    lock.lock();
    try {
      // All in one go: between two of them nobody may come to wait, and be taken for one who waits now.
      while (waiting.poll() instanceof Notified waiter) {
        waiter.state = Notified.State.TOLD;
        told.add(waiter);
      }
      end = told.end();
    } finally {
      lock.unlock();
    }
    Wakers.wakeAll(lock, told, end);
  }

  /** Gives one notification away; under the lock. Answers whom to wake. */
  private @Nullable Waker choose() {
    if (waiting.poll() instanceof Notified waiter) {
      waiter.state = Notified.State.CHOSEN;
      Waker waker = waiter.waker;
      waiter.waker = null;
      return waker;
    }
    stored = true;
    return null;
  }

  /** Has {@code waiter} wait if it does not yet; true if it was notified. */
  boolean register(Notified waiter, @Nullable Waker waker) {
    lock.lock();
    try {
      if (waiter.state == Notified.State.NEW) {
        if (stored) {
          stored = false;
          waiter.state = Notified.State.CHOSEN;
        } else {
          waiter.state = Notified.State.WAITING;
          waiting.add(waiter);
        }
      }
      if (waiter.state == Notified.State.WAITING) {
        waiter.waker = waker;
        return false;
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** {@code waiter} has gone; unless it has {@code taken} the notification that it was chosen for, that goes to another. */
  void leave(Notified waiter, boolean taken) {
    Waker follower = null;
    lock.lock();
    try {
      if (waiter.queue != null) {
        boolean _ = waiter.queue.remove(waiter);
      }
      if (waiter.state == Notified.State.CHOSEN && !taken) {
        follower = choose();
      }
      waiter.state = Notified.State.GONE;
    } finally {
      lock.unlock();
    }
    Wakers.wake(follower);
  }

  @Override
  public String toString() {
    lock.lock();
    try {
      return "a notify with " + waiting.size() + " waiting" + (stored ? " and one notification stored" : "");
    } finally {
      lock.unlock();
    }
  }
}
