package io.github.epollo.runtime.sync;

import io.github.epollo.runtime.future.Waker;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait for things that can be counted: values, or free places. Every method is called under the lock of its owner.
 *
 * <p>Nothing is handed over. Who is called, in the order of arrival, comes back and takes what is there then; if somebody else was faster, it waits at the front again.
 * It is kept true that nobody waits uncalled while there are more things than were called for: whoever adds a thing, and whoever leaves after being called, calls the
 * next.
 */
final class WaitLine {
  private final WaitQueue queue = new WaitQueue();
  private int called; // those that are not in the queue

  /** How many there are, called ones included. */
  int size() {
    return queue.size() + called;
  }

  /** Has {@code waiter} wait: in its place if it has one, at the front if it was called, else at the end. */
  void join(LineWaiter<?> waiter, Waker waker) {
    waiter.waker = waker;
    if (waiter.called) {
      waiter.called = false;
      called--;
      queue.addFirst(waiter);
    } else if (waiter.queue == null) {
      queue.add(waiter);
    }
  }

  /** Takes {@code waiter} out, for it was served or has given up; no matter if it is not here. */
  void leave(@Nullable LineWaiter<?> waiter) {
    if (waiter == null || !waiter.hasWaited()) {
      return;
    }
    if (waiter.called) {
      waiter.called = false;
      called--;
    } else {
      boolean _ = queue.remove(waiter);
    }
    waiter.waker = null;
  }

  /** Calls the next if {@code things} are more than were called for; returns the waker that the caller must call, or null. */
  @Nullable
  Waker call(int things) {
    return called >= things || queue.isEmpty() ? null : callNext();
  }

  /** Calls the next, whatever there is; returns the waker that the caller must call, or null if nobody waits uncalled. */
  @Nullable
  Waker callNext() {
    if (!(queue.first() instanceof LineWaiter<?> first)) {
      return null;
    }
    first.called = true;
    called++;
    return queue.pollWaker();
  }
}
