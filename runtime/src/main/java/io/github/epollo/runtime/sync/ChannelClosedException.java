package io.github.epollo.runtime.sync;

import org.jspecify.annotations.Nullable;

/** A channel, or what is like one, has come to its end: nothing can be sent any more, or nothing will arrive. */
public final class ChannelClosedException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param cause what the channel was closed with; null if it was closed without a failure
   */
  public ChannelClosedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
