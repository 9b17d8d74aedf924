package io.github.epollo.runtime;

import io.github.epollo.runtime.ScopeChildren.Phase;
import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Waits until the children of a scope have ended. */
final class ScopeEnd<V extends @Nullable Object> extends AbstractFuture<V> {
  private final TaskScope<?, ?> scope;
  private final Function<Phase, Poll<V>> answer; // of the phase before
  final boolean ofAll; // background tasks, too; else it ends the spawning, as a join does
  @Nullable Waker waker; // guarded by the lock of ScopeChildren

  ScopeEnd(TaskScope<?, ?> scope, boolean ofAll, Function<Phase, Poll<V>> answer) {
    this.scope = scope;
    this.ofAll = ofAll;
    this.answer = answer;
  }

  @Override
  protected Poll<V> advance(Waker waker) {
    Phase before = scope.children().poll(this, waker);
    if (before != null) {
      return answer.apply(before);
    }
    scope.checkWaiter(waker);
    return Poll.pending();
  }

  @Override
  protected void release() {
    scope.children().forget(this);
  }

  @Override
  public String toString() {
    return "the end of " + scope;
  }
}
