package io.github.epollo.runtime.io;

import io.github.epollo.runtime.future.Future;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/**
 * Bytes that come: from a socket, a file, memory, or another reader.
 *
 * <p><b>Cancellation:</b> a read that is cancelled, or whose future is closed, has lost nothing: what came is in the buffer, up to its position.
 *
 * <p><b>Threading:</b> one task reads at a time; {@link #close} may be called from any thread.
 */
public interface AsyncReader extends ReadableByteChannel {
  /**
   * Reads what is there, at least one byte, and waits until something is there.
   *
   * @return how many bytes; 0 if {@code target} is full; -1 if no more will come
   */
  @Override
  int read(ByteBuffer target) throws IOException;

  /** The future twin of {@link #read}; closing it loses nothing. */
  Future<Integer> readAsync(ByteBuffer target);
}
