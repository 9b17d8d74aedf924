package io.github.epollo.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** {@link TcpListener#incoming}. */
final class Incoming implements Iterator<TcpStream> {
  private final TcpListener listener;
  private @Nullable TcpStream next; // accepted by hasNext, not yet asked for

  Incoming(TcpListener listener) {
    this.listener = listener;
  }

  @Override
  public boolean hasNext() {
    if (next == null) {
      try {
        next = listener.accept();
      } catch (ClosedChannelException e) {
        return false;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return true;
  }

  @Override
  public TcpStream next() {
    if (!hasNext() || next == null) {
      throw new NoSuchElementException(listener + " was closed");
    }
    TcpStream stream = next;
    next = null;
    return stream;
  }
}
