package io.github.epollo.runtime.sync;

import io.github.epollo.runtime.future.Waker;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Those who are to be woken once the lock is given back. */
final class Wakers implements Waker {
  private final List<Waker> wakers = new ArrayList<>();

  /** Adds {@code waker}, if there is one. */
  void add(@Nullable Waker waker) {
    if (waker != null) {
      wakers.add(waker);
    }
  }

  @Override
  public void wake() {
    for (Waker waker : wakers) {
      wake(waker);
    }
  }

  /** Wakes with {@code waker}, if there is one; what it throws is reported, and is no affair of whoever wakes. */
  static void wake(@Nullable Waker waker) {
    if (waker != null) {
      try {
        waker.wake();
      } catch (Throwable t) {
        report(t);
      }
    }
  }

  private static void report(Throwable thrown) {
    Thread current = Thread.currentThread();
    try {
      current.getUncaughtExceptionHandler().uncaughtException(current, thrown);
    } catch (Throwable t) {
      // there is nobody left to tell
    }
  }
}
