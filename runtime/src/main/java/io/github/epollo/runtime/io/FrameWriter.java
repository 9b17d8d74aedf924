package io.github.epollo.runtime.io;

import io.github.epollo.runtime.future.Future;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes frames: an {@link Encoder} makes bytes of them, which are collected and written together.
 *
 * <p>{@link #feed} waits while as much as the buffer's size is collected already, and so a peer that does not read holds back who sends to it.
 *
 * <p><b>Cancellation:</b> a frame is sent as a whole or not at all. A {@code feed} that is cancelled has not taken its frame; a {@code flush} that is cancelled has lost nothing, and the
 * next one goes on in the middle of a frame where it must. A {@code send} is one after the other: if the frame was taken, {@link #buffered} is not zero.
 *
 * <p><b>Threading:</b> one task at a time.
 *
 * @param <T> the type of the frames
 */
public final class FrameWriter<T> implements AutoCloseable {
  private final BufferedAsyncWriter writer;
  private final Encoder<T> encoder;
  private boolean detached;

  /** Writes frames to {@code sink}; a {@link BufferedAsyncWriter} is used as it is, and its buffer's size is where {@link #feed} waits. */
  public FrameWriter(AsyncWriter sink, Encoder<T> encoder) {
    this.writer = sink instanceof BufferedAsyncWriter buffered ? buffered : new BufferedAsyncWriter(sink);
    this.encoder = Objects.requireNonNull(encoder, "encoder");
  }

  /**
   * Takes {@code frame} and writes everything, {@link #feed} and {@link #flush} in one.
   *
   * @throws LimitExceededException if the frame is longer than the encoder allows; nothing of it was taken
   */
  public void send(T frame) throws IOException {
    feed(frame);
    writer.flush();
  }

  /** The future twin of {@link #send}. */
  public Future<@Nullable Void> sendAsync(T frame) {
    return feedAsync(frame).then(_ -> writer.flushAsync());
  }

  /**
   * Takes {@code frame}, which the next {@link #flush} writes, if not a later feed; waits first until there is room.
   *
   * @throws LimitExceededException if the frame is longer than the encoder allows; nothing of it was taken
   */
  public void feed(T frame) throws IOException {
    requireAttached();
    writer.requireUsable();
    while (writer.isFull()) {
      writer.drain();
    }
    encode(Objects.requireNonNull(frame, "frame"));
  }

  /** The future twin of {@link #feed}; closing it before it is ready means that the frame was not taken. */
  public Future<@Nullable Void> feedAsync(T frame) {
    requireAttached();
    Objects.requireNonNull(frame, "frame");
    return new BufferedWriteFuture<@Nullable Void>(writer, "send a frame to", writer::isFull, () -> {
      encode(frame);
      return null;
    });
  }

  private void encode(T frame) throws IOException {
    int before = writer.buffered();
    boolean whole = false;
    try {
      encoder.encode(frame, new FrameBuffer(writer.buffer));
      whole = true;
    } finally {
      if (!whole) {
        writer.buffer.truncate(before);
      }
    }
  }

  /** Writes all frames that were taken. */
  public void flush() throws IOException {
    requireAttached();
    writer.flush();
  }

  /** The future twin of {@link #flush}; closing it loses nothing. */
  public Future<@Nullable Void> flushAsync() {
    requireAttached();
    return writer.flushAsync();
  }

  /** How many bytes were taken and not yet written. */
  public int buffered() {
    return writer.buffered();
  }

  /** Throws if {@link #detach} cannot be called. */
  void requireDetachable() throws IOException {
    requireAttached();
    writer.requireUsable();
  }

  /** Takes out what was not written. */
  ByteBuffer detach() {
    detached = true;
    byte[] unwritten = writer.buffer.copy(0, writer.buffered());
    writer.buffer.consume(unwritten.length);
    return ByteBuffer.wrap(unwritten);
  }

  private void requireAttached() {
    if (detached) {
      throw new IllegalStateException(this + " has given its parts back: make a new one");
    }
  }

  /** Flushes, and then writes nothing more. */
  public void shutdownOutput() throws IOException {
    requireAttached();
    writer.shutdownOutput();
  }

  /** Flushes, and closes the writer underneath whether that succeeds or not, as {@link BufferedAsyncWriter#close} does; unless {@link Framed#parts} has given it back. */
  @Override
  public void close() throws IOException {
    if (!detached) {
      writer.close();
    }
  }

  @Override
  public String toString() {
    return "frames to " + writer;
  }
}
