package io.github.epollo.runtime.sync;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import org.jspecify.annotations.Nullable;

/** A future that a test polls by hand, counting the wakes that it gets. */
final class HandPolled<T extends @Nullable Object> {
  final Future<T> future;
  private @Nullable Waker current;
  int wakes; // since the last poll
  int staleWakes; // of wakers that were replaced

  HandPolled(Future<T> future) {
    this.future = future;
  }

  Poll<T> poll() {
    return poll(true);
  }

  /** Polls, with a waker of its own or with that of the last poll. */
  Poll<T> poll(boolean freshWaker) {
    if (freshWaker || current == null) {
      current = new Waker() {
        @Override
        public void wake() {
          if (current == this) {
            wakes++;
          } else {
            staleWakes++;
          }
        }
      };
    }
    wakes = 0;
    return future.poll(current);
  }
}
