package io.github.epollo.timers;

import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A future of one round of a sleep that is used again and again. Closing it stops the waiting, and leaves the sleep as it was. */
final class SleepRound<T extends @Nullable Object> extends AbstractFuture<T> {
  private final Sleep sleep;
  private final Supplier<T> whenElapsed;

  /** {@code whenElapsed} makes the value, and sets the sleep for the next round. */
  SleepRound(Sleep sleep, Supplier<T> whenElapsed) {
    this.sleep = sleep;
    this.whenElapsed = whenElapsed;
  }

  @Override
  protected Poll<T> advance(Waker waker) {
    return switch (sleep.poll(waker)) {
      case Poll.Pending<?> _ -> Poll.pending();
      case Poll.Failed<?>(Throwable cause) -> Poll.failed(cause);
      case Poll.Ready<?> _ -> Poll.ready(whenElapsed.get());
    };
  }

  @Override
  protected void release() {
    sleep.disarm();
  }

  @Override
  public String toString() {
    return sleep.toString();
  }
}
