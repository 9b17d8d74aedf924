package io.github.epollo.net;

import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;

/** The exceptions of {@code java.nio.channels} for a closed channel, with a message. */
final class ClosedSocket {
  private ClosedSocket() {}

  /** For a call on a socket that was closed before. */
  static ClosedChannelException exception(Object socket) {
    return new Closed(socket + " is closed on this side: it cannot be used any more; open a new one");
  }

  /** For a call that waited when the socket was closed. */
  static AsynchronousCloseException whileWaiting(Object socket) {
    return new ClosedWhileWaiting(
        socket + " was closed on this side, by another task or with its runtime, while this one waited for it");
  }

  /** For a write after {@code shutdownOutput}. */
  static ClosedChannelException outputShutDown(Object socket) {
    return new Closed(socket + " can only be read: its output was shut down on this side");
  }

  private static final class Closed extends ClosedChannelException {
    private static final long serialVersionUID = 1L;

    private final String message;

    Closed(String message) {
      this.message = message;
    }

    @Override
    public String getMessage() {
      return message;
    }
  }

  private static final class ClosedWhileWaiting extends AsynchronousCloseException {
    private static final long serialVersionUID = 1L;
    private final String message;

    ClosedWhileWaiting(String message) {
      this.message = message;
    }

    @Override
    public String getMessage() {
      return message;
    }
  }
}
