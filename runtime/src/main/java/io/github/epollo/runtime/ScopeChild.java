package io.github.epollo.runtime;

import io.github.epollo.runtime.future.Waker;
import org.jspecify.annotations.Nullable;

/** A task's place in its scope, and the waker by which the scope hears of its end. The fields that are not final are guarded by the lock of {@link ScopeChildren}. */
final class ScopeChild<T extends @Nullable Object> implements Waker {
  private final TaskScope<? super T, ?> scope;
  final Task<T> task;
  final boolean background;
  boolean started;
  @Nullable ScopeChild<?> previous;
  @Nullable ScopeChild<?> next;
  @Nullable ScopeChild<?> nextEnded;

  ScopeChild(TaskScope<? super T, ?> scope, Task<T> task, boolean background) {
    this.scope = scope;
    this.task = task;
    this.background = background;
  }

  @Override
  public void wake() {
    scope.ended(this);
  }

  /** Tells the policy of the end. */
  boolean tell() throws Exception {
    return scope.tell(task);
  }
}
