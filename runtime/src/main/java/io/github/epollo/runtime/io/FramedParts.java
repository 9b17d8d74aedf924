package io.github.epollo.runtime.io;

import java.nio.ByteBuffer;

/**
 * What a {@link Framed} was made of.
 *
 * @param channel the channel underneath
 * @param unread the bytes that were read from it and belong to no frame that was received: the first ones of the next protocol
 * @param unwritten the bytes of frames that were taken and not flushed; flush first, and there are none
 */
public record FramedParts(AsyncByteChannel channel, ByteBuffer unread, ByteBuffer unwritten) {

  /** The channel for the next protocol: it reads {@link #unread} first. */
  public AsyncByteChannel resume() {
    return unread.hasRemaining() ? channel.prefixed(unread) : channel;
  }
}
