package io.github.epollo.runtime.sync;

/**
 * Cancels a {@link CancellationToken} when it is closed.
 *
 * <p><b>Threading:</b> one thread at a time.
 */
public final class CancellationGuard implements AutoCloseable {
  private final CancellationToken token;
  private boolean disarmed;

  CancellationGuard(CancellationToken token) {
    this.token = token;
  }

  /** The token. */
  public CancellationToken token() {
    return token;
  }

  /** Leaves the token alone from now on. */
  public void disarm() {
    disarmed = true;
  }

  /** Cancels the token, unless that was disarmed. Idempotent. */
  @Override
  public void close() {
    if (!disarmed) {
      boolean _ = token.cancel();
    }
  }

  @Override
  public String toString() {
    return "a guard of " + token;
  }
}
