package io.github.epollo.testkit.sim;

/** What one end of a connection has still to send, and how much the other end has not acknowledged yet. */
final class Outgoing {
  private final ByteQueue unsent = new ByteQueue();
  private int unacknowledged;
  private int credit; // how much the other end has room for
  private boolean outOfSpace; // a writer found no room: tell when there is some
  private boolean endPending;

  void begin(int room) {
    credit = room;
  }

  void clear() {
    unsent.clear();
    unacknowledged = 0;
    endPending = false;
  }

  /** Drops what was not sent: the connection is reset. */
  void drop() {
    unsent.clear();
  }

  private int used() {
    return unsent.size() + unacknowledged;
  }

  /** A third of the buffer is free: Linux does not report less. */
  private boolean isWritable(int size) {
    return used() + used() / 2 <= size;
  }

  /** Whether epoll reports room in a buffer of {@code size} bytes; if not, whoever asks wants to hear of it. */
  boolean pollWritable(int size) {
    outOfSpace |= !isWritable(size);
    return isWritable(size);
  }

  /** Takes as much of {@code source} as there is room for in a buffer of {@code size} bytes. */
  int add(UserMemory source, int size) {
    int room = Math.max(0, size - used());
    outOfSpace |= source.length() > room;
    int count = (int) Math.min(source.length(), room);
    unsent.add(source.read(count));
    return count;
  }

  /** The bytes that may go now, maybe none. */
  byte[] next() {
    int count = Math.min(Math.max(0, credit), unsent.size());
    credit -= count;
    unacknowledged += count;
    return unsent.take(count);
  }

  /** Whether a writer waits for room, and has some now in a buffer of {@code size} bytes. */
  boolean acknowledged(int count, int size) {
    unacknowledged -= count;
    if (!outOfSpace || !isWritable(size)) {
      return false;
    }
    outOfSpace = false;
    return true;
  }

  void grant(int count) {
    credit += count;
  }

  /** Nothing is added any more. */
  void end() {
    endPending = true;
  }

  /** Whether the end may be sent now; true once. */
  boolean takeEnd() {
    if (!endPending || !unsent.isEmpty()) {
      return false;
    }
    endPending = false;
    return true;
  }
}
