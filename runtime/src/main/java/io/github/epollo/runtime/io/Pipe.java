package io.github.epollo.runtime.io;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One direction of a {@link DuplexStream}: a ring of bytes between one reader and one writer, without a lock.
 *
 * <p>The reader alone moves {@code head}, the writer alone {@code tail}; either may be marked over from any thread. A mark is a bit of the same word, so that a
 * read or write that was under way when it came either counts as before it or has moved nothing.
 */
final class Pipe {
  /** Nothing can be moved now. Below every answer of a read, whose least is -1. */
  static final int PENDING = AbstractByteChannel.PENDING;

  /*
   * head, tail:  n         so many bytes were read, written
   *              n | OVER  and there will be no more; final
   */
  private static final long OVER = Long.MIN_VALUE;

  /** Waits for bytes, or for their end. */
  final WakerCell reader = new WakerCell();
  /** Waits for room, or for its end. */
  final WakerCell writer = new WakerCell();

  private final byte[] ring;
  private final AtomicLong head = new AtomicLong(); // hands the room back: pairs with tryWrite's read
  private final AtomicLong tail = new AtomicLong(); // publishes the bytes: pairs with tryRead's read

  Pipe(int capacity) {
    this.ring = new byte[capacity];
  }

  boolean isReaderGone() {
    return head.get() < 0;
  }

  boolean isWriterGone() {
    return tail.get() < 0;
  }

  /** Moves some bytes into {@code target}, which has room; -1 after the last one, or if the reader itself is gone. */
  int tryRead(ByteBuffer target) {
    long written = tail.get();
    long read = head.get();
    if (read < 0) {
      return -1;
    }
    int available = (int) ((written & ~OVER) - read);
    if (available == 0) {
      return written < 0 ? -1 : PENDING;
    }
    int n = Math.min(available, target.remaining());
    int from = (int) (read % ring.length);
    int straight = Math.min(n, ring.length - from);
    int position = target.position();
    target.put(position, ring, from, straight);
    target.put(position + straight, ring, 0, n - straight);
    if (!head.compareAndSet(read, read + n)) {
      requireGone(head, "reads");
      return -1;
    }
    target.position(position + n);
    writer.wake();
    return n;
  }

  /** Moves some bytes out of {@code source}, which has some; -1 if the writer or the reader is gone. */
  int tryWrite(ByteBuffer source) {
    long read = head.get();
    long written = tail.get();
    if (read < 0 || written < 0) {
      return -1;
    }
    int room = ring.length - (int) (written - read);
    if (room == 0) {
      return PENDING;
    }
    int n = Math.min(room, source.remaining());
    int to = (int) (written % ring.length);
    int straight = Math.min(n, ring.length - to);
    int position = source.position();
    source.get(position, ring, to, straight);
    source.get(position + straight, ring, 0, n - straight);
    if (!tail.compareAndSet(written, written + n)) {
      requireGone(tail, "writes");
      return -1;
    }
    source.position(position + n);
    reader.wake();
    return n;
  }

  private static void requireGone(AtomicLong counter, String action) {
    if (counter.get() >= 0) {
      throw new IllegalStateException("two tasks called a stream's " + action + " at once: let one task do it");
    }
  }

  /** Nothing is read any more. {@link #wake} must follow. */
  void endReader() {
    head.getAndUpdate(n -> n | OVER);
  }

  /** Nothing is written any more. {@link #wake} must follow. */
  void endWriter() {
    tail.getAndUpdate(n -> n | OVER);
  }

  /** Wakes both, so that they see what has ended. */
  void wake() {
    try {
      reader.wake();
    } finally {
      writer.wake();
    }
  }
}
