package io.github.epollo.testkit;

import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * A byte stream without a socket, for tests of codecs and protocol handlers: what it can do is what a TCP stream can do, under the same names.
 *
 * <p><b>Blocking:</b> what waits parks the task, not its loop; on a plain thread it blocks that thread. It belongs to no runtime: its ends may be used by tasks
 * of different ones, real or simulated.
 *
 * <p><b>Cancellation:</b> a read that is cancelled, or stopped by a deadline, has lost nothing: what came is in the buffer, up to its position. A write may
 * have written a part: the buffer's position tells how much.
 *
 * <p><b>Threading:</b> one task reads and one writes at a time; a second one gets an {@link IllegalStateException} while the first one waits. {@link #close} may be called
 * from any thread.
 *
 * <p>Exceptions are those of {@code java.nio.channels}: {@link java.nio.channels.ClosedChannelException} after {@link #close}, {@link
 * java.nio.channels.AsynchronousCloseException} if another task closes the stream while this one waits.
 */
public abstract sealed class InMemoryStream implements ByteChannel permits DuplexStream, ScriptedStream {
  /** Not yet: the waker was stored. */
  static final int PENDING = -2;

  final WakerCell reader;
  final WakerCell writer;
  private volatile boolean closed;

  InMemoryStream(WakerCell reader, WakerCell writer) {
    this.reader = reader;
    this.writer = writer;
  }

  /** Reads into {@code target}, which has room: how many bytes, -1 at the end, or {@link #PENDING}; then {@link #reader} is woken for the next try. */
  abstract int tryRead(Waker waker, ByteBuffer target) throws IOException;

  /** Writes from {@code source}, which has bytes: how many, or {@link #PENDING}; then {@link #writer} is woken for the next try. */
  abstract int tryWrite(Waker waker, ByteBuffer source) throws IOException;

  /** Throws if this side, though open, writes no more. */
  abstract void requireOutput() throws IOException;

  /** What else there is to closing; idempotent. */
  abstract void onClose();

  /**
   * Reads what is there, at least one byte, into {@code target}; waits until something is there.
   *
   * @return how many bytes; 0 if {@code target} is full; -1 if no more will come
   * @throws IllegalArgumentException if {@code target} is read-only
   * @throws java.nio.channels.ClosedChannelException if the stream is closed on this side
   * @throws java.nio.channels.AsynchronousCloseException if another task closes it meanwhile
   * @throws java.util.concurrent.CancellationException if the task is cancelled
   * @throws io.github.epollo.runtime.future.DeadlineExceededException if a deadline around the caller passes
   * @throws IOException if the stream is broken
   */
  @Override
  public final int read(ByteBuffer target) throws IOException {
    Awaiter awaiter = Awaiter.current();
    int n;
    while ((n = pollRead(awaiter, target)) == PENDING) {
      park(reader, awaiter);
    }
    return n;
  }

  /** The future twin of {@link #read}. Closing it loses nothing. */
  public final Future<Integer> readAsync(ByteBuffer target) {
    return new StreamFuture<>(this, reader, "read from", waker -> {
      int n = pollRead(waker, target);
      return n == PENDING ? Poll.pending() : Poll.ready(n);
    });
  }

  /**
   * Reads until {@code target} is full. What it throws, and what a cancel means, is as for {@link #read}.
   *
   * @throws EOFException if the stream ends first; what came before is in the buffer
   */
  public final void readFully(ByteBuffer target) throws IOException {
    int wanted = target.remaining();
    while (target.hasRemaining()) {
      if (read(target) < 0) {
        throw endOfStream(target, wanted);
      }
    }
  }

  /** The future twin of {@link #readFully}. Closing it loses nothing: what was read is in the buffer. */
  @SuppressWarnings("NullAway") // it loses the @Nullable of a lambda's result
  public final Future<@Nullable Void> readFullyAsync(ByteBuffer target) {
    int wanted = target.remaining();
    return new StreamFuture<@Nullable Void>(this, reader, "read fully from", waker -> {
      while (target.hasRemaining()) {
        int n = pollRead(waker, target);
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
    return new EOFException("end of " + this + " after " + (wanted - target.remaining()) + " of " + wanted + " bytes");
  }

  /**
   * Writes as much of {@code source} as there is room for, at least one byte; waits until there is.
   *
   * @return how many bytes; 0 only if {@code source} is empty
   * @throws java.nio.channels.ClosedChannelException if the stream, or its output, is closed on this side
   * @throws java.nio.channels.AsynchronousCloseException if another task closes it meanwhile
   * @throws java.util.concurrent.CancellationException if the task is cancelled
   * @throws io.github.epollo.runtime.future.DeadlineExceededException if a deadline around the caller passes
   * @throws IOException if nobody will read what is written
   */
  @Override
  public final int write(ByteBuffer source) throws IOException {
    Awaiter awaiter = Awaiter.current();
    int n;
    while ((n = pollWrite(awaiter, source)) == PENDING) {
      park(writer, awaiter);
    }
    return n;
  }

  /** The future twin of {@link #write}. Closing it before it is ready means that nothing was written. */
  public final Future<Integer> writeAsync(ByteBuffer source) {
    return new StreamFuture<>(this, writer, "write to", waker -> {
      int n = pollWrite(waker, source);
      return n == PENDING ? Poll.pending() : Poll.ready(n);
    });
  }

  /** Writes all of {@code source}. What it throws, and what a cancel means, is as for {@link #write}. */
  public final void writeFully(ByteBuffer source) throws IOException {
    while (source.hasRemaining()) {
      int _ = write(source);
    }
  }

  /** The future twin of {@link #writeFully}. Closing it may leave a part written: the buffer's position tells how much. */
  @SuppressWarnings("NullAway") // it loses the @Nullable of a lambda's result
  public final Future<@Nullable Void> writeFullyAsync(ByteBuffer source) {
    return new StreamFuture<@Nullable Void>(this, writer, "write fully to", waker -> {
      while (source.hasRemaining()) {
        if (pollWrite(waker, source) == PENDING) {
          return Poll.pending();
        }
      }
      return Poll.ready(null);
    });
  }

  private int pollRead(Waker waker, ByteBuffer target) throws IOException {
    if (target.isReadOnly()) {
      throw new IllegalArgumentException("cannot read into " + target + ": it is read-only");
    }
    requireOpen();
    return target.hasRemaining() ? pollMove(reader, waker, target) : 0;
  }

  private int pollWrite(Waker waker, ByteBuffer source) throws IOException {
    requireOpen();
    requireOutput();
    return source.hasRemaining() ? pollMove(writer, waker, source) : 0;
  }

  private int pollMove(WakerCell cell, Waker waker, ByteBuffer buffer) throws IOException {
    if (!Awaiter.proceed(waker)) {
      return PENDING;
    }
    if (!cell.store(waker)) {
      throw new IllegalStateException("another task " + (cell == reader ? "reads from " : "writes to ") + this
          + " already: let one task at a time do it");
    }
    int n = PENDING;
    boolean pending = false;
    try {
      n = cell == reader ? tryRead(waker, buffer) : tryWrite(waker, buffer);
      pending = n == PENDING;
    } finally {
      if (!pending) {
        forget(cell, waker);
      }
    }
    return n;
  }

  private void park(WakerCell cell, Awaiter awaiter) throws IOException {
    boolean parked = false;
    try {
      awaiter.park(this);
      requireNotClosedWhileWaiting();
      parked = true;
    } finally {
      if (!parked) {
        forget(cell, awaiter);
      }
    }
  }

  /** Gives the place of {@code waker} back. */
  void forget(WakerCell cell, Waker waker) {
    cell.forget(waker);
  }

  final void requireOpen() throws IOException {
    if (closed) {
      throw ClosedStream.exception(this);
    }
  }

  /** For an operation that has answered pending before. */
  final void requireNotClosedWhileWaiting() throws IOException {
    if (closed) {
      throw ClosedStream.whileWaiting(this);
    }
  }

  /** Whether {@link #close} was not called. */
  @Override
  public final boolean isOpen() {
    return !closed;
  }

  /** Closes this side. A task that waits for it gets an {@link java.nio.channels.AsynchronousCloseException}. Idempotent; does not wait. */
  @Override
  public final void close() {
    closed = true;
    onClose();
  }
}
