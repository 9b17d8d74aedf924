package io.github.epollo.runtime.io;

import io.github.epollo.runtime.driver.Direction;
import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The part that channels without a file descriptor share: direct calls, future twins and closing, made of two attempts, {@link #tryRead} and {@link #tryWrite}. What it
 * can do is what a TCP stream can do, under the same names.
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
public abstract class AbstractByteChannel implements AsyncByteChannel {
  /** Not yet: the waker was stored. */
  protected static final int PENDING = -2;

  private final WakerCell reader;
  private final WakerCell writer;
  private volatile boolean closed;

  /** Creates an open channel. */
  protected AbstractByteChannel() {
    this(new WakerCell(), new WakerCell());
  }

  /** Whoever changes what a task may wait for wakes these cells. */
  AbstractByteChannel(WakerCell reader, WakerCell writer) {
    this.reader = reader;
    this.writer = writer;
  }

  /** Reads into {@code target}, which has room: how many bytes, -1 at the end, or {@link #PENDING}; then {@link #wakeReader} is called when the
   * next try is worth while. */
  protected abstract int tryRead(Waker waker, ByteBuffer target) throws IOException;

  /** Writes from {@code source}, which has bytes: how many, or {@link #PENDING}; then {@link #wakeWriter} is called when the next try
   * is worth while. */
  protected abstract int tryWrite(Waker waker, ByteBuffer source) throws IOException;

  /** Throws if this side, though open, writes no more. */
  protected abstract void requireOutput() throws IOException;

  /** What else there is to closing, waking included; called by each {@link #close}. */
  protected abstract void onClose();

  /** Makes the task that waits for bytes try again. */
  protected final void wakeReader() {
    reader.wake();
  }

  /** Makes the task that waits for room try again. */
  protected final void wakeWriter() {
    writer.wake();
  }

  /** Called when a read or write that may have stored {@code waker} is over, whatever way. */
  protected void onForget(Direction direction, Waker waker) {}

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
      park(Direction.READ, awaiter);
    }
    return n;
  }

  /** The future twin of {@link #read}. Closing it loses nothing. */
  @Override
  public final Future<Integer> readAsync(ByteBuffer target) {
    return new Twin(Direction.READ, "read from ", waker -> {
      int n = pollRead(waker, target);
      return n == PENDING ? Poll.pending() : Poll.ready(n);
    });
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
      park(Direction.WRITE, awaiter);
    }
    return n;
  }

  /** The future twin of {@link #write}. Closing it before it is ready means that nothing was written. */
  @Override
  public final Future<Integer> writeAsync(ByteBuffer source) {
    return new Twin(Direction.WRITE, "write to ", waker -> {
      int n = pollWrite(waker, source);
      return n == PENDING ? Poll.pending() : Poll.ready(n);
    });
  }

  private int pollRead(Waker waker, ByteBuffer target) throws IOException {
    if (target.isReadOnly()) {
      throw new IllegalArgumentException("cannot read into " + target + ": it is read-only");
    }
    requireOpen();
    return target.hasRemaining() ? pollMove(Direction.READ, waker, target) : 0;
  }

  private int pollWrite(Waker waker, ByteBuffer source) throws IOException {
    requireOpen();
    requireOutput();
    return source.hasRemaining() ? pollMove(Direction.WRITE, waker, source) : 0;
  }

  private int pollMove(Direction direction, Waker waker, ByteBuffer buffer) throws IOException {
    if (!Awaiter.proceed(waker)) {
      return PENDING;
    }
    boolean reads = direction == Direction.READ;
    if (!(reads ? reader : writer).store(waker)) {
      throw new IllegalStateException("another task " + (reads ? "reads from " : "writes to ") + this
          + " already: let one task at a time do it");
    }
    int n = PENDING;
    boolean pending = false;
    try {
      n = reads ? tryRead(waker, buffer) : tryWrite(waker, buffer);
      pending = n == PENDING;
    } finally {
      if (!pending) {
        forget(direction, waker);
      }
    }
    return n;
  }

  private void park(Direction direction, Awaiter awaiter) throws IOException {
    boolean parked = false;
    try {
      awaiter.park(this);
      requireNotClosedWhileWaiting();
      parked = true;
    } finally {
      if (!parked) {
        forget(direction, awaiter);
      }
    }
  }

  /** Gives the place of {@code waker} back. */
  private void forget(Direction direction, Waker waker) {
    (direction == Direction.READ ? reader : writer).forget(waker);
    onForget(direction, waker);
  }

  /** Throws if this side is closed. */
  protected final void requireOpen() throws IOException {
    if (closed) {
      throw ClosedChannel.exception(this);
    }
  }

  /** For an operation that has answered pending before. */
  private void requireNotClosedWhileWaiting() throws IOException {
    if (closed) {
      throw ClosedChannel.whileWaiting(this);
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

  private final class Twin extends ChannelFuture<Integer> {
    private final Direction direction;
    private final String name;

    Twin(Direction direction, String name, Operation<Integer> operation) {
      super(operation);
      this.direction = direction;
      this.name = name;
    }

    @Override
    protected void requireNotClosedWhileWaiting() throws IOException {
      AbstractByteChannel.this.requireNotClosedWhileWaiting();
    }

    @Override
    protected void forget(Waker waker) {
      AbstractByteChannel.this.forget(direction, waker);
    }

    @Override
    public String toString() {
      return name + AbstractByteChannel.this;
    }
  }
}
