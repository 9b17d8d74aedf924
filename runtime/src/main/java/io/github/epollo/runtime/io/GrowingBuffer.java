package io.github.epollo.runtime.io;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Bytes that are added at the end and taken from the front, in one array: the buffer of readers and writers. It grows when somebody asks for more room than it was made for,
 * and is small again once it has been empty.
 */
final class GrowingBuffer {
  /** The size that it has unless more was asked for. */
  final int size;

  private ByteOrder order = ByteOrder.BIG_ENDIAN;
  private ByteBuffer bytes; // the bytes stand between start and its position; its limit is its capacity
  private ByteBuffer view; // of the same array, read-only
  private int start;

  GrowingBuffer(int size) {
    if (size <= 0) {
      throw new IllegalArgumentException("the buffer size must be positive: " + size);
    }
    this.size = size;
    this.bytes = ByteBuffer.allocate(size);
    this.view = bytes.asReadOnlyBuffer();
  }

  void order(ByteOrder order) {
    this.order = order;
    bytes.order(order);
  }

  int length() {
    return bytes.position() - start;
  }

  int capacity() {
    return bytes.capacity();
  }

  /** The index of the first byte, for the methods with an index of {@link #target}. */
  int start() {
    return start;
  }

  /** Where bytes are added, by moving its position. Another one after each {@link #ensureRoom}. */
  ByteBuffer target() {
    return bytes;
  }

  byte get(int index) {
    return bytes.get(start + index);
  }

  /** Takes {@code n} bytes from the front; they stay where they are until the next {@link #ensureRoom}. */
  void consume(int n) {
    start += n;
  }

  /** Takes the bytes from {@code length} on away again. */
  void truncate(int length) {
    bytes.position(start + length);
  }

  byte[] copy(int from, int length) {
    byte[] copy = new byte[length];
    bytes.get(start + from, copy);
    return copy;
  }

  /** The bytes, to be read; valid, and the same object as the last one, until the next {@link #ensureRoom}. */
  ByteBuffer view() {
    return view.order(ByteOrder.BIG_ENDIAN).limit(bytes.position()).position(start);
  }

  /** Takes what was read from the {@link #view}, from the front. */
  void consumeViewed() {
    start = view.position();
  }

  /** Makes room for {@code n} more bytes, at least. */
  void ensureRoom(int n) {
    int length = length();
    if (length == 0 && start > 0) {
      start = 0;
      bytes.position(0);
      if (bytes.capacity() > size && n <= size) {
        replace(size, 0);
      }
    }
    if (bytes.remaining() >= n) {
      return;
    }
    if (bytes.capacity() - length >= n) {
      System.arraycopy(bytes.array(), start, bytes.array(), 0, length);
      bytes.position(length);
      start = 0;
    } else {
      long wanted = (long) length + n;
      if (wanted > Integer.MAX_VALUE - 8) {
        throw new OutOfMemoryError("a buffer of " + wanted + " bytes is more than an array holds");
      }
      replace((int) Math.max(wanted, Math.min(2L * length, Integer.MAX_VALUE - 8)), length);
    }
  }

  /** Makes room for one more byte, at least, without growing beyond {@code most} bytes. */
  void ensureRoomWithin(int most) {
    int length = length();
    if (length == 0) {
      ensureRoom(1);
    } else if (bytes.hasRemaining() && start < length) {
      return;
    } else if (start > 0) {
      System.arraycopy(bytes.array(), start, bytes.array(), 0, length);
      bytes.position(length);
      start = 0;
    } else if (!bytes.hasRemaining()) {
      replace((int) Math.min(2L * length, Math.max(most, length + 1)), length);
    }
  }

  private void replace(int capacity, int length) {
    ByteBuffer larger = ByteBuffer.allocate(capacity).order(order);
    System.arraycopy(bytes.array(), start, larger.array(), 0, length);
    larger.position(length);
    bytes = larger;
    view = larger.asReadOnlyBuffer();
    start = 0;
  }
}
