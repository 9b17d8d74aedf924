package io.github.epollo.runtime.stream;

import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.loop.SleepProvider;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** {@link AsyncStream#timeoutEach}: a timer runs only while a value is waited for. */
final class TimeoutEachStream<T> extends Operator<T, T> {
  private final Duration limit;
  private @Nullable Future<@Nullable Void> sleep;

  TimeoutEachStream(AsyncStream<T> source, Duration limit) {
    super(source);
    this.limit = Limits.positive(limit, "the time to wait for a value");
  }

  @Override
  protected Poll<@Nullable T> advance(Waker waker) {
    Poll<@Nullable T> poll = source.pollNext(waker);
    if (!(poll instanceof Poll.Pending)) {
      Closing.future(sleep);
      sleep = null;
      return poll;
    }
    Future<@Nullable Void> running = sleep;
    if (running == null) {
      running = SleepProvider.get().sleepAsync(limit);
      sleep = running;
    }
    return switch (running.poll(waker)) {
      case Poll.Ready<@Nullable Void> _ ->
        Poll.failed(new DeadlineExceededException("no value came from " + source + " within " + limit));
      case Poll.Failed<?>(Throwable cause) -> Poll.failed(cause);
      case Poll.Pending<@Nullable Void> _ -> Poll.pending();
    };
  }

  @Override
  protected void release() {
    try {
      Closing.future(sleep);
    } finally {
      source.close();
    }
  }
}
