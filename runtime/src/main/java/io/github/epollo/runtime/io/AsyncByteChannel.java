package io.github.epollo.runtime.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;

/** Bytes both ways: a connection. One task reads and one writes at a time; the two directions know nothing of each other. */
public interface AsyncByteChannel extends AsyncReader, AsyncWriter, ByteChannel {

  /**
   * A channel that reads {@code unread} first, and then what this one has: for a protocol that takes over after another one has read too far. Everything else
   * goes to this channel, {@link #close} too.
   *
   * @param unread what was read between its position and its limit, which stay as they are; it is not copied
   */
  default AsyncByteChannel prefixed(ByteBuffer unread) {
    return of(AsyncReader.of(unread).chain(this), this);
  }

  /** The two as one channel; closing it closes both. */
  static AsyncByteChannel of(AsyncReader reader, AsyncWriter writer) {
    return new JoinedChannel(reader, writer);
  }

  /**
   * A blocking channel, read as by {@link AsyncReader#fromChannel} and written as by {@link AsyncWriter#fromChannel}, at the same time if it lets two threads do so. {@code shutdownOutput} is passed on to a {@link
   * java.nio.channels.SocketChannel}; the other side of any other channel does not learn of it. An {@code AsyncByteChannel} is returned as it is.
   *
   * @throws IllegalArgumentException if the channel is in non-blocking mode
   */
  static AsyncByteChannel fromChannel(ByteChannel channel) {
    return channel instanceof AsyncByteChannel async
        ? async
        : new JoinedChannel(BlockingReader.of(channel), BlockingWriter.ofHalf(channel));
  }

  /** Closes both directions. */
  @Override
  void close() throws IOException;
}
