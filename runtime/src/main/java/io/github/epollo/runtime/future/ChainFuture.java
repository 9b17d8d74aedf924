package io.github.epollo.runtime.future;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A future that makes its outcome of another one's: one stage of a chain such as {@code f.map(...).then(...).recover(...)}.
 *
 * <p>A stage polls its source, so a short chain costs a call for each stage and no memory. Chains of any length work, too:
 *
 * <ul>
 * <li>A stage that stands on many others hands them to a {@link ChainMachine}, which needs no stack for them, when it is first polled or closed.
 * <li>When a stage goes on with another future, that takes the place of the source, which is over. If it is a stage of the same kind, as in a loop
 * that calls itself at the end of {@code then}, this stage continues in its place, and nothing is left of the rounds before.
 * <li>If it is any other chain that can grow so, a machine takes it.
 * </ul>
 */
abstract class ChainFuture<T extends @Nullable Object, R extends @Nullable Object> extends AbstractFuture<R> {
  /** In place of a source that is over. */
  private static final Future<?> NONE = Future.pending();

  private static final int DEEP = 64;

  private Future<?> source; // what the stage waits for, and later what it goes on with
  private byte depth; // how many stages it stands on; no more than DEEP
  private boolean following; // whether the stage has done its part, so that the source's outcome is its own

  ChainFuture(Future<T> source) {
    this.source = Objects.requireNonNull(source, "future");
    if (source instanceof ChainFuture<?, ?> stage) {
      depth = (byte) Math.min(stage.depth + 1, DEEP);
    }
  }

  /** What comes after the outcome of the source: an {@code Outcome<R>}, or a {@code Future<R>} to go on with. */
  abstract Object after(Outcome<T> outcome) throws Exception;

  /** Whether it may go on with another future. */
  boolean canFollow() {
    return false;
  }

  /** Takes on the function of {@code other}; false if that is not of the same kind. */
  boolean become(ChainFuture<?, ?> other) {
    return false;
  }

  @Override
  @SuppressWarnings("unchecked") // the source is a Future<T>, or a Future<R> once it is following
  protected final Poll<R> advance(Waker waker) throws Exception {
    flattenIfDeep();
    while (true) {
      Poll<?> poll = Children.pollOrFail(source, waker);
      if (following || poll instanceof Poll.Pending) {
        return (Poll<R>) poll;
      }
      Object after = after((Outcome<T>) poll);
      if (after instanceof Outcome<?> outcome) {
        return (Poll<R>) outcome;
      }
      if (follow((Future<?>) after) && !Awaiter.proceed(waker)) { // a loop of what is always ready lets others run
        return Poll.pending();
      }
    }
  }

  /** Goes on with {@code next}; whether that may be a round of a loop. */
  private boolean follow(Future<?> next) {
    following = true;
    source = next;
    depth = 0;
    if (!(next instanceof ChainFuture<?, ?> chain) || !canGrow(chain)) {
      return false;
    }
    if (!canGrow(chain.source) && become(chain) && chain.take()) {
      following = chain.following;
      source = chain.source;
      depth = chain.depth;
    } else {
      source = new ChainMachine<>(next);
    }
    return true;
  }

  /** Whether there is a stage in {@code chain} that may go on with another future. */
  private static boolean canGrow(Future<?> chain) {
    Future<?> inner = chain;
    while (inner instanceof ChainFuture<?, ?> stage) {
      if (stage.depth >= DEEP || stage.canFollow()) {
        return true;
      }
      inner = stage.source;
    }
    return inner instanceof ChainMachine;
  }

  private void flattenIfDeep() {
    if (depth >= DEEP) {
      depth = 0;
      source = new ChainMachine<>(source);
    }
  }

  final Future<?> source() {
    return source;
  }

  final boolean isFollowing() {
    return following;
  }

  @Override
  protected final void release() {
    flattenIfDeep();
    Future<?> last = source;
    source = NONE;
    last.close();
  }
}
