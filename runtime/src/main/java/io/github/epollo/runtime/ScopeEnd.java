package io.github.epollo.runtime;

import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Waits until the children of a scope have ended. */
final class ScopeEnd<V extends @Nullable Object> extends AbstractFuture<V> {
  private final TaskScope<?, ?> scope;
  private final Supplier<Poll<V>> answer;
  final boolean ofAll; // background tasks, too
  @Nullable Waker waker; // guarded by the lock of ScopeChildren

  ScopeEnd(TaskScope<?, ?> scope, boolean ofAll, Supplier<Poll<V>> answer) {
    this.scope = scope;
    this.ofAll = ofAll;
    this.answer = answer;
  }

  @Override
  protected Poll<V> advance(Waker waker) {
    if (scope.children().poll(this, waker)) {
      return answer.get();
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
