package io.github.epollo.runtime.stream;

import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The children of an operator: only those that were woken are polled, in the order in which they were. Each child is a waker of its own.
 *
 * <p>A child that wakes itself while it is polled has its turn in the operator's next poll, for which its wake asks; so one poll of the operator ends.
 *
 * <p><b>Threading:</b> {@link Child#wake} may be called from any thread, everything else by the operator's poller.
 *
 * @param <T> the type of the operator's values
 */
final class WakeList<T> {
  private static final VarHandle WOKEN;
  private static final VarHandle QUEUED;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      WOKEN = lookup.findVarHandle(WakeList.class, "woken", Child.class);
      QUEUED = lookup.findVarHandle(Child.class, "queued", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  // A poll writes parent, then takes woken; a wake pushes to woken, then reads parent. All volatile, so one of the two sees the other.
  private volatile @Nullable Waker parent;
  private volatile @Nullable Child<T> woken; // newest first

  private @Nullable Child<T> first; // those whose turn it is, oldest first
  private @Nullable Child<T> last;

  /** Polls the children whose turn it is, until one has an answer; that is the next one's turn then. */
  Poll<@Nullable T> poll(Waker waker) throws Exception {
    parent = waker;
    takeWoken();
    for (Child<T> child = first; child != null; child = first) {
      first = child.next;
      child.next = null;
      child.queued = false; // before it is polled, so that a wake from now on counts; after next, which is a wake's from here on
      Poll<@Nullable T> poll = child.poll();
      if (!(poll instanceof Poll.Pending)) {
        return poll;
      }
    }
    return Poll.pending();
  }

  /** Has {@code child} polled, after those whose turn it is already. */
  void enqueue(Child<T> child) {
    if (QUEUED.compareAndSet(child, false, true)) {
      append(child);
    }
  }

  /** Wakes the operator, to have a child polled that was enqueued between its polls. */
  void wakeParent() {
    Waker waker = parent;
    if (waker != null) {
      waker.wake();
    }
  }

  /** Forgets whom to wake. */
  void clear() {
    parent = null;
  }

  @SuppressWarnings("unchecked") // only children of this list are pushed
  private void takeWoken() {
    Child<T> newest = (Child<T>) WOKEN.getAndSet(this, null);
    Child<T> oldest = null;
    while (newest != null) {
      Child<T> older = newest.next;
      newest.next = oldest;
      oldest = newest;
      newest = older;
    }
    while (oldest != null) {
      Child<T> younger = oldest.next;
      append(oldest);
      oldest = younger;
    }
  }

  private void append(Child<T> child) {
    child.next = null;
    Child<T> before = first == null ? null : last;
    if (before == null) {
      first = child;
    } else {
      before.next = child;
    }
    last = child;
  }

  /** One that is polled when it was woken. */
  abstract static class Child<T> implements Waker {
    private final WakeList<T> list;
    private volatile boolean queued; // whoever sets it owns next until it is polled
    private @Nullable Child<T> next;

    Child(WakeList<T> list) {
      this.list = list;
    }

    /** Polls what it stands for with itself as the waker; pending if there is nothing for the operator to answer. */
    abstract Poll<@Nullable T> poll() throws Exception;

    @Override
    public final void wake() {
      if (QUEUED.compareAndSet(this, false, true)) {
        Child<T> head;
        do {
          head = list.woken;
          next = head;
        } while (!WOKEN.compareAndSet(list, head, this));
        list.wakeParent();
      }
    }
  }
}
