package io.github.epollo.runtime.io;

import java.io.IOException;

/** Nobody can read what is written: all ends to read of a pipe are closed. The kernel's signal for that, {@code SIGPIPE}, is ignored by the JVM. */
public final class BrokenPipeException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception for a write to {@code pipe}. */
  public BrokenPipeException(Object pipe) {
    super("cannot write to " + pipe + ": EPIPE: nobody reads any more, the other side is closed");
  }
}
