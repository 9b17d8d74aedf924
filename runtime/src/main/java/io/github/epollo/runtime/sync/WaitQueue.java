package io.github.epollo.runtime.sync;

import io.github.epollo.runtime.future.Waker;
import org.jspecify.annotations.Nullable;

/** Those who wait, in the order in which they came. Every method is called under the lock of the queue's owner. */
final class WaitQueue {
  private @Nullable Waiter<?> first;
  private @Nullable Waiter<?> last;
  private int size;
  private long added; // how many ever were

  boolean isEmpty() {
    return first == null;
  }

  int size() {
    return size;
  }

  /** Who has waited longest, or null. */
  @Nullable
  Waiter<?> first() {
    return first;
  }

  /** Adds {@code waiter} at the end; it must be in no queue. */
  void add(Waiter<?> waiter) {
    if (waiter.queue != null) {
      throw new IllegalStateException(waiter + " waits already");
    }
    waiter.queue = this;
    waiter.number = ++added;
    waiter.previous = last;
    if (last == null) {
      first = waiter;
    } else {
      last.next = waiter;
    }
    last = waiter;
    size++;
  }

  /** Adds {@code waiter} before all others, where it was once; it must be in no queue. */
  void addFirst(Waiter<?> waiter) {
    if (waiter.queue != null) {
      throw new IllegalStateException(waiter + " waits already");
    }
    waiter.queue = this;
    waiter.next = first;
    if (first == null) {
      last = waiter;
    } else {
      first.previous = waiter;
    }
    first = waiter;
    size++;
  }

  /** Has {@code waiter} wait, in its place if it has one; {@code waker} wakes it from now on. */
  void join(Waiter<?> waiter, Waker waker) {
    waiter.waker = waker;
    if (waiter.queue == null) {
      add(waiter);
    }
  }

  /** Takes {@code waiter} out for good; false if it is not here. */
  boolean leave(@Nullable Waiter<?> waiter) {
    if (waiter == null || !remove(waiter)) {
      return false;
    }
    waiter.waker = null;
    return true;
  }

  /** Removes who has waited longest; null if nobody waits. */
  @Nullable
  Waiter<?> poll() {
    Waiter<?> waiter = first;
    if (waiter != null) {
      boolean _ = remove(waiter);
    }
    return waiter;
  }

  /** Removes who has waited longest, for good; its waker, null if it has none or nobody waits. */
  @Nullable
  Waker pollWaker() {
    Waiter<?> waiter = poll();
    if (waiter == null) {
      return null;
    }
    Waker waker = waiter.waker;
    waiter.waker = null;
    return waker;
  }

  /** What {@link #isBefore} tells those who wait now by from those who come later; 0 if nobody waits. */
  long end() {
    return isEmpty() ? 0 : added;
  }

  /** Whether who has waited longest was here when {@link #end} was asked for. */
  boolean isBefore(long end) {
    return first != null && first.number <= end;
  }

  /** Removes {@code waiter} wherever it stands; false if it is not in this queue. */
  boolean remove(Waiter<?> waiter) {
    if (waiter.queue != this) {
      return false;
    }
    Waiter<?> before = waiter.previous;
    Waiter<?> after = waiter.next;
    if (before == null) {
      first = after;
    } else {
      before.next = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.previous = before;
    }
    waiter.queue = null;
    waiter.previous = null;
    waiter.next = null;
    size--;
    return true;
  }
}
