package io.github.epollo.runtime.io;

import io.github.epollo.runtime.future.Future;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that come: from a socket, a file, memory, or another reader.
 *
 * <p>{@link java.nio.channels.Channels#newInputStream(ReadableByteChannel)} makes an {@code InputStream} of it, for code that wants one; {@link #fromInputStream} is the
 * other way.
 *
 * <p><b>Blocking:</b> what waits parks the task, not its loop; on a plain thread it blocks that thread.
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

  /**
   * Reads until {@code target} is full.
   *
   * @throws EOFException if the input ends first; what came before is in the buffer
   */
  default void readFully(ByteBuffer target) throws IOException {
    int wanted = target.remaining();
    while (target.hasRemaining()) {
      if (read(target) < 0) {
        throw FullTransfer.endOf(this, target, wanted);
      }
    }
  }

  /** The future twin of {@link #readFully}; closing it loses nothing. */
  default Future<@Nullable Void> readFullyAsync(ByteBuffer target) {
    return FullTransfer.read(this, target);
  }

  /**
   * What a blocking stream has: {@code System.in}, a file, the output of a process. In a task, each read is made by a thread of the runtime's pool for blocking calls ({@code Tasks.blocking}), and
   * holds it until bytes are there; on a plain thread, that thread makes it. Closing closes the stream.
   *
   * <p><b>Cancellation:</b> the thread goes on reading, and what it gets is the beginning of the next read: nothing is lost, and nobody waits for a stream that cannot be interrupted. Closing
   * interrupts it. The runtime, when it is closed, waits for such a thread no longer than its close timeout; the JVM does not.
   */
  static AsyncReader fromInputStream(InputStream in) {
    return BlockingReader.of(in);
  }

  /**
   * As {@link #fromInputStream}, of a blocking channel; an {@code AsyncReader} is returned as it is.
   *
   * @throws IllegalArgumentException if the channel is in non-blocking mode
   */
  static AsyncReader fromChannel(ReadableByteChannel channel) {
    return channel instanceof AsyncReader reader ? reader : BlockingReader.of(channel);
  }

  /** These bytes and then the end; what {@code bytes} holds between position and limit, which stay as they are. */
  static AsyncReader of(ByteBuffer bytes) {
    return new MemoryReader(bytes);
  }

  /** These bytes and then the end. */
  static AsyncReader of(byte[] bytes) {
    return new MemoryReader(ByteBuffer.wrap(bytes));
  }

  /** The end, at once. */
  static AsyncReader empty() {
    return new MemoryReader(ByteBuffer.allocate(0));
  }

  /**
   * The next {@code limit} bytes of this reader and then the end; this reader goes on after them. Closing either closes both.
   *
   * <p>The end of this reader is the end of that one, too: who must have all of the bytes counts them.
   *
   * @throws IllegalArgumentException if {@code limit} is negative
   */
  default AsyncReader take(long limit) {
    return new TakeReader(this, limit);
  }

  /** All bytes of this reader, and after its end those of {@code next}. Closing it closes both. */
  default AsyncReader chain(AsyncReader next) {
    return new ChainReader(this, next);
  }
}
