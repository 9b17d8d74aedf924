package io.github.epollo.runtime.future;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the handles of {@link Shared} share: the future, which one of them at a time polls, and then its outcome. It is that future's waker. */
final class SharedSource<T extends @Nullable Object> implements Waker {
  /*
   *   IDLE    -> POLLING // a handle polls
   *   POLLING -> IDLE    // pending
   *   POLLING -> WOKEN   // wake() during the poll
   *   WOKEN   -> IDLE    // pending: all handles are woken
   *   POLLING, WOKEN -> DONE // outcome was written before; all handles are woken; final
   *
   * A handle writes its waker, then reads the state. Who ends a poll, or wakes, writes or reads the state and then reads the wakers. All volatile, so a handle that goes
   * away with "pending" while another polls is woken by that one, or by the future's next wake.
   */
  private static final int IDLE = 0;
  private static final int POLLING = 1;
  private static final int WOKEN = 2;
  private static final int DONE = 3;

  private static final Shared<?>[] NONE = {};

  private static final VarHandle STATE;
  private static final VarHandle HANDLES;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      STATE = lookup.findVarHandle(SharedSource.class, "state", int.class);
      HANDLES = lookup.findVarHandle(SharedSource.class, "handles", Shared[].class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private @Nullable Future<T> source; // null once it is over: a handle may be kept for long
  private @Nullable Outcome<T> outcome; // published by DONE
  private volatile int state;
  private volatile Shared<?>[] handles = NONE; // the open ones, until it is done, each array unchanged once it is here

  SharedSource(Future<T> source) {
    this.source = Objects.requireNonNull(source, "future");
  }

  boolean isDone() {
    return state == DONE;
  }

  Poll<T> poll() {
    while (true) {
      int s = state;
      if (s == DONE) {
        return Objects.requireNonNull(outcome);
      }
      if (s != IDLE) {
        return Poll.pending();
      }
      if (STATE.compareAndSet(this, IDLE, POLLING)) {
        Poll<T> poll = Children.pollOrFail(Objects.requireNonNull(source), this);
        if (poll instanceof Outcome<T> found) {
          outcome = found;
          source = null;
          state = DONE;
          Children.report(wakeAll()); // what another's waker threw is no failure of the handle that polls
          handles = NONE; // each finds the outcome from now on; nobody leaves one by one
        } else if (!STATE.compareAndSet(this, POLLING, IDLE)) {
          state = IDLE;
          Children.report(wakeAll()); // what another's waker threw is no failure of the handle that polls
        }
        return poll;
      }
    }
  }

  @Override
  public void wake() {
    while (true) {
      int s = state;
      if (s == IDLE) {
        Children.rethrow(wakeAll());
        return;
      }
      if (s != POLLING || STATE.compareAndSet(this, POLLING, WOKEN)) {
        return;
      }
    }
  }

  /** Returns what the wakers threw, against their contract. */
  private @Nullable Throwable wakeAll() {
    Throwable failure = null;
    for (Shared<?> handle : handles) {
      Waker waker = handle.waker();
      if (waker != null) {
        try {
          waker.wake();
        } catch (Throwable t) {
          failure = Children.suppress(failure, t);
        }
      }
    }
    return failure;
  }

  void add(Shared<T> handle) {
    Shared<?>[] before;
    Shared<?>[] after;
    do {
      before = handles;
      after = Arrays.copyOf(before, before.length + 1);
      after[before.length] = handle;
    } while (!HANDLES.compareAndSet(this, before, after));
  }

  /** {@code handle}, which was added, is over; the last one closes the future. */
  void remove(Shared<T> handle) {
    Shared<?>[] before;
    Shared<?>[] after;
    do {
      before = handles;
      int index = Arrays.asList(before).indexOf(handle);
      if (isDone() || index < 0) {
        return;
      }
      after = Arrays.copyOf(before, before.length - 1);
      System.arraycopy(before, index + 1, after, index, after.length - index);
    } while (!HANDLES.compareAndSet(this, before, after));
    Future<T> unfinished = source;
    if (after.length == 0 && unfinished != null) {
      source = null;
      unfinished.close();
    }
  }

  @Override
  public String toString() {
    Future<T> unfinished = source;
    return unfinished == null ? "a shared future that is over" : unfinished.toString();
  }
}
