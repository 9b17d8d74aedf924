package io.github.epollo.runtime.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** {@link Codec#delimited}. */
final class DelimiterCodec implements Codec<byte[], byte[]> {
  private final byte[] delimiter;
  private final int maxLength;

  DelimiterCodec(byte[] delimiter, int maxLength) {
    if (delimiter.length == 0) {
      throw new IllegalArgumentException("the delimiter must have at least one byte");
    }
    this.delimiter = delimiter.clone();
    this.maxLength = BufferedRead.requireLimit(maxLength);
  }

  @Override
  public byte @Nullable [] decode(ByteBuffer input) throws IOException {
    return decode(input, 0);
  }

  @Override
  public byte @Nullable [] decode(ByteBuffer input, int seen) throws IOException {
    int at = find(input, Math.max(0, seen - delimiter.length + 1));
    if (at < 0) {
      if (input.remaining() >= maxBytes()) {
        throw new LimitExceededException("a frame", maxLength);
      }
      return null;
    }
    byte[] frame = take(input, at);
    input.position(input.position() + delimiter.length);
    return frame;
  }

  @Override
  public byte @Nullable [] decodeEnd(ByteBuffer input) throws IOException {
    byte[] frame = decode(input, 0);
    return frame != null || !input.hasRemaining() ? frame : take(input, input.remaining());
  }

  private byte[] take(ByteBuffer input, int length) throws LimitExceededException {
    if (length > maxLength) {
      throw new LimitExceededException("a frame", maxLength);
    }
    byte[] frame = new byte[length];
    input.get(frame);
    return frame;
  }

  /** How many bytes stand before the delimiter; -1 if there is none. */
  private int find(ByteBuffer input, int from) {
    for (int i = from; i <= input.remaining() - delimiter.length; i++) {
      int same = 0;
      while (same < delimiter.length && input.get(input.position() + i + same) == delimiter[same]) {
        same++;
      }
      if (same == delimiter.length) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public int maxBytes() {
    return maxLength + delimiter.length;
  }

  @Override
  public void encode(byte[] frame, FrameBuffer out) throws IOException {
    if (frame.length > maxLength) {
      throw new LimitExceededException("a frame of " + frame.length + " bytes", maxLength);
    }
    ByteBuffer bytes = ByteBuffer.allocate(frame.length + delimiter.length).put(frame).put(delimiter).flip();
    if (find(bytes, 0) < frame.length) {
      throw new IllegalArgumentException("a frame of " + frame.length
          + " bytes has the delimiter in it: escape it, or choose another codec");
    }
    out.put(bytes);
  }

  @Override
  public String toString() {
    return "frames of at most " + maxLength + " bytes, each before a delimiter";
  }
}
