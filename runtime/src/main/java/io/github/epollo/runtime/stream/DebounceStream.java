package io.github.epollo.runtime.stream;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.loop.SleepProvider;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** {@link AsyncStream#debounce} and {@link AsyncStream#sample}: keep the newest value until a timer has run, which the first starts anew with each value. */
final class DebounceStream<T> extends Operator<T, T> {
  private final Duration duration;
  private final boolean restart;
  private @Nullable Future<@Nullable Void> sleep;
  private @Nullable Poll<@Nullable T> newest;
  private @Nullable Poll<@Nullable T> last; // how the source ended

  DebounceStream(AsyncStream<T> source, Duration duration, boolean restart) {
    super(new ConflateStream<>(source));
    this.duration = Limits.positive(duration, restart ? "the time without a value" : "the time to keep a value");
    this.restart = restart;
  }

  @Override
  protected Poll<@Nullable T> advance(Waker waker) {
    while (last == null && !isClosed()) {
      Poll<@Nullable T> poll = source.pollNext(waker);
      if (poll instanceof Poll.Pending) {
        break;
      }
      if (isLast(poll)) {
        last = poll;
      } else {
        newest = poll;
        if (restart) {
          stopSleep();
        }
      }
    }
    Poll<@Nullable T> value = newest;
    if (value == null) {
      return last != null ? last : Poll.pending();
    }
    if (last == null) {
      Poll<@Nullable Void> passed = sleep().poll(waker);
      if (!(passed instanceof Poll.Ready)) {
        return passOn(passed);
      }
    }
    newest = null;
    stopSleep();
    return value;
  }

  private Future<@Nullable Void> sleep() {
    Future<@Nullable Void> running = sleep;
    if (running == null) {
      running = SleepProvider.get().sleepAsync(duration);
      sleep = running;
    }
    return running;
  }

  private void stopSleep() {
    Closing.future(sleep);
    sleep = null;
  }

  @Override
  protected void release() {
    try {
      stopSleep();
    } finally {
      source.close();
    }
  }
}
