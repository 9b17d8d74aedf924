package io.github.epollo.runtime.future;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The children of one future, of which only those are polled that were woken: a wake costs the same however many there are.
 *
 * <p>Each child is the waker of its own future. Who wakes it puts it into the inbox, from any thread, and wakes the parent if the inbox was empty. The parent's poll
 * first says {@link #begin}, which notes its waker, and then asks for {@link #next} until there is none. It takes the inbox once, after it noted its waker: what
 * comes later finds the inbox empty and the new waker, so no wake is lost, and a child that wakes itself does not keep the poll from ending.
 *
 * <p><b>Threading:</b> one thread at a time calls anything but {@link Child#wake}.
 */
final class Children {
  /** One child: a place for its future while that is open, and for its outcome afterwards. */
  static class Child<T extends @Nullable Object> implements Waker {
    private final Children siblings;
    @Nullable Future<T> future; // null once it has finished or was let go

    // IDLE -> QUEUED (wake, add) -> IDLE (next): whoever makes it QUEUED may write the links, until next() has unlinked it
    @SuppressWarnings("unused") // through QUEUED
    private boolean queued;
    private @Nullable Child<?> after;
    private @Nullable Child<?> before;
    private boolean listed; // in the parent's list, not in the inbox

    Child(Children siblings, Future<T> future) {
      this.siblings = siblings;
      this.future = future;
    }

    @Override
    public final void wake() {
      if (QUEUED.compareAndSet(this, false, true)) { // pairs with next
        siblings.post(this);
      }
    }

    /** Polls the future; once that has finished, the child has none any more. */
    final Poll<T> poll() {
      Future<T> open = future;
      if (open == null) {
        throw new IllegalStateException("there is nothing to poll");
      }
      Poll<T> poll = pollOrFail(open, this);
      if (!(poll instanceof Poll.Pending)) {
        future = null;
      }
      return poll;
    }
  }

  private static final VarHandle QUEUED;
  private static final VarHandle INBOX;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      QUEUED = lookup.findVarHandle(Child.class, "queued", boolean.class);
      INBOX = lookup.findVarHandle(Children.class, "inbox", Child.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  // Written by begin, before it takes the inbox; read by post, after it added to the inbox. So one of the two sees the other.
  private volatile @Nullable Waker waker;

  @SuppressWarnings("unused") // through INBOX
  private volatile @Nullable Child<?> inbox; // the latest first

  private @Nullable Child<?> first;
  private @Nullable Child<?> last;
  private boolean taken; // the inbox, in this poll

  /** Adds a child that was not polled yet; whoever waits is woken. */
  void add(Child<?> child) {
    QUEUED.setVolatile(child, true);
    append(child);
    wakeParent();
  }

  /** Wakes whoever waits. */
  void wakeParent() {
    Waker waiting = waker;
    if (waiting != null) {
      waiting.wake();
    }
  }

  /** Lets go of a child, whose future it returns; null if it had finished. */
  static <T extends @Nullable Object> @Nullable Future<T> remove(Child<T> child) {
    Future<T> future = child.future;
    child.future = null; // next() passes it over if it is in the inbox
    if (child.listed) {
      child.siblings.unlink(child);
    }
    return future;
  }

  /** Begins a poll of the parent. */
  void begin(Waker waker) {
    this.waker = waker;
    taken = false;
  }

  /** The next child to poll in this poll of the parent, or null. */
  @Nullable
  Child<?> next() {
    while (true) {
      if (first == null && !taken) {
        taken = true;
        takeInbox();
      }
      Child<?> child = first;
      if (child == null) {
        return null;
      }
      unlink(child);
      QUEUED.setVolatile(child, false); // before its poll: a wake from now on queues it again
      if (child.future != null) {
        return child;
      }
    }
  }

  /** Nobody waits any more. */
  void forgetWaker() {
    waker = null;
  }

  private void post(Child<?> child) {
    Child<?> head;
    do {
      head = inbox;
      child.after = head;
    } while (!INBOX.compareAndSet(this, head, child));
    if (head == null) {
      wakeParent();
    }
  }

  /** In the order in which they were woken. */
  private void takeInbox() {
    Child<?> child = (Child<?>) INBOX.getAndSet(this, null);
    Child<?> newer = null;
    while (child != null) {
      Child<?> older = child.after;
      child.after = newer;
      newer = child;
      child = older;
    }
    while (newer != null) {
      Child<?> next = newer.after;
      append(newer);
      newer = next;
    }
  }

  private void append(Child<?> child) {
    child.listed = true;
    child.before = last;
    child.after = null;
    if (last == null) {
      first = child;
    } else {
      last.after = child;
    }
    last = child;
  }

  private void unlink(Child<?> child) {
    Child<?> before = child.before;
    Child<?> after = child.after;
    if (before == null) {
      first = after;
    } else {
      before.after = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.before = before;
    }
    child.before = null;
    child.after = null;
    child.listed = false;
  }

  /** Polls {@code future}; one that breaks its contract and throws has failed, and is closed. */
  static <T extends @Nullable Object> Poll<T> pollOrFail(Future<T> future, Waker waker) {
    try {
      return Objects.requireNonNull(future.poll(waker), "a future answered null instead of a Poll");
    } catch (Throwable t) {
      closeAfter(t, future);
      return Poll.failed(t);
    }
  }

  /** Closes {@code future}; what that throws, against its contract, is suppressed by {@code failure}, or is the failure if that is null. */
  static @Nullable Throwable closeAfter(@Nullable Throwable failure, Future<?> future) {
    try {
      future.close();
    } catch (Throwable t) {
      return suppress(failure, t);
    }
    return failure;
  }

  /** Adds {@code later} to what {@code first} suppresses; returns the first, or the later one if there was none. */
  static Throwable suppress(@Nullable Throwable first, Throwable later) {
    if (first == null) {
      return later;
    }
    if (first != later) { // several may fail with the same one
      first.addSuppressed(later);
    }
    return first;
  }

  /** Tells the thread's handler of uncaught exceptions what foreign code threw, if anything, and is nobody's failure here; does not throw. */
  static void report(@Nullable Throwable thrown) {
    if (thrown != null) {
      Thread current = Thread.currentThread();
      try {
        current.getUncaughtExceptionHandler().uncaughtException(current, thrown);
      } catch (Throwable t) {
        // there is nobody left to tell
      }
    }
  }

  /** Throws what {@link #closeAfter} collected, if anything. */
  static void rethrow(@Nullable Throwable failure) {
    switch (failure) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(failure);
    }
  }
}
