package io.github.epollo.net;

import static io.github.epollo.runtime.driver.Direction.WRITE;

import io.github.epollo.runtime.driver.Direction;
import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.io.AsyncWriter;
import io.github.epollo.runtime.io.DescriptorChannel;
import io.github.epollo.runtime.io.DescriptorSide;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The writing half of a stream, for the task that writes while another one reads. Closing it tells the peer that no more comes; once both halves are
 * closed, the stream is.
 *
 * <p><b>Blocking:</b> what waits parks the task, not its loop; on a plain thread it blocks that thread.
 *
 * <p><b>Cancellation:</b> a call that is cancelled, or stopped by a deadline, may have written a part: the buffer's position tells how much. Go on from
 * there, or close the stream; never write the whole again.
 *
 * <p><b>Threading:</b> one task writes at a time; a second one gets an {@link IllegalStateException} if it would have to wait. Closing is safe from any
 * thread.
 */
public final class WriteHalf implements AsyncWriter, GatheringByteChannel, DescriptorChannel {
  /** What {@link #pollWrite} answers when there is no room yet. */
  public static final int PENDING = StreamSocket.PENDING;

  private final StreamSocket socket;

  WriteHalf(StreamSocket socket) {
    this.socket = socket;
  }

  /**
   * Writes as much of {@code source} as the socket takes, at least one byte; waits until it takes one.
   *
   * @return how many bytes; 0 only if {@code source} is empty
   * @throws java.nio.channels.ClosedChannelException if the stream, or its output, is closed on this side
   * @throws java.nio.channels.AsynchronousCloseException if another task closes it meanwhile
   * @throws java.util.concurrent.CancellationException if the task is cancelled
   * @throws io.github.epollo.runtime.future.DeadlineExceededException if a deadline around the caller passes
   * @throws IOException if the connection was reset, or broke
   */
  @Override
  public int write(ByteBuffer source) throws IOException {
    Awaiter awaiter = Awaiter.current();
    int n;
    while ((n = socket.pollWrite(awaiter, source)) == PENDING) {
      socket.park(WRITE, awaiter, this);
    }
    return n;
  }

  /** The future twin of {@link #write(ByteBuffer)}. Closing it before it is ready means that nothing was written. */
  @Override
  public Future<Integer> writeAsync(ByteBuffer source) {
    return new SocketFuture<>(socket, WRITE, "write to", waker -> {
      int n = socket.pollWrite(waker, source);
      return n == PENDING ? Poll.pending() : Poll.ready(n);
    });
  }

