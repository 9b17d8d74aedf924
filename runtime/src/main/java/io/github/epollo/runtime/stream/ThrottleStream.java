package io.github.epollo.runtime.stream;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.loop.SleepProvider;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** {@link AsyncStream#throttle}: does not ask the source before the pause is over. */
final class ThrottleStream<T> extends Operator<T, T> {
  private final Duration pause;
  private @Nullable Future<@Nullable Void> sleep;

  ThrottleStream(AsyncStream<T> source, Duration pause) {
    super(source);
    this.pause = Limits.positive(pause, "the time between two values");
  }

  @Override
  protected Poll<@Nullable T> advance(Waker waker) {
    Future<@Nullable Void> waiting = sleep;
    if (waiting != null) {
      Poll<@Nullable Void> passed = waiting.poll(waker);
      if (!(passed instanceof Poll.Ready)) {
        return passOn(passed);
      }
      sleep = null;
      waiting.close();
    }
    Poll<@Nullable T> poll = source.pollNext(waker);
    if (valueOf(poll) != null) {
      sleep = SleepProvider.get().sleepAsync(pause);
    }
    return poll;
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
