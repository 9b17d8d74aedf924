package io.github.epollo.runtime.sync;

import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** {@link CancellationToken#runUntilCancelled}. */
final class UntilCancelled<T extends @Nullable Object> extends AbstractFuture<T> {
  private final Future<T> source;
  private final CancellationToken token;
  private final Future<@Nullable Void> cancelled;
  private boolean started;

  UntilCancelled(Future<T> source, CancellationToken token) {
    this.source = Objects.requireNonNull(source, "future");
    this.token = token;
    this.cancelled = token.cancelledAsync();
  }

  @Override
  protected Poll<T> advance(Waker waker) {
    if (started || !token.isCancelled()) {
      started = true;
      Poll<T> poll = source.poll(waker);
      if (!(poll instanceof Poll.Pending) || cancelled.poll(waker) instanceof Poll.Pending) {
        return poll;
      }
    }
    return Poll.failed(new CancellationException("its token was cancelled while waiting for " + source));
  }

  @Override
  protected void release() {
    try {
      source.close();
    } finally {
      cancelled.close();
    }
  }

  @Override
  public String toString() {
    return source + " until its token is cancelled";
  }
}
