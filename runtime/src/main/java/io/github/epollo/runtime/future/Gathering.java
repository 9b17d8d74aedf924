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
  private @Nullable Future<?> waiting; // whose poll was the last: when an older one is closed, this one is still to be woken
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
   * The future twin of {@link #next}. Of several, only the one polled last is woken.
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
    waiting = null;
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

  private void forget(Future<?> next) {
    if (waiting == next) {
      waiting = null;
      children.forgetWaker();
    }
  }

  final void requireOpen(String what) {
    if (closed) {
      throw new IllegalStateException("cannot " + what + " " + this + ": it is closed");
    }
  }

  /** Closes all futures in it; an outcome that has come and was not taken is lost. Whoever waits is woken to find that out. Idempotent. */
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
      Poll<@Nullable R> poll = pollNext(waker);
      waiting = this;
      if (!(poll instanceof Poll.Pending)) {
        forget(this); // nobody closes it then
      }
      return poll;
    }

    @Override
    public void close() {
      forget(this);
    }

    @Override
    public String toString() {
      return "the next of " + Gathering.this;
    }
  }

  private final class Next extends AbstractFuture<@Nullable R> {
    @Override
    protected Poll<@Nullable R> advance(Waker waker) {
      Poll<@Nullable R> poll = pollNext(waker);
      waiting = this;
      return poll;
    }

    @Override
    protected void release() {
      forget(this);
    }

    @Override
    public String toString() {
      return "the next of " + Gathering.this;
    }
  }
}
