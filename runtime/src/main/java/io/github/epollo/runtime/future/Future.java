package io.github.epollo.runtime.future;

import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A value that may not be there yet: lazy, driven by {@link #poll}, released by {@link #close}.
 *
 * <p>Nothing happens before the first poll. A future finishes once; then, or when it is closed, it holds nothing any more. Closing a
 * future is cancelling it. A combinator owns the futures given to it and closes them when it is closed.
 *
 * <p>In straight-line code call {@link #await}. To run a future on its own, spawn it as a task.
 *
 * {@snippet class="io.github.epollo.runtime.SnippetsTest" region="combine"}
 *
 * {@snippet class="io.github.epollo.runtime.SnippetsTest" region="bridges"}
 *
 * <p><b>Threading:</b> one thread at a time polls or closes a future; which one may change from poll to poll.
 *
 * @param <T> the type of the value
 */
public interface Future<T extends @Nullable Object> extends AutoCloseable {

  /**
   * Gets as far as it can without waiting.
   *
   * <p>A {@link Poll.Pending} promises that {@code waker}, and no older one, is called when another poll is worth while.
   *
   * @throws IllegalStateException if the future is finished or closed
   */
  Poll<T> poll(Waker waker);

  /** Gives up: releases the timer, the waker's place or whatever else the future holds. Idempotent, does not wait, does not throw. */
  @Override
  void close();

  /**
   * Waits for the value: a task is parked, its loop goes on; a plain thread is blocked.
   *
   * <p><b>Cancellation:</b> if the task is cancelled or a deadline passes, the future is closed. A value that is there wins
   * over both.
   *
   * @return the value
   * @throws RuntimeException the future's own failure, as it is
   * @throws java.io.UncheckedIOException if it failed with an {@code IOException}
   * @throws CompletionException if it failed with another checked exception
   * @throws CancellationException if the task was cancelled or the thread interrupted
   * @throws DeadlineExceededException if a deadline around the caller passed
   * @throws IllegalStateException on a loop's own thread, or where this thread cannot be parked
   */
  default T await() {
    Awaiter awaiter = Awaiter.current();
    boolean finished = false;
    try {
      while (true) {
        switch (poll(awaiter)) {
          case Poll.Ready<T>(T value) -> {
            finished = true;
            return value;
          }
          case Poll.Failed<T> failed -> {
            finished = true;
            throw failed.toUnchecked();
          }
          case Poll.Pending<T> _ -> awaiter.park(this);
        }
      }
    } finally {
      if (!finished) {
        close();
      }
    }
  }

  /** A future of {@code mapper} applied to this one's value; what {@code mapper} throws is its failure. */
  default <R extends @Nullable Object> Future<R> map(Function<? super T, ? extends R> mapper) {
    return new MapFuture<>(this, mapper);
  }

  /** A future of the future that {@code next} makes of this one's value. */
  default <R extends @Nullable Object> Future<R> then(Function<? super T, ? extends Future<R>> next) {
    return new ThenFuture<>(this, next);
  }

  /**
   * A future of {@code handler} applied to the outcome: the value and null, or null and the failure.
   *
   * <p>A failure is given as it is, not wrapped.
   */
  default <R extends @Nullable Object> Future<R> handle(
      BiFunction<? super @Nullable T, ? super @Nullable Throwable, ? extends R> handler) {
    return new HandleFuture<>(this, handler);
  }

  /** A future that has {@code value}. */
  static <T extends @Nullable Object> Future<T> ready(T value) {
    return fromPoll(_ -> Poll.ready(value));
  }

  /** A future that fails with {@code cause}. */
  static <T extends @Nullable Object> Future<T> failed(Throwable cause) {
    Objects.requireNonNull(cause, "cause");
    return fromPoll(_ -> Poll.failed(cause));
  }

  /** A future that never finishes; await it for the sake of cancellation only. */
  static <T extends @Nullable Object> Future<T> pending() {
    return fromPoll(_ -> Poll.pending());
  }

  /** A future made of its {@link #poll}; {@code poll} is not called again once it has answered ready or failed. */
  static <T extends @Nullable Object> Future<T> fromPoll(Function<? super Waker, Poll<T>> poll) {
    return new PollFuture<>(poll);
  }

  /**
   * A future of what {@code stage} completes with. The stage runs on its own; this only watches it, from the first poll on.
   *
   * <p><b>Cancellation:</b> closing this future before the stage completed cancels the stage, if it can be cancelled. The other way, a task's {@code
   * toCompletionStage()} gives a future to code that expects stages.
   */
  static <T extends @Nullable Object> Future<T> fromCompletionStage(CompletionStage<T> stage) {
    return new StageFuture<>(stage);
  }
}
