package io.github.epollo.runtime.io;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds the frames of a protocol in a run of bytes. It never waits: {@link FrameReader} does.
 *
 * <p>The decoders of this package have no state and may be shared.
 *
 * @param <T> the type of the frames
 */
public interface Decoder<T> {
  /**
   * Takes one frame from the front of {@code input}, by moving its position past it. The bytes are the reader's: what the frame needs of them is copied.
   *
   * @return the frame; null if {@code input} does not have all of it yet, then it is called again with more
   * @throws IOException if what came is no frame; nothing is taken then
   */
  @Nullable
  T decode(ByteBuffer input) throws IOException;

  /**
   * As {@link #decode(ByteBuffer)}, which it calls, for a decoder that would have to look at each byte again: {@code seen} bytes of {@code input} were there the last
   * time, when it answered null.
   */
  default @Nullable T decode(ByteBuffer input, int seen) throws IOException {
    return decode(input);
  }

  /**
   * The rule for the end: as {@link #decode(ByteBuffer)}, when no more bytes will come; null is the end of the frames. A decoder whose last frame may be short overrides it.
   *
   * @throws EOFException if the input has ended within a frame
   */
  default @Nullable T decodeEnd(ByteBuffer input) throws IOException {
    T frame = decode(input);
    if (frame == null && input.hasRemaining()) {
      throw new EOFException("the input ended within a frame, after " + input.remaining() + " bytes of it");
    }
    return frame;
  }

  /** How many bytes it has to see at most to take a frame. If there are so many and it answers null, reading fails with a {@link LimitExceededException}. */
  int maxBytes();

  /** The same frames, made into something else; {@code mapper} must not answer null. */
  default <R> Decoder<R> map(Function<? super T, ? extends R> mapper) {
    return new MappedDecoder<>(this, mapper);
  }
}
