package io.github.epollo.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;

/** The failures of a scope's children, in the order in which they came. */
final class Failures {
  private final List<Throwable> all = new ArrayList<>();

  void add(Throwable failure) {
    all.add(failure);
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  /** The first, in which the others are suppressed. That a child was cancelled counts only if there is nothing else, or a failure hides in it: mostly it is what the first failure led to. */
  Exception toException() {
    Throwable first = all.stream().filter(t -> !(t instanceof CancellationException)).findFirst()
        .orElse(all.getFirst());
    for (Throwable t : all) {
      if (Task.isNews(t)) {
        suppress(first, t);
      }
    }
    return switch (first) {
      case Exception e -> e;
      case Error e -> throw e;
      default -> new CompletionException(first);
    };
  }

  /** Adds {@code other} to what {@code primary} suppresses; two tasks may well fail with one and the same exception. */
  static void suppress(Throwable primary, Throwable other) {
    if (other != primary) {
      primary.addSuppressed(other);
    }
  }
}
