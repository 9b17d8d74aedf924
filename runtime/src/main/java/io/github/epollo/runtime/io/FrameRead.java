package io.github.epollo.runtime.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One frame out of a reader's buffer. */
final class FrameRead<T> extends BufferedRead<@Nullable T> {
  private final Decoder<T> decoder;
  private int seen;
  private @Nullable T frame;

  FrameRead(Decoder<T> decoder) {
    this.decoder = decoder;
  }

  @Override
  boolean attempt(GrowingBuffer buffer, boolean ended) throws IOException {
    ByteBuffer input = buffer.view();
    int start = input.position();
    frame = ended ? decoder.decodeEnd(input) : decoder.decode(input, seen);
    int taken = input.position() - start;
    buffer.consumeViewed();
    if (frame != null) {
      if (taken == 0) {
        throw new IllegalStateException(decoder + " has made a frame of no bytes: it would do so for ever");
      }
      return true;
    }
    seen = buffer.length();
    if (!ended && seen >= decoder.maxBytes()) {
      throw new LimitExceededException("a frame", decoder.maxBytes());
    }
    return ended;
  }

  @Override
  int most() {
    return decoder.maxBytes();
  }

  @Override
  @Nullable
  T result() {
    return frame;
  }

  @Override
  public String toString() {
    return "a frame";
  }
}