  /** As {@link #write(ByteBuffer)}, from several buffers in order, with one system call. */
  @Override
  public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    Awaiter awaiter = Awaiter.current();
    long n;
    while ((n = socket.pollWrite(awaiter, sources, offset, length)) == PENDING) {
      socket.park(WRITE, awaiter, this);
    }
    return n;
  }

  /** As {@link #write(ByteBuffer)}, from several buffers in order, with one system call. */
  @Override
  public long write(ByteBuffer[] sources) throws IOException {
    return write(sources, 0, sources.length);
  }

  /** The future twin of {@link #write(ByteBuffer[])}. Closing it before it is ready means that nothing was written. */
  public Future<Long> writeAsync(ByteBuffer... sources) {
    return new SocketFuture<>(socket, WRITE, "write to", waker -> {
      long n = socket.pollWrite(waker, sources, 0, sources.length);
      return n == PENDING ? Poll.pending() : Poll.ready(n);
    });
  }

  /** Writes all of {@code source}. What it throws, and what a cancel means, is as for {@link #write(ByteBuffer)}. */
  @Override
  public void writeFully(ByteBuffer source) throws IOException {
    while (source.hasRemaining()) {
      int _ = write(source);
    }
  }

  /** Writes all of all {@code sources}, in order. */
  public void writeFully(ByteBuffer... sources) throws IOException {
    int first = 0;
    while ((first = firstWithBytes(sources, first)) < sources.length) {
      long _ = write(sources, first, sources.length - first);
    }
  }

  /** The future twin of {@link #writeFully(ByteBuffer)}. Closing it may leave a part written: the buffer's position tells how much. */
  @Override
  @SuppressWarnings("NullAway") // it loses the @Nullable of a lambda's result
  public Future<@Nullable Void> writeFullyAsync(ByteBuffer source) {
    return new SocketFuture<@Nullable Void>(socket, WRITE, "write fully to", waker -> {
      while (source.hasRemaining()) {
        if (socket.pollWrite(waker, source) == PENDING) {
          return Poll.pending();
        }
      }
      return Poll.ready(null);
    });
  }

  /** The future twin of {@link #writeFully(ByteBuffer...)}. Closing it may leave a part written: the buffers' positions tell how much. */
  @SuppressWarnings("NullAway") // it loses the @Nullable of a lambda's result
  public Future<@Nullable Void> writeFullyAsync(ByteBuffer... sources) {
    return new SocketFuture<@Nullable Void>(socket, WRITE, "write fully to", waker -> {
      int first = 0;
      while ((first = firstWithBytes(sources, first)) < sources.length) {
        if (socket.pollWrite(waker, sources, first, sources.length - first) == PENDING) {
          return Poll.pending();
        }
      }
      return Poll.ready(null);
    });
  }

  /**
   * Writes as much of {@code source} as the socket takes now, and does not wait. {@link #writable} waits until it is worth another try.
   *
   * @return how many bytes; 0 if there is no room now, or {@code source} is empty
   * @throws java.nio.channels.ClosedChannelException if the stream, or its output, is closed on this side
   * @throws IOException if the connection was reset, or broke
   */
  public int tryWrite(ByteBuffer source) throws IOException {
    int n = socket.pollWrite(null, source);
    return n == PENDING ? 0 : n;
  }

  /**
   * Waits until {@link #tryWrite} can do something, or tell what went wrong. It may find no room all the same; then wait again. A cancel loses nothing.
   *
   * @throws java.nio.channels.ClosedChannelException if the stream, or its output, is closed on this side; {@link java.nio.channels.AsynchronousCloseException} if another task closes it meanwhile
   */
  public void writable() throws IOException {
    socket.awaitReady(WRITE, this);
  }

  /** The future twin of {@link #writable}. */
  public Future<@Nullable Void> writableAsync() {
    return socket.readyFuture(WRITE, "wait to write to");
  }

  /**
   * A step of {@link #write(ByteBuffer)}, for a future that is written by hand and needs no object for each write: writes what there is room for, or keeps {@code waker} until there is. The example is at {@link ReadHalf#pollRead}.
   *
   * <p>Whoever was answered {@link #PENDING} and no longer waits, or is polled with another waker, takes the old one back by {@link #forget}.
   *
   * @return how many bytes; 0 only if {@code source} is empty; or {@link #PENDING}: {@code waker} is woken when it is worth another step
   * @throws IllegalStateException if another task waits to write
   * @throws java.nio.channels.ClosedChannelException if the stream, or its output, is closed on this side
   * @throws IOException if the connection was reset, or broke
   */
  public int pollWrite(ByteBuffer source, Waker waker) throws IOException {
    return socket.pollWrite(Objects.requireNonNull(waker, "waker"), source);
  }

  /** Takes {@code waker} back from {@link #pollWrite}: it is not woken any more, and another may wait. */
  public void forget(Waker waker) {
    socket.registration.forget(WRITE, waker);
  }

  private static int firstWithBytes(ByteBuffer[] sources, int from) {
    int first = from;
    while (first < sources.length && !sources[first].hasRemaining()) {
      first++;
    }
    return first;
  }

  /** Ends writing, as {@link #close} does, but leaves the half open. */
  @Override
  public void shutdownOutput() throws IOException {
    socket.shutdownOutput();
  }

  /** The socket, to write to; for other modules' system calls. */
  @Override
  public DescriptorSide side(Direction direction) {
    if (direction != WRITE) {
      throw new UnsupportedOperationException("cannot read from " + this + ": use the other half");
    }
    return socket.side(direction);
  }

  /** Whether neither this half nor the stream was closed on this side. */
  @Override
  public boolean isOpen() {
    return socket.isWriterOpen();
  }

  /** Ends writing: the peer reads the end of the stream after all that was written. Idempotent. */
  @Override
  public void close() throws IOException {
    socket.closeWriter();
  }

  @Override
  public String toString() {
    return "room to write to " + socket;
  }
}
