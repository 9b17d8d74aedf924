package io.github.epollo.runtime.future;

import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** {@link Future#fromCompletionStage}. */
final class StageFuture<T extends @Nullable Object> extends AbstractFuture<T> {
  private final CompletionStage<T> stage;
  private boolean watching;

  // Written by the polling thread, then outcome is read; the completing thread writes outcome, then reads waker.
  // Both are volatile, so one of the two sees the other's write.
  private volatile @Nullable Waker waker;
  private volatile @Nullable Poll<T> outcome;

  StageFuture(CompletionStage<T> stage) {
    this.stage = Objects.requireNonNull(stage, "stage");
  }

  @Override
  protected Poll<T> advance(Waker waker) {
    this.waker = waker;
    if (!watching) {
      watching = true;
      CompletionStage<T> _ = stage.whenComplete(this::completed);
    }
    Poll<T> result = outcome;
    return result != null ? result : Poll.pending();
  }

  private void completed(T value, @Nullable Throwable failure) {
    if (failure == null) {
      outcome = Poll.ready(value);
    } else {
      Throwable cause = failure instanceof CompletionException ? failure.getCause() : null;
      outcome = Poll.failed(cause != null ? cause : failure);
    }
    Waker waiting = waker;
    if (waiting != null) {
      waiting.wake();
    }
  }

  @Override
  protected void release() {
    waker = null;
    if (outcome == null) {
      try {
        stage.toCompletableFuture().cancel(true);
      } catch (UnsupportedOperationException e) {
        // CompletionStage allows this: such a stage cannot be cancelled, it is only not watched any more
      }
    }
  }
}
