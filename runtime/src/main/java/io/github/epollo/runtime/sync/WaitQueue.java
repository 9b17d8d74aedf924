package io.github.epollo.runtime.sync;

import org.jspecify.annotations.Nullable;

/** Those who wait, in the order in which they came. Every method is called under the lock of the queue's owner. */
final class WaitQueue {
  private @Nullable Waiter<?> first;
  private @Nullable Waiter<?> last;
  private int size;

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
    waiter.previous = last;
    if (last == null) {
      first = waiter;
    } else {
      last.next = waiter;
    }
    last = waiter;
    size++;
  }

  /** Adds {@code waiter} before all others; it must be in no queue. */
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

  /** Removes who has waited longest; null if nobody waits. */
  @Nullable
  Waiter<?> poll() {
    Waiter<?> waiter = first;
    if (waiter != null) {
      boolean _ = remove(waiter);
    }
    return waiter;
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
