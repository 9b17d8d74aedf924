package io.github.epollo.runtime.driver;

/** One of the two ways in which a file descriptor becomes ready; each has a waker of its own. */
public enum Direction {
  /** Reading, accepting. */
  READ(Readiness.READABLE | Readiness.CLOSED, Readiness.READABLE | Readiness.READ_CLOSED | Readiness.URGENT),
  /** Writing, connecting. */
  WRITE(Readiness.WRITABLE | Readiness.CLOSED, Readiness.WRITABLE);

  /** Any of these bits: a call is worth trying. */
  final int readyMask;

  /** What "would block" disproves. */
  final int blockedMask;

  Direction(int readyMask, int blockedMask) {
    this.readyMask = readyMask;
    this.blockedMask = blockedMask;
  }
}
