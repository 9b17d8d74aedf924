package io.github.epollo.testkit;

import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The future twin of an operation on a stream: closing it gives the waker's place back and loses nothing. */
final class StreamFuture<T extends @Nullable Object> extends AbstractFuture<T> {
  private final InMemoryStream stream;
  private final WakerCell cell;
  private final String name;
  private final Operation<T> operation;
  private @Nullable Waker stored;

  StreamFuture(InMemoryStream stream, WakerCell cell, String name, Operation<T> operation) {
    this.stream = stream;
    this.cell = cell;
    this.name = name;
    this.operation = operation;
  }

  @Override
  protected Poll<T> advance(Waker waker) throws IOException {
    if (stored != null) {
      stream.requireNotClosedWhileWaiting();
      if (stored != waker) {
        stream.forget(cell, stored);
      }
    }
    stored = waker;
    return operation.poll(waker);
  }

  @Override
  protected void release() {
    if (stored != null) {
      stream.forget(cell, stored);
    }
  }

  @Override
  public String toString() {
    return name + " " + stream;
  }

  /** A poll that may fail with an {@code IOException}. */
  interface Operation<T extends @Nullable Object> {
    Poll<T> poll(Waker waker) throws IOException;
  }
}
