package io.github.epollo.runtime.sync;

import io.github.epollo.runtime.future.Waker;
import org.jspecify.annotations.Nullable;

/**
 * Calls wakers, once a lock is given back. A crowd is woken one by one, with the lock taken for each: nobody spins for long, and there is no list to make, for which
 * there may be no memory just when others count on being woken.
 *
 * <p>What a waker throws is reported to the thread's handler of uncaught exceptions: whoever wakes others has no part in it, and the rest is woken.
 */
final class Wakers {
  private Wakers() {}

  /** Calls {@code waker}, unless it is null; does not throw. */
  static void wake(@Nullable Waker waker) {
    if (waker == null) {
      return;
    }
    try {
      waker.wake();
    } catch (Throwable t) {
      report(t);
    }
  }

  /** Takes those out of {@code queue}, which {@code lock} guards, that waited at {@code end}, and wakes them; what {@link WaitQueue#end} answered. */
  static void wakeAll(SpinLock lock, WaitQueue queue, long end) {
    boolean more = end > 0;
    while (more) {
      Waker waker;
      lock.lock();
      try {
        waker = queue.isBefore(end) ? queue.pollWaker() : null;
        more = queue.isBefore(end);
      } finally {
        lock.unlock();
      }
      wake(waker);
    }
  }

  private static void report(Throwable thrown) {
    Thread current = Thread.currentThread();
    try {
      current.getUncaughtExceptionHandler().uncaughtException(current, thrown);
    } catch (Throwable t) {
      // as the JVM does with what a handler throws: there is nobody left to tell
    }
  }
}
