package io.github.epollo.runtime.io;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** {@link Codec#fixedLength}. */
final class FixedLengthCodec implements Codec<byte[], byte[]> {
  private final int length;

  FixedLengthCodec(int length) {
    if (length <= 0) {
      throw new IllegalArgumentException("the length of a frame must be positive: " + length);
    }
    this.length = length;
  }

  @Override
  public byte @Nullable [] decode(ByteBuffer input) {
    if (input.remaining() < length) {
      return null;
    }
    byte[] frame = new byte[length];
    input.get(frame);
    return frame;
  }

  @Override
  public int maxBytes() {
    return length;
  }

  @Override
  public void encode(byte[] frame, FrameBuffer out) {
    if (frame.length != length) {
      throw new IllegalArgumentException("a frame must have " + length + " bytes, not " + frame.length);
    }
    out.put(frame);
  }

  @Override
  public String toString() {
    return "frames of " + length + " bytes";
  }
}
