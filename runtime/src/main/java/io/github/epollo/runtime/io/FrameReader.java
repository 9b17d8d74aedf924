package io.github.epollo.runtime.io;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.stream.AsyncStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads frames: the bytes of a reader, cut by a {@link Decoder}. It reads no further than the next frame needs, but for what comes with it in one piece.
 *
 * <p><b>Cancellation:</b> a call that is cancelled, stopped by a deadline, or whose future is closed, has lost nothing: the next one goes on with the bytes that came.
 *
 * <p><b>Threading:</b> one task at a time; {@link #close} may be called from any thread.
 *
 * @param <T> the type of the frames
 */
public final class FrameReader<T> implements AutoCloseable {
  private final BufferedAsyncReader reader;
  private final Decoder<T> decoder;
  private boolean detached;

  /** Reads the frames of {@code source}; a {@link BufferedAsyncReader} is used as it is, with what it has buffered. */
  public FrameReader(AsyncReader source, Decoder<T> decoder) {
    this.reader = source instanceof BufferedAsyncReader buffered ? buffered : new BufferedAsyncReader(source);
    this.decoder = Objects.requireNonNull(decoder, "decoder");
  }

  /**
   * Waits for the next frame.
   *
   * @return the frame; null at the end of the input
   * @throws LimitExceededException if it is longer than the decoder allows; every further call throws the same
   * @throws MalformedFrameException if the bytes are no frame; every further call throws the same
   * @throws java.io.EOFException if the input ends within a frame
   */
  public @Nullable T receive() throws IOException {
    return reader.run(read());
  }

  /** The future twin of {@link #receive}; closing it loses nothing. */
  public Future<@Nullable T> receiveAsync() {
    return new BufferedReadFuture.Of<>(reader, read());
  }

  private FrameRead<T> read() {
    if (detached) {
      throw new IllegalStateException(this + " has given its parts back: make a new one");
    }
    return new FrameRead<>(decoder);
  }

  /** The frames as a stream, which owns this reader from now on: closing the stream closes it. */
  public AsyncStream<T> frames() {
    return new FrameStream<>(this);
  }

  /** Throws if {@link #detach} cannot be called. */
  void requireDetachable() {
    if (detached) {
      throw new IllegalStateException(this + " has given its parts back already");
    }
    reader.requireIdle();
  }

  /** Takes out what was read and belongs to no frame so far. */
  ByteBuffer detach() {
    detached = true;
    byte[] unread = reader.buffer.copy(0, reader.buffered());
    reader.consume(unread.length);
    return ByteBuffer.wrap(unread);
  }

  /** Closes the reader underneath, unless {@link Framed#parts} has given it back. */
  @Override
  public void close() throws IOException {
    if (!detached) {
      reader.close();
    }
  }

  @Override
  public String toString() {
    return "frames from " + reader;
  }
}
