package io.github.epollo.runtime.io;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Calls that are stopped at their k-th wait and made again: what they do must not depend on it. */
final class Stops {
  private static final int MOST = 100_000;

  private Stops() {}

  /** What is stopped. */
  interface Call<T extends @Nullable Object> {
    T call() throws Exception;
  }

  /** Calls until it is not cancelled; its exception, if it has one, is the answer's. */
  static <T extends @Nullable Object> T again(Call<T> call) throws Exception {
    for (int i = 0; i < MOST; i++) {
      try {
        return call.call();
      } catch (CancellationException e) {
        // again
      }
    }
    throw new AssertionError("no end after " + MOST + " calls");
  }

  /** Polls a new future until it is ready; each is closed at its k-th wait, if {@code kth} is not 0. */
  static <T extends @Nullable Object> T drive(Supplier<Future<T>> futures, int kth) throws Exception {
    for (int i = 0; i < MOST;) {
      try (Future<T> future = futures.get()) {
        for (int waits = 1;; waits++, i++) {
          switch (future.poll(() -> {})) {
            case Poll.Ready<T>(T value) -> {
              return value;
            }
            case Poll.Failed<T>(Throwable cause) -> {
              if (cause instanceof Exception e) {
                throw e;
              }
              throw (Error) cause;
            }
            case Poll.Pending<T> _ -> {}
          }
          if (waits == kth || i > MOST) {
            i++;
            break;
          }
        }
      }
    }
    throw new AssertionError("no end after " + MOST + " waits");
  }
}
