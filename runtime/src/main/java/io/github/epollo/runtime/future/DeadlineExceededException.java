package io.github.epollo.runtime.future;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A deadline passed before the result came. It is not a {@link java.util.concurrent.CancellationException}: code that
 * treats cancellation as a normal end does not swallow a deadline by accident.
 */
public class DeadlineExceededException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable Interruption region;

  /** Creates the exception with a message that names the deadline and what was waited for. */
  public DeadlineExceededException(String message) {
    super(message);
    this.region = null;
  }

  /** As {@link #DeadlineExceededException(String)}, for the deadline of {@code region}. */
  public DeadlineExceededException(String message, Interruption region) {
    super(message);
    this.region = Objects.requireNonNull(region, "region");
  }

  /** Whether it is the deadline of {@code region} that passed, and not one around it or inside it. */
  public final boolean isOf(Interruption region) {
    return this.region == region;
  }
}
