package io.github.epollo.runtime.future;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
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

  /**
   * A future of this one's value, or if this one fails, of the value that {@code recovery} makes of the failure; what {@code recovery} throws is then its failure.
   *
   * {@snippet class="io.github.epollo.runtime.future.SnippetsTest" region="recover"}
   */
  default Future<T> recover(Function<? super Throwable, ? extends T> recovery) {
    return recover(Throwable.class, recovery);
  }

  /** As {@link #recover(Function)}, from failures of this type only; others stay what they are. */
  default <X extends Throwable> Future<T> recover(Class<X> type, Function<? super X, ? extends T> recovery) {
    return new RecoverFuture<>(this, type, recovery, false);
  }

  /** A future of this one's value, or if this one fails, of the future that {@code recovery} makes of the failure. */
  default Future<T> recoverWith(Function<? super Throwable, ? extends Future<T>> recovery) {
    return recoverWith(Throwable.class, recovery);
  }

  /** As {@link #recoverWith(Function)}, from failures of this type only; others stay what they are. */
  default <X extends Throwable> Future<T> recoverWith(Class<X> type,
      Function<? super X, ? extends Future<T>> recovery) {
    return new RecoverFuture<>(this, type, recovery, true);
  }

  /** A future of this one's outcome, which shows a value to {@code inspector} as it passes; what that throws is the failure. */
  default Future<T> inspect(Consumer<? super T> inspector) {
    Objects.requireNonNull(inspector, "inspector");
    return new InspectFuture<>(this, outcome -> {
      if (outcome instanceof Poll.Ready<T>(T value)) {
        inspector.accept(value);
      }
    });
  }

  /** A future of this one's outcome, which shows a failure to {@code inspector} as it passes. What that throws takes the place of the failure, which it suppresses. */
  default Future<T> inspectFailure(Consumer<? super Throwable> inspector) {
    Objects.requireNonNull(inspector, "inspector");
    return new InspectFuture<>(this, outcome -> {
      if (outcome instanceof Poll.Failed<T>(Throwable cause)) {
        try {
          inspector.accept(cause);
        } catch (Throwable t) {
          Throwable _ = Children.suppress(t, cause);
          throw t;
        }
      }
    });
  }

  /** A future of how this one ends: a failure is a value then, so that a {@link #join} or a {@link #race} does not end by it. Not even an {@link Error} passes. */
  default Future<Outcome<T>> catching() {
    return new CatchingFuture<>(this);
  }

  /**
   * The first of several handles on this future, each of which has its outcome; for one result and many that wait, also on different threads. A task can be joined by
   * many as it is.
   */
  default Shared<T> shared() {
    SharedSource<T> source = new SharedSource<>(this);
    Shared<T> first = new Shared<>(source);
    source.add(first);
    return first;
  }

  /** A future of this one's outcome that can be stopped from another thread. */
  default Abortable<T> abortable() {
    return new Abortable<>(this);
  }

  /**
   * Polls this future once: its outcome if it is there without waiting, else null, and the future is closed.
   *
   * <p>On a loop's own thread, one that has used up its turn counts as not ready.
   *
   * @throws IllegalStateException if the future is finished or closed
   */
  default @Nullable Outcome<T> nowOrNever() {
    Poll<T> poll = poll(() -> {});
    if (poll instanceof Outcome<T> outcome) {
      return outcome;
    }
    close();
    return null;
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
   * A future of the future that {@code supplier} gives when it is first polled; what that throws is the failure.
   *
   * <p><b>Cancellation:</b> closed before the first poll, it never asks the supplier.
   */
  static <T extends @Nullable Object> Future<T> lazy(Supplier<? extends Future<T>> supplier) {
    Objects.requireNonNull(supplier, "supplier");
    return Future.<@Nullable Void>ready(null).then(_ -> Objects.requireNonNull(supplier.get(),
        "the supplier given to lazy() returned null instead of a future"));
  }

  /**
   * A future of what {@code callable} returns when {@code executor} runs it, which it is asked to at the first poll. What the callable throws is the failure, and so is
   * the refusal of an executor that is shut down. If a loop polls it on its own thread, an {@link java.util.concurrent.ExecutorService}, which may lock, is asked by another one; any other executor
   * must not wait in {@code execute}.
   *
   * <p>A {@code java.util.concurrent.Future} that exists already tells nobody when it is done: somebody's thread must wait for it. If it is a {@code CompletableFuture}, use
   * {@link #fromCompletionStage}. If not, call its {@code get()}: in a task that is a wait as any other, and from a pool of threads {@code fromExecutor(pool, theirs::get)} is a
   * future of it.
   *
   * <p><b>Cancellation:</b> closing it takes the work from the executor, or interrupts the thread that runs it; what it returns then is lost. Work that an executor drops when it
   * is shut down never finishes.
   */
  static <T extends @Nullable Object> Future<T> fromExecutor(Executor executor, Callable<? extends T> callable) {
    return new ExecutorFuture<>(executor, callable);
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

  /**
   * A future of {@code combiner} applied to the values of all. Waits until all have finished; if some failed, it fails with the failure of the
   * first of them, in the order given, which suppresses the others.
   *
   * {@snippet class="io.github.epollo.runtime.future.SnippetsTest" region="join"}
   *
   * <p><b>Cancellation:</b> closing it closes those that have not finished. Values that are there by then are lost, and so are they when another one fails: not closed, for others may have them, too. Get what must be
   * released, such as permits and connections, from tasks or by a {@link FutureSet}.
   *
   * @throws IllegalArgumentException if one of them is there twice
   * @throws NullPointerException if one of them is null
   */
  @SuppressWarnings("unchecked") // each value is of its future's type
  static <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object> Future<R> join(
      Future<A> a, Future<B> b, BiFunction<? super A, ? super B, ? extends R> combiner) {
    Objects.requireNonNull(combiner, "combiner");
    return JoinFuture.of(JoinFuture.Until.ALL_FINISHED, v -> combiner.apply((A) v[0], (B) v[1]), a, b);
  }

  /** As {@link #join(Future, Future, BiFunction)}, of three. */
  @SuppressWarnings("unchecked") // each value is of its future's type
  static <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object, R extends @Nullable Object> Future<R> join(
      Future<A> a, Future<B> b, Future<C> c, Function3<? super A, ? super B, ? super C, ? extends R> combiner) {
    Objects.requireNonNull(combiner, "combiner");
    return JoinFuture.of(JoinFuture.Until.ALL_FINISHED, v -> combiner.apply((A) v[0], (B) v[1], (C) v[2]), a, b, c);
  }

  /** As {@link #join(Future, Future, BiFunction)}, of four. */
  @SuppressWarnings("unchecked") // each value is of its future's type
  static <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object, D extends @Nullable Object, R extends @Nullable Object> Future<R> join(
      Future<A> a, Future<B> b, Future<C> c, Future<D> d,
      Function4<? super A, ? super B, ? super C, ? super D, ? extends R> combiner) {
    Objects.requireNonNull(combiner, "combiner");
    return JoinFuture.of(JoinFuture.Until.ALL_FINISHED, v -> combiner.apply((A) v[0], (B) v[1], (C) v[2], (D) v[3]), a,
        b, c, d);
  }

  /** As {@link #join(Future, Future, BiFunction)}, of five. */
  @SuppressWarnings("unchecked") // each value is of its future's type
  static <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object, D extends @Nullable Object, E extends @Nullable Object, R extends @Nullable Object> Future<R> join(
      Future<A> a, Future<B> b, Future<C> c, Future<D> d, Future<E> e,
      Function5<? super A, ? super B, ? super C, ? super D, ? super E, ? extends R> combiner) {
    Objects.requireNonNull(combiner, "combiner");
    return JoinFuture.of(JoinFuture.Until.ALL_FINISHED,
        v -> combiner.apply((A) v[0], (B) v[1], (C) v[2], (D) v[3], (E) v[4]), a, b, c, d, e);
  }

  /**
   * A future of the values of all, in the order given; of an empty list, if there are none. Failures are treated as in {@link #join(Future, Future, BiFunction)}. Each
   * future is polled only when it was woken, however many there are.
   *
   * @throws IllegalArgumentException if one of them is there twice
   * @throws NullPointerException if one of them is null
   */
  static <T extends @Nullable Object> Future<List<T>> join(Collection<? extends Future<? extends T>> futures) {
    return JoinFuture.ofAll(JoinFuture.Until.ALL_FINISHED, futures);
  }

  /**
   * As {@link #join(Future, Future, BiFunction)}, but the first failure ends it: the others are closed then, whatever they were doing.
   *
   * <p><b>Cancellation:</b> what the others had got so far is lost when one fails, values that are there included, and when it is closed.
   */
  @SuppressWarnings("unchecked") // each value is of its future's type
  static <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object> Future<R> tryJoin(
      Future<A> a, Future<B> b, BiFunction<? super A, ? super B, ? extends R> combiner) {
    Objects.requireNonNull(combiner, "combiner");
    return JoinFuture.of(JoinFuture.Until.FIRST_FAILURE, v -> combiner.apply((A) v[0], (B) v[1]), a, b);
  }

  /** As {@link #tryJoin(Future, Future, BiFunction)}, of three. */
  @SuppressWarnings("unchecked") // each value is of its future's type
  static <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object, R extends @Nullable Object> Future<R> tryJoin(
      Future<A> a, Future<B> b, Future<C> c, Function3<? super A, ? super B, ? super C, ? extends R> combiner) {
    Objects.requireNonNull(combiner, "combiner");
    return JoinFuture.of(JoinFuture.Until.FIRST_FAILURE, v -> combiner.apply((A) v[0], (B) v[1], (C) v[2]), a, b, c);
  }

  /** As {@link #tryJoin(Future, Future, BiFunction)}, of four. */
  @SuppressWarnings("unchecked") // each value is of its future's type
  static <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object, D extends @Nullable Object, R extends @Nullable Object> Future<R> tryJoin(
      Future<A> a, Future<B> b, Future<C> c, Future<D> d,
      Function4<? super A, ? super B, ? super C, ? super D, ? extends R> combiner) {
    Objects.requireNonNull(combiner, "combiner");
    return JoinFuture.of(JoinFuture.Until.FIRST_FAILURE, v -> combiner.apply((A) v[0], (B) v[1], (C) v[2], (D) v[3]), a,
        b, c, d);
  }

  /** As {@link #tryJoin(Future, Future, BiFunction)}, of five. */
  @SuppressWarnings("unchecked") // each value is of its future's type
  static <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object, D extends @Nullable Object, E extends @Nullable Object, R extends @Nullable Object> Future<R> tryJoin(
      Future<A> a, Future<B> b, Future<C> c, Future<D> d, Future<E> e,
      Function5<? super A, ? super B, ? super C, ? super D, ? super E, ? extends R> combiner) {
    Objects.requireNonNull(combiner, "combiner");
    return JoinFuture.of(JoinFuture.Until.FIRST_FAILURE,
        v -> combiner.apply((A) v[0], (B) v[1], (C) v[2], (D) v[3], (E) v[4]), a, b, c, d, e);
  }

  /**
   * As {@link #join(Collection)}, but the first failure ends it: the others are closed then.
   *
   * @throws IllegalArgumentException if one of them is there twice
   * @throws NullPointerException if one of them is null
   */
  static <T extends @Nullable Object> Future<List<T>> tryJoin(Collection<? extends Future<? extends T>> futures) {
    return JoinFuture.ofAll(JoinFuture.Until.FIRST_FAILURE, futures);
  }

  /**
   * A future of the first value that one of {@code futures} has; the others are closed then. If all fail, it fails with the failure of the first, in the order
   * given, which suppresses the others.
   *
   * <p><b>Cancellation:</b> closing it closes all, and what they had got so far is lost; no value is, for the first one ends it.
   *
   * @throws IllegalArgumentException if there are none, or one of them is there twice
   * @throws NullPointerException if one of them is null
   */
  static <T extends @Nullable Object> Future<T> anyOk(Collection<? extends Future<? extends T>> futures) {
    return JoinFuture.anyOk(futures);
  }

  /**
   * A future of the outcome, be it a value or a failure, of the first of {@code futures} that finishes; the others are closed then. Fair: of several that are ready
   * at the same time each is as likely to win, as {@link Chance} decides.
   *
   * {@snippet class="io.github.epollo.runtime.future.SnippetsTest" region="race"}
   *
   * <p><b>Cancellation:</b> closing it closes all. What a loser had got so far is lost; use {@link #select} to keep the losers.
   *
   * @throws IllegalArgumentException if there are none
   * @throws NullPointerException if one of them is null
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // it is only read
  static <T extends @Nullable Object> Future<T> race(Future<? extends T>... futures) {
    return new Contest.Race<>(Arrays.asList(futures), false);
  }

  /** As {@link #race(Future[])}. */
  static <T extends @Nullable Object> Future<T> race(Collection<? extends Future<? extends T>> futures) {
    return new Contest.Race<>(futures, false);
  }

  /**
   * As {@link #race}, but of several that are ready at the same time the first in the order given wins. One that is always ready keeps all behind it from
   * ever winning.
   *
   * @throws IllegalArgumentException if there are none
   * @throws NullPointerException if one of them is null
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // it is only read
  static <T extends @Nullable Object> Future<T> raceInOrder(Future<? extends T>... futures) {
    return new Contest.Race<>(Arrays.asList(futures), true);
  }

  /** As {@link #raceInOrder(Future[])}. */
  static <T extends @Nullable Object> Future<T> raceInOrder(Collection<? extends Future<? extends T>> futures) {
    return new Contest.Race<>(futures, true);
  }

  /**
   * A future of the first of {@code futures} that finishes, and of the others, which stay open: they go to the caller, as far as they have got. Fair, as
   * {@link #race} is. It does not fail if the first one did, for that is an {@link Outcome}, too.
   *
   * {@snippet class="io.github.epollo.runtime.future.SnippetsTest" region="select"}
   *
   * <p><b>Cancellation:</b> closing it before one has finished closes all.
   *
   * @throws IllegalArgumentException if there are none
   * @throws NullPointerException if one of them is null
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // it is only read
  static <T extends @Nullable Object> Future<Selected<T>> select(Future<? extends T>... futures) {
    return new Contest.Select<>(Arrays.asList(futures), false);
  }

  /** As {@link #select(Future[])}. */
  static <T extends @Nullable Object> Future<Selected<T>> select(Collection<? extends Future<? extends T>> futures) {
    return new Contest.Select<>(futures, false);
  }

  /**
   * As {@link #select}, but of several that are ready at the same time the first in the order given is taken.
   *
   * @throws IllegalArgumentException if there are none
   * @throws NullPointerException if one of them is null
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // it is only read
  static <T extends @Nullable Object> Future<Selected<T>> selectInOrder(Future<? extends T>... futures) {
    return new Contest.Select<>(Arrays.asList(futures), true);
  }

  /** As {@link #selectInOrder(Future[])}. */
  static <T extends @Nullable Object> Future<Selected<T>> selectInOrder(
      Collection<? extends Future<? extends T>> futures) {
    return new Contest.Select<>(futures, true);
  }
}
