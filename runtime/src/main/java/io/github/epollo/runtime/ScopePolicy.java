package io.github.epollo.runtime;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Outcome;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What the end of one child means for the other children of a {@link TaskScope}, and what {@link TaskScope#join} returns. There are four to choose from, and
 * one of your own takes two methods:
 *
 * {@snippet class="io.github.epollo.runtime.ScopeSnippetsTest" region="policy"}
 *
 * <p>A policy serves one scope: create it for that.
 *
 * <p><b>Threading:</b> the calls come one after another, and each sees what the ones before it have written; but they come on whatever thread a child ended on, which may be a
 * loop's own. So {@link #onEnd} should be quick, and must not wait.
 *
 * @param <T> the type of the children's results
 * @param <R> the type of the scope's result
 */
public interface ScopePolicy<T extends @Nullable Object, R extends @Nullable Object> {
  /**
   * Called once for each child, but for background tasks, in the order in which they end.
   *
   * @param child the task, which has ended
   * @param outcome how it ended; if it was cancelled, with a {@link java.util.concurrent.CancellationException}
   * @return whether it is decided how the scope ends: the children that are left are cancelled
   * @throws Exception if it fails, which ends the scope with that failure
   */
  boolean onEnd(Task<? extends T> child, Outcome<? extends T> outcome) throws Exception;

  /**
   * Makes the scope's result; called once, when all children have ended.
   *
   * @throws Exception what {@link TaskScope#join} throws, by the rules of {@link Future#await}
   */
  R result() throws Exception;

  /**
   * All children must succeed. The first failure cancels the others, and {@code join} throws it; failures of the others are suppressed in it. A child that
   * was cancelled has not succeeded. The result is the list of the children's results, in the order in which they were spawned.
   */
  static <T extends @Nullable Object> ScopePolicy<T, List<T>> allSucceed() {
    return new AllSucceed<>();
  }

  /**
   * The first child that succeeds decides: the others are cancelled, and {@code join} returns its result. Of the results that come too late, those that are
   * {@link AutoCloseable} are closed; what that throws goes to the runtime's uncaught-exception handler. If all have failed, {@code join} throws the first failure, in which the others are suppressed; if there was no child
   * at all, an {@link IllegalStateException}.
   */
  static <T extends @Nullable Object> ScopePolicy<T, T> firstSuccess() {
    return new FirstSuccess<>();
  }

  /** No child's end touches the others. The result is the list of the outcomes, in the order in which the children were spawned. */
  static <T extends @Nullable Object> ScopePolicy<T, List<Outcome<T>>> collectAll() {
    return new CollectAll<>();
  }

  /**
   * No child's end touches the others, and nothing is kept of it: for a scope that lives as long as a server. Failures go to the runtime's uncaught-exception handler;
   * that a child was cancelled is no failure.
   */
  static ScopePolicy<@Nullable Object, @Nullable Void> supervise() {
    return new Supervise((task, failure) -> task.epollo.options().uncaught(task, failure));
  }

  /** As {@link #supervise()}, and {@code handler} is told the failures: one at a time, on the thread where the child ended. What it throws ends the scope. */
  static ScopePolicy<@Nullable Object, @Nullable Void> supervise(
      BiConsumer<? super Task<?>, ? super Throwable> handler) {
    return new Supervise(Objects.requireNonNull(handler, "handler"));
  }
}
