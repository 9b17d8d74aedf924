package io.github.epollo.net;

import static io.github.epollo.runtime.driver.Direction.READ;

import io.github.epollo.runtime.driver.Direction;
import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.io.AsyncReader;
import io.github.epollo.runtime.io.DescriptorChannel;
import io.github.epollo.runtime.io.DescriptorSide;
import io.github.epollo.runtime.kernel.Sockets;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ScatteringByteChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The reading half of a stream, for the task that reads while another one writes. Closing it ends reading; once both halves are closed, the stream is.
 *
 * <p><b>Blocking:</b> what waits parks the task, not its loop; on a plain thread it blocks that thread.
 *
 * <p><b>Cancellation:</b> a call that is cancelled, or stopped by a deadline, has lost nothing: what it had read is in the buffer, up to its position.
 *
 * <p><b>Threading:</b> one task reads at a time; a second one gets an {@link IllegalStateException} if it would have to wait. Closing is safe from any
 * thread.
 */
public final class ReadHalf implements AsyncReader, ScatteringByteChannel, DescriptorChannel {
  /** What {@link #pollRead} answers when there is nothing to read yet. */
  public static final int PENDING = StreamSocket.PENDING;

  private final StreamSocket socket;

  ReadHalf(StreamSocket socket) {
    this.socket = socket;
  }

  /**
   * Reads what is there, at least one byte, into {@code target}; waits until something is there.
   *
   * @return how many bytes; 0 if {@code target} is full; -1 if the peer will send no more
   * @throws IllegalArgumentException if {@code target} is read-only
   * @throws java.nio.channels.ClosedChannelException if the stream is closed on this side
   * @throws java.nio.channels.AsynchronousCloseException if another task closes it meanwhile
   * @throws java.util.concurrent.CancellationException if the task is cancelled
   * @throws io.github.epollo.runtime.future.DeadlineExceededException if a deadline around the caller passes
   * @throws IOException if the connection was reset, or broke
   */
  @Override
  public int read(ByteBuffer target) throws IOException {
    Awaiter awaiter = Awaiter.current();
    int n;
    while ((n = socket.pollRead(awaiter, target, 0)) == PENDING) {
      socket.park(READ, awaiter, this);
    }
    return n;
  }

  /** The future twin of {@link #read(ByteBuffer)}. Closing it loses nothing. */
  @Override
  public Future<Integer> readAsync(ByteBuffer target) {
    return future("read from", target, 0);
  }

