package io.github.epollo.runtime.future;

import org.jspecify.annotations.Nullable;

/**
 * What {@link FutureSet}, {@link FutureMap} and {@link FutureQueue} share: many futures in flight, and what becomes of them one by one.
 *
 * @param <R> what is told of one that has finished
 */
abstract sealed class Gathering<R> implements AutoCloseable permits FutureSet, FutureMap, FutureQueue {
  final Children children = new Children();
  private final Direct direct = new Direct();
  private boolean closed;

  Gathering() {}

  /** How many futures are in it: those whose outcome was not taken yet. */
  public abstract int size();

  /** Whether there is none in it. */
  public final boolean isEmpty() {
    return size() == 0;
  }

  /** Polls those that were woken, and takes what can be told. Null: there is nothing yet. */
  abstract @Nullable R take();

  /** Closes all. */
  abstract @Nullable Throwable closeAll();

  /**
   * Waits for the next outcome; null if it is empty.
   *
   * <p><b>Cancellation:</b> loses nothing: the futures and their outcomes stay in it.
   *
   * @throws IllegalStateException if it was closed
   */
  public final @Nullable R next() {
    return direct.await();
  }

  /**
   * The future twin of {@link #next}; only one at a time is to be waited with.
   *
   * <p><b>Cancellation:</b> closing the future loses nothing.
   */
  public final Future<@Nullable R> nextAsync() {
    return new Next();
  }

  /** Takes the next outcome if it is there by now; polls each future that was woken once. Null if there is none, or if it is empty. */
  public final @Nullable R tryNext() {
    Poll<@Nullable R> poll = direct.poll(() -> {});
    direct.close();
    return poll instanceof Poll.Ready<@Nullable R> ready ? ready.value() : null;
  }

  /**
   * Gets as far towards the next outcome as it can without waiting, as {@link Future#poll} does; a ready null says that it is empty. Allocates nothing but the answer.
   *
   * @throws IllegalStateException if it was closed
   */
  public final Poll<@Nullable R> pollNext(Waker waker) {
    requireOpen("wait for the next of");
    if (isEmpty()) {
      return Poll.ready(null);
    }
    if (!Awaiter.proceed(waker)) {
      return Poll.pending();
    }
    children.begin(waker);
    R taken = take();
    return taken == null ? Poll.pending() : Poll.ready(taken);
  }

  final void requireOpen(String what) {
    if (closed) {
      throw new IllegalStateException("cannot " + what + " " + this + ": it is closed");
    }
  }

  /** Closes all futures in it; whoever waits is woken to find that out. Idempotent. */
  @Override
  public final void close() {
    if (!closed) {
      closed = true;
      Throwable failure = closeAll();
      children.wakeParent();
      Children.rethrow(failure);
    }
  }

  @Override
  public String toString() {
    return getClass().getSimpleName() + " of " + size();
  }

  /** For straight-line code: one for all of its waits. */
  private final class Direct implements Future<@Nullable R> {
    @Override
    public Poll<@Nullable R> poll(Waker waker) {
      return pollNext(waker);
    }

    @Override
    public void close() {
      children.forgetWaker();
    }

    @Override
    public String toString() {
      return "the next of " + Gathering.this;
    }
  }

  private final class Next extends AbstractFuture<@Nullable R> {
    @Override
    protected Poll<@Nullable R> advance(Waker waker) {
      return pollNext(waker);
    }

    @Override
    protected void release() {
      children.forgetWaker();
    }

    @Override
    public String toString() {
      return "the next of " + Gathering.this;
    }
  }
}
