package io.github.epollo.runtime.stream;

import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@link AsyncStream#onClose}. */
final class OnCloseStream<T> extends Operator<T, T> {
  private final Runnable action;

  OnCloseStream(AsyncStream<T> source, Runnable action) {
    super(source);
    this.action = Objects.requireNonNull(action, "action");
  }

  @Override
  protected Poll<@Nullable T> advance(Waker waker) {
    return source.pollNext(waker);
  }

  @Override
  protected void release() {
    try {
      source.close();
    } finally {
      action.run();
    }
  }
}
