package io.github.epollo.testkit;

import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;

/** The exceptions of {@code java.nio.channels} for a closed channel, with a message. */
final class ClosedStream {
  private ClosedStream() {}

  /** For a call on a stream that was closed before. */
  static ClosedChannelException exception(Object stream) {
    return new Closed(stream + " is closed on this side: it cannot be used any more");
  }

  /** For a call that waited when the stream was closed. */
  static AsynchronousCloseException whileWaiting(Object stream) {
    return new ClosedWhileWaiting(stream + " was closed on this side, by another task, while this one waited for it");
  }

  /** For a write after {@code shutdownOutput}. */
  static ClosedChannelException outputShutDown(Object stream) {
    return new Closed(stream + " can only be read: its output was shut down on this side");
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
