package io.github.epollo.runtime.sync;

import io.github.epollo.runtime.future.Waker;
import org.jspecify.annotations.Nullable;

/**
 * Wakers that are collected under a lock and called without it. It takes so many and no more: whoever wakes a crowd gives the lock back in between, so that
 * nobody spins for long.
 *
 * <p>What a waker throws is reported to the thread's handler of uncaught exceptions: whoever wakes others has no part in it, and the rest is woken.
 */
final class WakeBatch {
  private static final int CAPACITY = 32;

  private final @Nullable Waker[] wakers = new @Nullable Waker[CAPACITY];
  private int size;

  boolean isFull() {
    return size == CAPACITY;
  }

  /** Adds {@code waker}, unless it is null; there must be room. */
  void add(@Nullable Waker waker) {
    if (waker != null) {
      wakers[size++] = waker;
    }
  }

  /** Calls all of them, in the order in which they were added, and is empty then. */
  void wakeAll() {
    int count = size;
    size = 0;
    for (int i = 0; i < count; i++) {
      wake(wakers[i]);
      wakers[i] = null;
    }
  }

  /** Takes all out of {@code queue}, which {@code lock} guards, and wakes them. Nobody may come to it any more. */
  static void wakeAll(SpinLock lock, WaitQueue queue) {
    WakeBatch wakes = new WakeBatch();
    boolean more;
    do {
      lock.lock();
      try {
        while (!wakes.isFull() && !queue.isEmpty()) {
          wakes.addFirst(queue);
        }
        more = !queue.isEmpty();
      } finally {
        lock.unlock();
      }
      wakes.wakeAll();
    } while (more);
  }

  /** Takes the first out of {@code queue}, which is not empty, and adds its waker. */
  void addFirst(WaitQueue queue) {
    Waiter<?> waiter = queue.poll();
    if (waiter != null) {
      add(waiter.waker);
    }
  }

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

  private static void report(Throwable thrown) {
    Thread current = Thread.currentThread();
    try {
      current.getUncaughtExceptionHandler().uncaughtException(current, thrown);
    } catch (Throwable t) {
      // as the JVM does with what a handler throws: there is nobody left to tell
    }
  }
}
