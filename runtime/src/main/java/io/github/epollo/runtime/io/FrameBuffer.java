package io.github.epollo.runtime.io;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.util.Objects;

/** Where an {@link Encoder} puts the bytes of one frame; it grows as needed. Valid during {@link Encoder#encode} only. Every {@code put} returns this. */
public final class FrameBuffer {
  private final GrowingBuffer buffer;
  private final int before; // what stands in the buffer before the frame
  private ByteOrder order = ByteOrder.BIG_ENDIAN;

  FrameBuffer(GrowingBuffer buffer) {
    this.buffer = buffer;
    this.before = buffer.length();
  }

  /** Numbers are put in this order from now on; big endian to begin with. */
  public FrameBuffer order(ByteOrder order) {
    this.order = Objects.requireNonNull(order, "order");
    return this;
  }

  /** How many bytes the frame has so far. */
  public int length() {
    return buffer.length() - before;
  }

  /** Adds the lowest 8 bits of {@code value}. */
  public FrameBuffer putByte(int value) {
    room(1).put((byte) value);
    return this;
  }

  /** Adds the lowest 16 bits of {@code value}. */
  public FrameBuffer putShort(int value) {
    ByteBuffer target = room(2);
    target.putShort(target.order() == order ? (short) value : Short.reverseBytes((short) value));
    return this;
  }

  /** Adds four bytes. */
  public FrameBuffer putInt(int value) {
    ByteBuffer target = room(4);
    target.putInt(target.order() == order ? value : Integer.reverseBytes(value));
    return this;
  }

  /** Adds eight bytes. */
  public FrameBuffer putLong(long value) {
    ByteBuffer target = room(8);
    target.putLong(target.order() == order ? value : Long.reverseBytes(value));
    return this;
  }

  /** Adds all of {@code bytes}. */
  public FrameBuffer put(byte[] bytes) {
    room(bytes.length).put(bytes);
    return this;
  }

  /** Adds what {@code bytes} has between position and limit, and moves its position. */
  public FrameBuffer put(ByteBuffer bytes) {
    room(bytes.remaining()).put(bytes);
    return this;
  }

  /** Adds {@code text}. */
  public FrameBuffer putString(String text, Charset charset) {
    return put(text.getBytes(charset));
  }

  /**
   * Replaces the byte at {@code index} of the frame, for a length or checksum that is known only later.
   *
   * @throws IndexOutOfBoundsException if the frame is not that long yet
   */
  public FrameBuffer setByte(int index, int value) {
    buffer.target().put(buffer.start() + before + Objects.checkIndex(index, length()), (byte) value);
    return this;
  }

  /**
   * Replaces the four bytes from {@code index} of the frame.
   *
   * @throws IndexOutOfBoundsException if the frame is not that long yet
   */
  public FrameBuffer setInt(int index, int value) {
    int at = buffer.start() + before + Objects.checkFromIndexSize(index, 4, length());
    ByteBuffer target = buffer.target();
    for (int i = 0; i < 4; i++) {
      target.put(at + i, (byte) (value >> (8 * (order == ByteOrder.BIG_ENDIAN ? 3 - i : i))));
    }
    return this;
  }

  private ByteBuffer room(int n) {
    buffer.ensureRoom(n);
    return buffer.target();
  }
}
