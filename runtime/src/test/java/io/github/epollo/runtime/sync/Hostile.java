package io.github.epollo.runtime.sync;

import io.github.epollo.runtime.future.Waker;
import java.util.ArrayList;
import java.util.List;

/** Runs something while this thread reports uncaught exceptions to a list. */
final class Hostile {
  private Hostile() {}

  /** A waker that throws. */
  static Waker throwing(String message) {
    return () -> {
      throw new IllegalStateException(message);
    };
  }

  /** The messages of what was reported while {@code body} ran. */
  static List<String> reports(Runnable body) {
    List<String> reports = new ArrayList<>();
    Thread thread = Thread.currentThread();
    Thread.UncaughtExceptionHandler before = thread.getUncaughtExceptionHandler();
    thread.setUncaughtExceptionHandler((_, thrown) -> reports.add(String.valueOf(thrown.getMessage())));
    try {
      body.run();
    } finally {
      thread.setUncaughtExceptionHandler(before);
    }
    return reports;
  }
}
