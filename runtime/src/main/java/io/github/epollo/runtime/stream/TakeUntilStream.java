package io.github.epollo.runtime.stream;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@link AsyncStream#takeUntil}. */
final class TakeUntilStream<T> extends Operator<T, T> {
  private final Future<?> signal;

  TakeUntilStream(AsyncStream<T> source, Future<?> signal) {
    super(source);
    this.signal = Objects.requireNonNull(signal, "signal");
  }

  @Override
  protected Poll<@Nullable T> advance(Waker waker) {
    return switch (signal.poll(waker)) {
      case Poll.Ready<?> _ -> end();
      case Poll.Failed<?>(Throwable cause) -> Poll.failed(cause);
      case Poll.Pending<?> _ -> isClosed() ? Poll.pending() : source.pollNext(waker);
    };
  }

  @Override
  protected void release() {
    try {
      signal.close();
    } finally {
      source.close();
    }
  }
}
