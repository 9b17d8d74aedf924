package io.github.epollo.runtime.sync;

/** Somebody tried to enter a {@link Gate} that is closed. */
public final class GateClosedException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  GateClosedException(String message) {
    super(message);
  }
}
