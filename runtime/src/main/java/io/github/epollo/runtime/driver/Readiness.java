package io.github.epollo.runtime.driver;

import io.github.epollo.runtime.kernel.Epoll;

/**
 * The readiness of one registration, packed into an int.
 *
 * <pre>
 *   31                   6     5       4      3        2          1         0
 *  +-----------------------+--------+------+------+-----------+--------+--------+
 *  |         tick          |PRIORITY|CLOSED|URGENT|READ_CLOSED|WRITABLE|READABLE|
 *  +-----------------------+--------+------+------+-----------+--------+--------+
 * </pre>
 *
 * <p>READABLE and WRITABLE mean "a call is worth trying". An error or a hang-up sets both: the call tells what happened. PRIORITY means "there is something beside the data": a priority event, an error or a hang-up has been
 * reported. The reader clears URGENT, and only who waits for priority events clears PRIORITY, so that neither takes the news from the other.
 *
 * <p>The tick counts the events that the driver has noted. Whoever found "would block" clears bits only if the tick is still the one
 * it saw before its call: an event that came in between is not lost.
 */
final class Readiness {
  static final int READABLE = 1;
  static final int WRITABLE = 1 << 1;
  /** The peer will send no more: a short read does not mean that a next one would block. */
  static final int READ_CLOSED = 1 << 2;
  /** Urgent data was announced, and ends a read early: a short read does not mean that the socket is empty. */
  static final int URGENT = 1 << 3;
  /** The registration was closed on this side; final. */
  static final int CLOSED = 1 << 4;

  /** A priority event, an error or a hang-up was reported. */
  static final int PRIORITY = 1 << 5;

  /** What a registration starts with: nothing is known, so the first call is tried. Epoll reports what there is beside data. */
  static final int UNKNOWN = READABLE | WRITABLE;

  private static final int TICK_SHIFT = 6;
  private static final int TICK_MASK = -1 << TICK_SHIFT;

  private Readiness() {}

  /** The bits that a set of epoll events stands for. */
  static int ofEvents(int events) {
    int bits = 0;
    if ((events & (Epoll.IN | Epoll.PRI | Epoll.RDHUP | Epoll.HUP | Epoll.ERR)) != 0) {
      bits |= READABLE;
    }
    if ((events & (Epoll.OUT | Epoll.HUP | Epoll.ERR)) != 0) {
      bits |= WRITABLE;
    }
    if ((events & (Epoll.RDHUP | Epoll.HUP)) != 0) {
      bits |= READ_CLOSED;
    }
    if ((events & Epoll.PRI) != 0) {
      bits |= URGENT;
    }
    if ((events & (Epoll.PRI | Epoll.HUP | Epoll.ERR)) != 0) {
      bits |= PRIORITY;
    }
    return bits;
  }

  /** {@code word} after an event: its bits added, the tick one further. */
  static int noted(int word, int bits) {
    return ((word & TICK_MASK) + (1 << TICK_SHIFT)) | (word & ~TICK_MASK) | bits;
  }

  static boolean sameTick(int a, int b) {
    return ((a ^ b) & TICK_MASK) == 0;
  }

  /** The bits of {@code word} in words, for traces and messages. */
  static String toString(int word) {
    StringBuilder text = new StringBuilder("{");
    append(text, word, READABLE, "readable");
    append(text, word, WRITABLE, "writable");
    append(text, word, READ_CLOSED, "read-closed");
    append(text, word, URGENT, "urgent");
    append(text, word, PRIORITY, "priority");
    append(text, word, CLOSED, "closed");
    return text.append("} tick ").append(word >>> TICK_SHIFT).toString();
  }

  private static void append(StringBuilder text, int word, int bit, String name) {
    if ((word & bit) != 0) {
      text.append(text.length() > 1 ? " " : "").append(name);
    }
  }
}