  /** As {@link #read(ByteBuffer)}, into several buffers in order, with one system call. */
  @Override
  public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
    Awaiter awaiter = Awaiter.current();
    long n;
    while ((n = socket.pollRead(awaiter, targets, offset, length)) == PENDING) {
      socket.park(READ, awaiter, this);
    }
    return n;
  }

  /** As {@link #read(ByteBuffer)}, into several buffers in order, with one system call. */
  @Override
  public long read(ByteBuffer[] targets) throws IOException {
    return read(targets, 0, targets.length);
  }

  /** The future twin of {@link #read(ByteBuffer[])}. Closing it loses nothing. */
  public Future<Long> readAsync(ByteBuffer... targets) {
    return new SocketFuture<>(socket, READ, "read from", waker -> {
      long n = socket.pollRead(waker, targets, 0, targets.length);
      return n == PENDING ? Poll.pending() : Poll.ready(n);
    });
  }

  /**
   * Reads until {@code target} is full. What it throws, and what a cancel means, is as for {@link #read(ByteBuffer)}.
   *
   * @throws EOFException if the stream ends first; what came before is in the buffer
   */
  @Override
  public void readFully(ByteBuffer target) throws IOException {
    int wanted = target.remaining();
    while (target.hasRemaining()) {
      if (read(target) < 0) {
        throw endOfStream(target, wanted);
      }
    }
  }

  /** The future twin of {@link #readFully}. Closing it loses nothing: what was read is in the buffer. */
  @Override
  @SuppressWarnings("NullAway") // it loses the @Nullable of a lambda's result
  public Future<@Nullable Void> readFullyAsync(ByteBuffer target) {
    int wanted = target.remaining();
    return new SocketFuture<@Nullable Void>(socket, READ, "read fully from", waker -> {
      while (target.hasRemaining()) {
        int n = socket.pollRead(waker, target, 0);
        if (n == PENDING) {
          return Poll.pending();
        }
        if (n < 0) {
          throw endOfStream(target, wanted);
        }
      }
      return Poll.ready(null);
    });
  }

  private EOFException endOfStream(ByteBuffer target, int wanted) {
    return new EOFException(
        "end of " + socket + " after " + (wanted - target.remaining()) + " of " + wanted + " bytes");
  }

  /** As {@link #read(ByteBuffer)}, but leaves the bytes in the stream: the next read gives them again. A cancel loses nothing. */
  public int peek(ByteBuffer target) throws IOException {
    Awaiter awaiter = Awaiter.current();
    int n;
    while ((n = socket.pollRead(awaiter, target, Sockets.MSG_PEEK)) == PENDING) {
      socket.park(READ, awaiter, this);
    }
    return n;
  }

  /** The future twin of {@link #peek}. */
  public Future<Integer> peekAsync(ByteBuffer target) {
    return future("peek at", target, Sockets.MSG_PEEK);
  }

  /**
   * Reads what is there into {@code target}, and does not wait. {@link #readable} waits until it is worth another try.
   *
   * {@snippet file="io/github/epollo/net/TryTest.java" region="tryRead"}
   *
   * @return how many bytes; 0 if there is nothing now, or {@code target} is full; -1 if the peer will send no more
   * @throws IllegalArgumentException if {@code target} is read-only
   * @throws java.nio.channels.ClosedChannelException if the stream is closed on this side
   * @throws IOException if the connection was reset, or broke
   */
  public int tryRead(ByteBuffer target) throws IOException {
    int n = socket.pollRead(null, target, 0);
    return n == PENDING ? 0 : n;
  }

  /**
   * Waits until {@link #tryRead} has something to tell: bytes, the end, or what went wrong. It may find nothing all the same; then wait again. A cancel loses nothing.
   *
   * @throws java.nio.channels.ClosedChannelException if the stream is closed on this side; {@link java.nio.channels.AsynchronousCloseException} if another task closes it meanwhile
   */
  public void readable() throws IOException {
    socket.awaitReady(READ, this);
  }

  /** The future twin of {@link #readable}. */
  public Future<@Nullable Void> readableAsync() {
    return socket.readyFuture(READ, "wait to read from");
  }

  /**
   * A step of {@link #read(ByteBuffer)}, for a future that is written by hand and needs no object for each read: reads what is there, or keeps {@code waker} until something is.
   *
   * {@snippet file="io/github/epollo/net/HandWrittenFutureTest.java" region="echo"}
   *
   * <p>Whoever was answered {@link #PENDING} and no longer waits, or is polled with another waker, takes the old one back by {@link #forget}.
   *
   * @return how many bytes; 0 if {@code target} is full; -1 if the peer will send no more; or {@link #PENDING}: {@code waker} is woken when it is worth another step
   * @throws IllegalArgumentException if {@code target} is read-only
   * @throws IllegalStateException if another task waits to read
   * @throws java.nio.channels.ClosedChannelException if the stream is closed on this side
   * @throws IOException if the connection was reset, or broke
   */
  public int pollRead(ByteBuffer target, Waker waker) throws IOException {
    return socket.pollRead(Objects.requireNonNull(waker, "waker"), target, 0);
  }

  /** Takes {@code waker} back from {@link #pollRead}: it is not woken any more, and another may wait. */
  public void forget(Waker waker) {
    socket.registration.forget(READ, waker);
  }

  private Future<Integer> future(String name, ByteBuffer target, int flags) {
    return new SocketFuture<>(socket, READ, name, waker -> {
      int n = socket.pollRead(waker, target, flags);
      return n == PENDING ? Poll.pending() : Poll.ready(n);
    });
  }

  /** The socket, to read from; for other modules' system calls. */
  @Override
  public DescriptorSide side(Direction direction) {
    if (direction != READ) {
      throw new UnsupportedOperationException("cannot write to " + this + ": use the other half");
    }
    return socket.side(direction);
  }

  /** Whether neither this half nor the stream was closed on this side. */
  @Override
  public boolean isOpen() {
    return socket.isReaderOpen();
  }

  /** Ends reading: the task that waits, and every read after, gets the end of the stream. Idempotent. */
  @Override
  public void close() throws IOException {
    socket.closeReader();
  }

  @Override
  public String toString() {
    return "bytes from " + socket;
  }
}
