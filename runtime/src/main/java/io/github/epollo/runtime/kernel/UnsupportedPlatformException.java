package io.github.epollo.runtime.kernel;

import org.jspecify.annotations.Nullable;

/**
 * This machine or this JVM cannot make the system calls that Epollo needs. The message says what was found and what is
 * needed; the cause, where there is one, is what the native binding threw.
 */
public final class UnsupportedPlatformException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With the whole message: see {@link Platform#unsupported}. */
  UnsupportedPlatformException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
