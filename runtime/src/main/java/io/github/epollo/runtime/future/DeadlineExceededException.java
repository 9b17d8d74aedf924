package io.github.epollo.runtime.future;

/**
 * A deadline passed before the result came. It is not a {@link java.util.concurrent.CancellationException}: code that
 * treats cancellation as a normal end does not swallow a deadline by accident.
 */
public class DeadlineExceededException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception with a message that names the deadline and what was waited for. */
  public DeadlineExceededException(String message) {
    super(message);
  }
}
