package io.github.epollo.runtime.io;

import java.io.IOException;

/**
 * Turns frames into bytes. It never waits: {@link FrameWriter} does.
 *
 * @param <T> the type of the frames
 */
@FunctionalInterface
public interface Encoder<T> {
  /**
   * Adds {@code frame} to {@code out}.
   *
   * @throws IOException if it cannot be sent, because it is too long for one; nothing of it is sent then, whatever was added
   */
  void encode(T frame, FrameBuffer out) throws IOException;
}
