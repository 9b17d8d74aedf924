package io.github.epollo.net;

import io.github.epollo.runtime.driver.Direction;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.io.ChannelFuture;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The future twin of an operation on a stream, whose waker the registration keeps. */
final class SocketFuture<T extends @Nullable Object> extends ChannelFuture<T> {
  private final StreamSocket socket;
  private final Direction direction;
  private final String name;

  SocketFuture(StreamSocket socket, Direction direction, String name, Operation<T> operation) {
    super(operation);
    this.socket = socket;
    this.direction = direction;
    this.name = name;
  }

  @Override
  protected void requireNotClosedWhileWaiting() throws IOException {
    socket.requireNotClosedWhileWaiting();
  }

  @Override
  protected void forget(Waker waker) {
    socket.registration.forget(direction, waker);
  }

  @Override
  public String toString() {
    return name + " " + socket;
  }
}
