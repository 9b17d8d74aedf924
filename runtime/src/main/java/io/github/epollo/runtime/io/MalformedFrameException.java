package io.github.epollo.runtime.io;

import java.io.IOException;

/** What came is no frame of the protocol. Nothing of it was taken; the connection is of no more use to the codec. */
public final class MalformedFrameException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception; {@code message} says what came, and what had been expected. */
  public MalformedFrameException(String message) {
    super(message);
  }
}
