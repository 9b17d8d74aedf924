package io.github.epollo.net;

import io.github.epollo.runtime.driver.Direction;
import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The future twin of an operation on a stream: closing it gives the waker's place back and loses nothing. */
final class SocketFuture<T extends @Nullable Object> extends AbstractFuture<T> {
  private final StreamSocket socket;
  private final Direction direction;
  private final String name;
  private final Operation<T> operation;
  private @Nullable Waker stored;

  SocketFuture(StreamSocket socket, Direction direction, String name, Operation<T> operation) {
    this.socket = socket;
    this.direction = direction;
    this.name = name;
    this.operation = operation;
  }

  @Override
  protected Poll<T> advance(Waker waker) throws IOException {
    if (stored != null) {
      socket.requireNotClosedWhileWaiting();
      if (stored != waker) {
        socket.registration.forget(direction, stored);
      }
    }
    stored = waker;
    return operation.poll(waker);
  }

  @Override
  protected void release() {
    if (stored != null) {
      socket.registration.forget(direction, stored);
    }
  }

  @Override
  public String toString() {
    return name + " " + socket;
  }

  /** A poll that may fail with an {@code IOException}. */
  interface Operation<T extends @Nullable Object> {
    Poll<T> poll(Waker waker) throws IOException;
  }
}
