package io.github.epollo.runtime.io;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.stream.AsyncStream;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A channel that carries frames instead of bytes.
 *
 * {@snippet class="io.github.epollo.runtime.io.SnippetsTest" region="framed"}
 *
 * <p>Limits, back-pressure and what a cancel means are those of {@link FrameReader} and {@link FrameWriter}. For another codec in the same connection, or none, {@link #parts} gives the
 * channel back with the bytes that were read too far.
 *
 * <p><b>Threading:</b> one task receives and one sends at a time.
 *
 * @param <I> the type of the frames that come
 * @param <O> the type of the frames that go
 */
public final class Framed<I, O> implements AutoCloseable {
  private final AsyncByteChannel channel;
  private final FrameReader<I> reader;
  private final FrameWriter<O> writer;

  /** Frames over {@code channel}, which belongs to this from now on. */
  public Framed(AsyncByteChannel channel, Codec<I, O> codec) {
    this.channel = Objects.requireNonNull(channel, "channel");
    this.reader = new FrameReader<>(channel, codec);
    this.writer = new FrameWriter<>(channel, codec);
  }

  /** The frames that come, for a task of its own; always the same object. Closing it closes the channel. */
  public FrameReader<I> reader() {
    return reader;
  }

  /** The frames that go, for a task of its own; always the same object. Closing it closes the channel. */
  public FrameWriter<O> writer() {
    return writer;
  }

  /** See {@link FrameReader#receive}. */
  public @Nullable I receive() throws IOException {
    return reader.receive();
  }

  /** See {@link FrameReader#receiveAsync}. */
  public Future<@Nullable I> receiveAsync() {
    return reader.receiveAsync();
  }

  /** See {@link FrameReader#frames}. */
  public AsyncStream<I> frames() {
    return reader.frames();
  }

  /** See {@link FrameWriter#send}. */
  public void send(O frame) throws IOException {
    writer.send(frame);
  }

  /** See {@link FrameWriter#sendAsync}. */
  public Future<@Nullable Void> sendAsync(O frame) {
    return writer.sendAsync(frame);
  }

  /**
   * Ends the frames, and gives back what they were made of: for a protocol that goes on as another one.
   *
   * @throws IllegalStateException if a future of this waits, and nothing has changed then; or if it was called before
   */
  public FramedParts parts() throws IOException {
    reader.requireDetachable();
    writer.requireDetachable();
    return new FramedParts(channel, reader.detach(), writer.detach());
  }

  /**
   * Writes the frames that were taken, and closes the channel whether that succeeds or not. After {@link #parts} it does nothing: the channel is the caller's.
   *
   * @throws IOException if something was left to be written, and could not be
   */
  @Override
  public void close() throws IOException {
    writer.close();
  }

  @Override
  public String toString() {
    return "frames over " + channel;
  }
}
