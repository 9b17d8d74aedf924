package io.github.epollo.runtime.stream;

import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** The values of a stream, and the message of its failure, or null. */
record Seen(List<Object> values, String failure) {

  /** Reads {@code stream} to its end or failure. */
  static Future<Seen> of(AsyncStream<?> stream) {
    return new AbstractFuture<>() {
      private final List<Object> values = new ArrayList<>();

      @Override
      protected Poll<Seen> advance(Waker waker) {
        while (true) {
          switch (stream.pollNext(waker)) {
            case Poll.Ready<?>(Object value) -> {
              if (value == null) {
                return Poll.ready(new Seen(values, null));
              }
              values.add(value);
            }
            case Poll.Failed<?>(Throwable cause) -> {
              return Poll.ready(new Seen(values, String.valueOf(cause.getMessage())));
            }
            case Poll.Pending<?> _ -> {
              return Poll.pending();
            }
          }
        }
      }

      @Override
      protected void release() {
        stream.close();
      }
    };
  }

  List<Integer> ints() {
    return values.stream().map(value -> (Integer) value).toList();
  }

  /** What plain Java makes of the values; the failure stays. */
  Seen with(Function<Stream<Integer>, Stream<?>> operator) {
    return new Seen(operator.apply(ints().stream()).map(value -> (Object) value).toList(), failure);
  }

  /** The same without the failure: for what ends before it comes to that. */
  Seen ended() {
    return new Seen(values, null);
  }
}
