package io.github.epollo.runtime.io;

import java.io.IOException;

/**
 * What was to be read or written at once, a line, a frame, the rest of the input, is longer than the caller allows.
 *
 * <p>Nothing of it was taken: the bytes that came are still in the reader's buffer.
 */
public final class LimitExceededException extends IOException {
  private static final long serialVersionUID = 1L;

  private final long limit;

  /** {@code what} begins the message and names what was too long. */
  public LimitExceededException(String what, long limit) {
    super(what + " is longer than " + limit + " bytes: raise the limit, or close the connection");
    this.limit = limit;
  }

  /** The limit in force, in bytes. */
  public long limit() {
    return limit;
  }
}
