package io.github.epollo.runtime.stream;

import io.github.epollo.runtime.Epollo;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.function.Supplier;

/** {@link AsyncStream#publisher}: each subscriber has a stream and a task of its own. */
final class StreamPublisher<T> implements Flow.Publisher<T> {
  private final Epollo runtime = Epollo.current();
  private final Supplier<? extends AsyncStream<T>> supplier;

  StreamPublisher(Supplier<? extends AsyncStream<T>> supplier) {
    this.supplier = Objects.requireNonNull(supplier, "supplier");
  }

  @Override
  public void subscribe(Flow.Subscriber<? super T> subscriber) {
    Objects.requireNonNull(subscriber, "subscriber");
    AsyncStream<T> stream;
    RuntimeException failure = null;
    try {
      stream = Operator.nonNull(supplier.get(), "publisher()");
    } catch (RuntimeException e) {
      stream = AsyncStream.empty();
      failure = e; // is told without being asked for
    }
    new Emission<>(stream, subscriber, failure).start(runtime);
  }
}
