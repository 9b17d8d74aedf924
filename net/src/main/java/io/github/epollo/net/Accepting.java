package io.github.epollo.net;

import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.loop.Loop;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** {@link TcpListener#acceptAsync}. It holds no connection: the poll that accepts one hands it over. */
final class Accepting extends AbstractFuture<TcpStream> {
  private final TcpListener listener;
  private final @Nullable Loop loop; // that the stream is for; null: the one that polls
  private @Nullable Waker stored;

  Accepting(TcpListener listener, @Nullable Loop loop) {
    this.listener = listener;
    this.loop = loop;
  }

  @Override
  protected Poll<TcpStream> advance(Waker waker) throws IOException {
    if (stored != null) {
      listener.requireNotClosedWhileWaiting();
      if (stored != waker) {
        listener.forget(stored);
      }
    }
    stored = waker;
    TcpStream stream = listener.pollAccept(waker, loop);
    return stream == null ? Poll.pending() : Poll.ready(stream);
  }

  @Override
  protected void release() {
    if (stored != null) {
      listener.forget(stored);
    }
  }

  @Override
  public String toString() {
    return "a connection to " + listener;
  }
}
