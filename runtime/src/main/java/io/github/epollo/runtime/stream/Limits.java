package io.github.epollo.runtime.stream;

import java.time.Duration;
import java.util.Objects;

/** Checks of arguments. */
final class Limits {
  private Limits() {}

  static int positive(int n, String what) {
    if (n <= 0) {
      throw new IllegalArgumentException(what + " must be 1 or more: " + n);
    }
    return n;
  }

  static long notNegative(long n, String what) {
    if (n < 0) {
      throw new IllegalArgumentException(what + " must not be negative: " + n);
    }
    return n;
  }

  static Duration positive(Duration duration, String what) {
    Objects.requireNonNull(duration, () -> what + " is null");
    if (duration.isNegative() || duration.isZero()) {
      throw new IllegalArgumentException(what + " must be longer than zero: " + duration);
    }
    return duration;
  }
}
