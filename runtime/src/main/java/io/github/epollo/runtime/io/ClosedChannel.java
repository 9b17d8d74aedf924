package io.github.epollo.runtime.io;

import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;

/** The exceptions of {@code java.nio.channels} for a closed channel, with a message; for those who implement one. */
public final class ClosedChannel {
  private ClosedChannel() {}

  /** For a call on a channel that was closed before. */
  public static ClosedChannelException exception(Object channel) {
    return new Closed(channel + " is closed on this side: it cannot be used any more; open a new one");
  }

  /** For a call that waited when the channel was closed. */
  public static AsynchronousCloseException whileWaiting(Object channel) {
    return new ClosedWhileWaiting(
        channel + " was closed on this side, by another task or with its runtime, while this one waited for it");
  }

  /** For a write after {@code shutdownOutput}. */
  public static ClosedChannelException outputShutDown(Object channel) {
    return new Closed(channel + " can only be read: its output was shut down on this side");
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
