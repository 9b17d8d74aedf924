package io.github.epollo.runtime.driver;

/** One of the ways in which a file descriptor becomes ready; each has a waker of its own. */
public enum Direction {
  /** Reading, accepting. */
  READ(Readiness.READABLE, Readiness.READABLE | Readiness.READ_CLOSED | Readiness.URGENT, "read from"),
  /** Writing, connecting. */
  WRITE(Readiness.WRITABLE, Readiness.WRITABLE, "write to"),
  /** A priority event, an error or a hang-up. */
  PRIORITY(Readiness.PRIORITY, Readiness.PRIORITY, "hear of priority events of");

  /** Any of these bits: a call is worth trying. */
  final int readyMask;

  /** What "would block" disproves. */
  final int blockedMask;

  /** What one waits to do, for messages. */
  final String verb;

  Direction(int ready, int blockedMask, String verb) {
    this.readyMask = ready | Readiness.CLOSED;
    this.blockedMask = blockedMask;
    this.verb = verb;
  }
}
