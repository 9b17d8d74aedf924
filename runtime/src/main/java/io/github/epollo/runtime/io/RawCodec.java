package io.github.epollo.runtime.io;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** {@link Codec#raw}. */
final class RawCodec implements Codec<byte[], byte[]> {
  private final int maxLength;

  RawCodec(int maxLength) {
    if (maxLength <= 0) {
      throw new IllegalArgumentException("the length must be positive: " + maxLength);
    }
    this.maxLength = maxLength;
  }

  @Override
  public byte @Nullable [] decode(ByteBuffer input) {
    if (!input.hasRemaining()) {
      return null;
    }
    byte[] frame = new byte[Math.min(maxLength, input.remaining())];
    input.get(frame);
    return frame;
  }

  @Override
  public int maxBytes() {
    return maxLength;
  }

  @Override
  public void encode(byte[] frame, FrameBuffer out) {
    out.put(frame);
  }

  @Override
  public String toString() {
    return "bytes as they come";
  }
}
