package io.github.epollo.runtime.stream;

import java.util.Objects;

/** A stream made of another one, which it owns. */
abstract class Operator<S, T> extends AbstractStream<T> {
  final AsyncStream<S> source;

  Operator(AsyncStream<S> source) {
    this.source = Objects.requireNonNull(source, "source");
  }

  /** Closes the source; who holds more closes that as well. */
  @Override
  protected void release() {
    source.close();
  }

  /** What a function of the user's returned, which must not be null. */
  static <R> R nonNull(R result, String operator) {
    return Objects.requireNonNull(result, () -> "the function given to " + operator
        + " returned null, which no stream can hold; use filter() to leave values out");
  }
}
