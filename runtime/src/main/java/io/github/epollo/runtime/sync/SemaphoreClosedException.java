package io.github.epollo.runtime.sync;

/** Permits were asked for of an {@link AsyncSemaphore} that is closed, or was closed meanwhile. */
public final class SemaphoreClosedException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  SemaphoreClosedException(String message) {
    super(message);
  }
}
