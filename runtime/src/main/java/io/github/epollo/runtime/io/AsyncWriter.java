package io.github.epollo.runtime.io;

import io.github.epollo.runtime.future.Future;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * Where bytes go: to a socket, a file, memory, or another writer.
 *
 * <p>{@link java.nio.channels.Channels#newOutputStream(WritableByteChannel)} makes an {@code OutputStream} of it, for code that wants one; {@link #fromOutputStream} is
 * the other way.
 *
 * <p><b>Blocking:</b> what waits parks the task, not its loop; on a plain thread it blocks that thread.
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

  /** The future twin of {@link #shutdownOutput}; a writer that has to wait for it, because it keeps bytes back, overrides it. */
  default Future<@Nullable Void> shutdownOutputAsync() {
    return new ShutdownFuture(this);
  }

  /** Writes all of {@code source}. */
  default void writeFully(ByteBuffer source) throws IOException {
    while (source.hasRemaining()) {
      int _ = write(source);
    }
  }

  /** The future twin of {@link #writeFully}. Closing it may leave a part written: the buffer's position tells how much. */
  default Future<@Nullable Void> writeFullyAsync(ByteBuffer source) {
    return FullTransfer.write(this, source);
  }

  /**
   * To a blocking stream: {@code System.out}, a file, the input of a process. In a task, each write is made by a thread of the runtime's pool for blocking calls ({@code Tasks.blocking}), and
   * holds it until the stream has taken and flushed the bytes; on a plain thread, that thread makes it. {@link #shutdownOutput} closes the stream, and so does {@link #close}; the latter waits for that in a
   * task, unless a write is under way.
   *
   * <p><b>Cancellation:</b> a write that has begun goes on, and the buffer's position is behind what it writes; nobody waits for a stream that cannot be interrupted. If it fails then, the next operation
   * throws what it failed with. {@link #close} interrupts it.
   */
  static AsyncWriter fromOutputStream(OutputStream out) {
    return BlockingWriter.of(out);
  }

  /**
   * As {@link #fromOutputStream}, of a blocking channel; an {@code AsyncWriter} is returned as it is.
   *
   * @throws IllegalArgumentException if the channel is in non-blocking mode
   */
  static AsyncWriter fromChannel(WritableByteChannel channel) {
    return channel instanceof AsyncWriter writer ? writer : BlockingWriter.of(channel);
  }

  /** Takes all bytes at once and forgets them. */
  static AsyncWriter discarding() {
    return new DiscardingWriter();
  }
}
