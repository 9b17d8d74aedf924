package io.github.epollo.runtime.io;

import io.github.epollo.runtime.future.Future;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * Where bytes go: to a socket, a file, memory, or another writer.
 *
 * <p><b>Cancellation:</b> a write that is cancelled, or whose future is closed, may have written a part: the buffer's position tells how much.
 *
 * <p><b>Threading:</b> one task writes at a time; {@link #close} may be called from any thread.
 */
public interface AsyncWriter extends WritableByteChannel {
  /**
   * Writes what fits, at least one byte, and waits until something fits.
   *
   * @return how many bytes; 0 if {@code source} is empty
   */
  @Override
  int write(ByteBuffer source) throws IOException;

  /** The future twin of {@link #write}. */
  Future<Integer> writeAsync(ByteBuffer source);

  /** Writes nothing more: the other side reads the end after all that was written. Idempotent. */
  void shutdownOutput() throws IOException;
}
