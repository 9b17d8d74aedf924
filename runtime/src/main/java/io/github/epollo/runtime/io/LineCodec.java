package io.github.epollo.runtime.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** {@link Codec#lines}. */
final class LineCodec implements Codec<String, String> {
  private final int maxLength;

  LineCodec(int maxLength) {
    this.maxLength = BufferedRead.requireLimit(maxLength);
  }

  @Override
  public @Nullable String decode(ByteBuffer input) throws IOException {
    return decode(input, 0);
  }

  @Override
  public @Nullable String decode(ByteBuffer input, int seen) throws IOException {
    for (int i = input.position() + seen; i < input.limit(); i++) {
      if (input.get(i) == '\n') {
        String line = line(input, i - input.position(), true);
        input.position(i + 1);
        return line;
      }
    }
    boolean mayEnd = input.remaining() == maxLength + 1 && input.get(input.limit() - 1) == '\r';
    if (input.remaining() > maxLength && !mayEnd) {
      throw new LimitExceededException("a line", maxLength);
    }
    return null;
  }

  @Override
  public @Nullable String decodeEnd(ByteBuffer input) throws IOException {
    String line = decode(input, 0);
    if (line != null || !input.hasRemaining()) {
      return line;
    }
    line = line(input, input.remaining(), false);
    input.position(input.limit());
    return line;
  }

  private String line(ByteBuffer input, int end, boolean terminated) throws LimitExceededException {
    boolean cr = terminated && end > 0 && input.get(input.position() + end - 1) == '\r';
    int length = cr ? end - 1 : end;
    if (length > maxLength) {
      throw new LimitExceededException("a line", maxLength);
    }
    byte[] bytes = new byte[length];
    input.get(input.position(), bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public int maxBytes() {
    return maxLength + 2;
  }

  @Override
  public void encode(String line, FrameBuffer out) throws IOException {
    if (line.indexOf('\n') >= 0 || line.endsWith("\r")) {
      throw new IllegalArgumentException(
          "a line must not have a line break in it: split it, or choose another codec: " + line.strip());
    }
    if (line.length() > maxLength) { // as bytes it is not shorter
      throw new LimitExceededException("a line of " + line.length() + " characters", maxLength);
    }
    out.putString(line, StandardCharsets.UTF_8);
    if (out.length() > maxLength) {
      throw new LimitExceededException("a line of " + out.length() + " bytes", maxLength);
    }
    out.putByte('\n');
  }

  @Override
  public String toString() {
    return "lines of at most " + maxLength + " bytes";
  }
}
