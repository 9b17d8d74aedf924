package io.github.epollo.net;

import java.net.ConnectException;

/**
 * The kernel gave a connect up: the peer did not answer for about two minutes. A deadline of your own, which may well be shorter, is a {@link
 * io.github.epollo.runtime.future.DeadlineExceededException} instead.
 */
public final class ConnectTimedOutException extends ConnectException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception with a message that names the call and the address. */
  public ConnectTimedOutException(String message) {
    super(message);
  }
}
