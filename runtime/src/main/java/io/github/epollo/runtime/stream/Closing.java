package io.github.epollo.runtime.stream;

import io.github.epollo.runtime.future.Future;
import org.jspecify.annotations.Nullable;

/** Closes several things, every one of them, whatever the others do. */
final class Closing {
  private Closing() {}

  static void all(Iterable<? extends AsyncStream<?>> streams) {
    RuntimeException first = null;
    for (AsyncStream<?> stream : streams) {
      try {
        stream.close();
      } catch (RuntimeException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }

  static void future(@Nullable Future<?> future) {
    if (future != null) {
      future.close();
    }
  }
}
