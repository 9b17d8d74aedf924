package io.github.epollo.runtime.stream;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@link AsyncStream#skipUntil}. */
final class SkipUntilStream<T> extends Operator<T, T> {
  private @Nullable Future<?> signal; // null once it has come

  SkipUntilStream(AsyncStream<T> source, Future<?> signal) {
    super(source);
    this.signal = Objects.requireNonNull(signal, "signal");
  }

  @Override
  protected Poll<@Nullable T> advance(Waker waker) {
    while (!isClosed()) {
      Future<?> awaited = signal;
      if (awaited != null) {
        switch (awaited.poll(waker)) {
          case Poll.Ready<?> _ -> {
            signal = null;
            awaited.close();
          }
          case Poll.Failed<?>(Throwable cause) -> {
            return Poll.failed(cause);
          }
          case Poll.Pending<?> _ -> {}
        }
      }
      Poll<@Nullable T> poll = source.pollNext(waker);
      if (signal == null || valueOf(poll) == null) {
        return poll;
      }
    }
    return Poll.pending();
  }

  @Override
  protected void release() {
    try {
      Closing.future(signal);
    } finally {
      source.close();
    }
  }
}
