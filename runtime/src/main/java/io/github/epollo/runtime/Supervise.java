package io.github.epollo.runtime;

import io.github.epollo.runtime.future.Outcome;
import io.github.epollo.runtime.future.Poll;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** {@link ScopePolicy#supervise()}. */
final class Supervise implements ScopePolicy<@Nullable Object, @Nullable Void> {
  private final BiConsumer<? super Task<?>, ? super Throwable> handler;

  Supervise(BiConsumer<? super Task<?>, ? super Throwable> handler) {
    this.handler = handler;
  }

  @Override
  public boolean onEnd(Task<?> child, Outcome<?> outcome) {
    if (outcome instanceof Poll.Failed<?>(Throwable cause) && Task.isNews(cause)) {
      handler.accept(child, cause);
    }
    return false;
  }

  @Override
  public @Nullable Void result() {
    return null;
  }
}
