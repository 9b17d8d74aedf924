package io.github.epollo.runtime.io;

import io.github.epollo.runtime.driver.Direction;
import io.github.epollo.runtime.driver.Interest;
import io.github.epollo.runtime.driver.Registration;
import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.Fd;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.Kernel;
import io.github.epollo.runtime.kernel.Pool;
import io.github.epollo.runtime.kernel.Sockets;
import io.github.epollo.runtime.loop.Loop;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Any file descriptor that epoll accepts, awaited: inotify, signalfd, eventfd, timerfd, a terminal, a pipe, a socket that was made elsewhere.
 *
 * {@snippet file="io/github/epollo/runtime/io/AsyncFdSnippetsTest.java" region="eventfd"}
 *
 * <p>Bytes are read and written as on any channel, by read(2) and write(2). Any other call is made by {@link #read(FdCall)} and {@link #write(FdCall)}, which make it when epoll has reported that it is worth while, and again while it answers {@code EAGAIN}. Where a
 * library makes the calls itself, {@link #readable()}, {@link #writable()} and {@link #priority()} wait until that is worth while, and {@link #clear} tells that it was in vain.
 *
 * <p>An error or a hang-up of the descriptor wakes all who wait: the call tells what happened.
 *
 * <p><b>Blocking:</b> what waits parks the task, not its loop; on a plain thread it blocks that thread.
 *
 * <p><b>Cancellation:</b> a read that is cancelled, or stopped by a deadline, has lost nothing: a call whose result was not delivered was not made. A write of a buffer may have written a part: the buffer's position tells how much.
 *
 * <p><b>Threading:</b> one task reads, one writes and one waits for priority events at a time; another one gets an {@link IllegalStateException} if it would have to wait. {@link #close} may be called from any thread.
 */
public final class AsyncFd implements AsyncByteChannel, DescriptorChannel {
  private static final long PENDING = -Errno.EAGAIN;
  private static final int ABOVE_STANDARD_STREAMS = 3;

  final Registration registration; // its readiness is for tests to see
  private final Kernel kernel;
  private final Pool<FdMemory> memories;
  private final Interest interest;
  private final boolean blocks;

  // what was known when readable(), writable() and priority() answered; each for the task that waits in its direction
  private int seenReading;
  private int seenWriting;
  private int seenListening;

  private AsyncFd(Loop loop, Registration registration, Interest interest, boolean blocks) {
    this.registration = registration;
    this.kernel = loop.kernel();
    this.memories = FdMemory.POOL.get(loop);
    this.interest = interest;
    this.blocks = blocks;
    registration.ownedBy(this);
  }

  /** As {@link #adopt(int, Interest, FdMode)}, in the mode {@link FdMode#NON_BLOCKING}. */
  public static AsyncFd adopt(int number, Interest interest) throws IOException {
    return adopt(number, interest, FdMode.NON_BLOCKING);
  }

  /**
   * Takes an open file descriptor over by its number: from here on this object owns it, closes it, and keeps it from child processes. It belongs to the current loop.
   *
   * @param interest the directions that will be used; errors and hang-ups are always reported
   * @throws IllegalArgumentException if {@code number} is not open, if epoll takes no files of this kind (regular files and directories are for {@code AsyncFile}), if it was opened for the other direction only, or if it is registered with this
   *     loop already; the descriptor is left as it was, and still the caller's, as after an {@code IOException}
   * @throws IOException if the kernel refuses, for want of memory or past {@code fs.epoll.max_user_watches}
   * @throws IllegalStateException outside any runtime
   */
  public static AsyncFd adopt(int number, Interest interest, FdMode mode) throws IOException {
    Objects.requireNonNull(interest, "interest");
    Objects.requireNonNull(mode, "mode");
    Loop loop = Loop.current();
    Kernel kernel = loop.kernel();
    int flags = openFlags(kernel, number, interest);
    boolean blocks = (flags & FileFlags.O_NONBLOCK) == 0;
    boolean changes = blocks && mode == FdMode.NON_BLOCKING;
    if (changes) {
      control(kernel, number, FileFlags.F_SETFL, flags | FileFlags.O_NONBLOCK);
    }
    boolean done = false;
    try {
      Registration registration = loop.driver().adopt(new Fd(kernel, number), interest);
      done = true;
      int _ = kernel.fcntl(number, FileFlags.F_SETFD, FileFlags.FD_CLOEXEC); // cannot fail on an open number
      return new AsyncFd(loop, registration, interest, blocks && !changes);
    } finally {
      if (!done && changes) {
        control(kernel, number, FileFlags.F_SETFL, flags);
      }
    }
  }

  /** As {@link #borrow(int, Interest, FdMode)}, in the mode {@link FdMode#NON_BLOCKING}. */
  public static AsyncFd borrow(int number, Interest interest) throws IOException {
    return borrow(number, interest, FdMode.NON_BLOCKING);
  }

  /**
   * Awaits what somebody else owns: uses, and closes, a duplicate of {@code number}, which itself may be closed at any time. The two share one open file description: position, {@code O_NONBLOCK}, locks.
   *
   * @throws IllegalArgumentException as {@link #adopt}
   * @throws IOException as {@link #adopt}, and if there are too many open files
   */
  public static AsyncFd borrow(int number, Interest interest, FdMode mode) throws IOException {
    Kernel kernel = Loop.current().kernel();
    int _ = openFlags(kernel, number, interest);
    int duplicate = control(kernel, number, FileFlags.F_DUPFD_CLOEXEC, ABOVE_STANDARD_STREAMS);
    boolean done = false;
    try {
      AsyncFd fd = adopt(duplicate, interest, mode);
      done = true;
      return fd;
    } finally {
      if (!done) {
        kernel.close(duplicate);
      }
    }
  }

  private static int openFlags(Kernel kernel, int number, Interest interest) {
    int flags = number < 0 ? -Errno.EBADF : kernel.fcntl(number, FileFlags.F_GETFL, 0);
    if (flags < 0) {
      throw new IllegalArgumentException("cannot wait for fd " + number + ": it is not open in this process");
    }
    int access = flags & FileFlags.O_ACCMODE;
    if (interest == Interest.READ && access == FileFlags.O_WRONLY) {
      throw new IllegalArgumentException("cannot wait to read from fd " + number + ": it was opened for writing only");
    }
    if (interest == Interest.WRITE && access == FileFlags.O_RDONLY) {
      throw new IllegalArgumentException("cannot wait to write to fd " + number + ": it was opened for reading only");
    }
    return flags;
  }

  private static int control(Kernel kernel, int number, int command, int argument) throws IOException {
    int result = kernel.fcntl(number, command, argument);
    if (result < 0) {
      throw Errno.toIOException("fcntl", "fd " + number, -result);
    }
    return result;
  }

  /** The number. A call with it is safe only in an {@link FdCall}, or between {@link Fd#acquire} and {@link Fd#release}. */
  public int number() {
    return registration.fd().number();
  }

  /** The descriptor with the count of its uses: for a call that goes on when the method that began it has returned. Close it by {@link #close} only. */
  public Fd fd() {
    return registration.fd();
  }

  // ---- calls

  /**
   * Makes {@code call} once the descriptor is readable, and again each time that it becomes so, until it answers something else than {@code -EAGAIN}.
   *
   * <p><b>Cancellation:</b> loses nothing: a call that has succeeded is delivered.
   *
   * @return what the call has answered, {@code >= 0}
   * @throws java.nio.channels.ClosedChannelException if this was closed; {@link java.nio.channels.AsynchronousCloseException} if another task closes it meanwhile
   * @throws IllegalStateException if the interest was for writing only
   * @throws IOException if the call has answered another error
   */
  public long read(FdCall call) throws IOException {
    return run(Direction.READ, Objects.requireNonNull(call, "call"), null);
  }

  /** The future twin of {@link #read(FdCall)}. Closing it before it is ready means that no call was made that succeeded. */
  public Future<Long> readAsync(FdCall call) {
    return future(Direction.READ, Objects.requireNonNull(call, "call"));
  }

  /** As {@link #read(FdCall)}, for a call that waits until the descriptor becomes writable. */
  public long write(FdCall call) throws IOException {
    return run(Direction.WRITE, Objects.requireNonNull(call, "call"), null);
  }

  /** The future twin of {@link #write(FdCall)}. Closing it before it is ready means that no call was made that succeeded. */
  public Future<Long> writeAsync(FdCall call) {
    return future(Direction.WRITE, Objects.requireNonNull(call, "call"));
  }

  // ---- bytes

  /**
   * Reads what is there, by one read(2) that gets something; waits until something is there.
   *
   * @return how many bytes; 0 if {@code target} is full; -1 at the end
   * @throws IllegalArgumentException if {@code target} is read-only
   * @throws java.nio.channels.ClosedChannelException if this was closed; {@link java.nio.channels.AsynchronousCloseException} if another task closes it meanwhile
   * @throws IllegalStateException if the interest was for writing only, or if read(2) might block the loop: see {@link FdMode#AS_IS}
   */
  @Override
  public int read(ByteBuffer target) throws IOException {
    requireTarget(target);
    return target.hasRemaining() ? endIfZero(run(Direction.READ, null, target)) : 0;
  }

  /** The future twin of {@link #read(ByteBuffer)}. Closing it loses nothing. */
  @Override
  public Future<Integer> readAsync(ByteBuffer target) {
    return new FdFuture<>(Direction.READ, waker -> {
      requireTarget(target);
      long n = target.hasRemaining() ? poll(Direction.READ, waker, null, target) : 0;
      return n == PENDING ? Poll.pending() : Poll.ready(target.hasRemaining() ? endIfZero(n) : (int) n);
    });
  }

  private static int endIfZero(long n) {
    return n == 0 ? -1 : (int) n;
  }

  /**
   * Writes what fits, by one write(2) that takes something; waits until something fits.
   *
   * @return how many bytes; 0 only if {@code source} is empty
   * @throws BrokenPipeException if this is the end of a pipe that nobody reads from any more
   * @throws java.nio.channels.ClosedChannelException if this was closed; {@link java.nio.channels.AsynchronousCloseException} if another task closes it meanwhile
   * @throws IllegalStateException if the interest was for reading only, or if write(2) might block the loop: see {@link FdMode#AS_IS}
   */
  @Override
  public int write(ByteBuffer source) throws IOException {
    requireBytes(Direction.WRITE);
    return source.hasRemaining() ? (int) run(Direction.WRITE, null, source) : 0;
  }

  /** The future twin of {@link #write(ByteBuffer)}. Closing it before it is ready means that nothing was written. */
  @Override
  public Future<Integer> writeAsync(ByteBuffer source) {
    return new FdFuture<>(Direction.WRITE, waker -> {
      requireBytes(Direction.WRITE);
      long n = source.hasRemaining() ? poll(Direction.WRITE, waker, null, source) : 0;
      return n == PENDING ? Poll.pending() : Poll.ready((int) n);
    });
  }

  /** The descriptor, for other modules' system calls, such as a sendfile(2) from a file. */
  @Override
  public DescriptorSide side(Direction direction) {
    return new DescriptorSide(registration, direction, this, () -> {
      requireInterest(direction);
      requireOpen();
      requireBytes(direction);
      return true;
    });
  }

  /**
   * Ends the output of a socket; what was written is read before the end. Idempotent.
   *
   * @throws UnsupportedOperationException if it is no socket: there the output ends with {@link #close}
   */
  @Override
  public void shutdownOutput() throws IOException {
    int result = onNumber(number -> kernel.shutdown(number, Sockets.SHUT_WR));
    if (result == -Errno.ENOTSOCK) {
      throw new UnsupportedOperationException(
          "cannot end the output of " + this + " alone: it is no socket; close it");
    }
    if (result < 0 && result != -Errno.ENOTCONN) { // the peer has reset the connection: it is shut down already
      throw Errno.toIOException("shutdown", toString(), -result);
    }
  }

  // ---- readiness

  /**
   * Waits until a call that reads is worth trying: bytes, the end, an error or a hang-up have been reported. Answers at once until {@link #clear} tells that a call would block.
   *
   * @throws java.nio.channels.ClosedChannelException if this was closed; {@link java.nio.channels.AsynchronousCloseException} if another task closes it meanwhile
   * @throws IllegalStateException if the interest does not cover the direction
   */
  public void readable() throws IOException {
    awaitReady(Direction.READ);
  }

  /** The future twin of {@link #readable}. */
  public Future<@Nullable Void> readableAsync() {
    return readyFuture(Direction.READ);
  }

  /** As {@link #readable}, for a call that writes. */
  public void writable() throws IOException {
    awaitReady(Direction.WRITE);
  }

  /** The future twin of {@link #writable}. */
  public Future<@Nullable Void> writableAsync() {
    return readyFuture(Direction.WRITE);
  }

  /**
   * Waits until something beside the data is reported: a priority event ({@code EPOLLPRI}: urgent data of a socket, a change of a file of sysfs, procfs or a control group), an error (the reader of a pipe has gone) or a hang-up. Answers at once
   * until {@link #clear} tells that it was seen to.
   *
   * @throws java.nio.channels.ClosedChannelException if this was closed; {@link java.nio.channels.AsynchronousCloseException} if another task closes it meanwhile
   * @throws IllegalStateException if the interest does not cover priority events
   */
  public void priority() throws IOException {
    awaitReady(Direction.PRIORITY);
  }

  /** The future twin of {@link #priority}. */
  public Future<@Nullable Void> priorityAsync() {
    return readyFuture(Direction.PRIORITY);
  }

  /**
   * Tells that a call answered "would block", so that {@link #readable}, {@link #writable} or {@link #priority} waits for the next event. Does nothing if one was reported since that has answered: it may be news. For the task that waited.
   */
  public void clear(Direction direction) {
    registration.wouldBlock(direction, switch (direction) {
      case READ -> seenReading;
      case WRITE -> seenWriting;
      case PRIORITY -> seenListening;
    });
  }

  private void awaitReady(Direction direction) throws IOException {
    Awaiter awaiter = Awaiter.current();
    while (!pollReady(direction, awaiter)) {
      park(direction, awaiter);
    }
  }

  @SuppressWarnings("NullAway") // it loses the @Nullable of a lambda's result
  private Future<@Nullable Void> readyFuture(Direction direction) {
    return new FdFuture<@Nullable Void>(direction,
        waker -> pollReady(direction, waker) ? Poll.ready(null) : Poll.pending());
  }

  private boolean pollReady(Direction direction, Waker waker) throws IOException {
    requireInterest(direction);
    requireOpen();
    if (!Awaiter.proceed(waker) || !registration.pollReady(direction, waker)) {
      return false;
    }
    int seen = registration.readiness();
    switch (direction) {
      case READ -> seenReading = seen;
      case WRITE -> seenWriting = seen;
      case PRIORITY -> seenListening = seen;
    }
    return true;
  }

  // ---- one attempt after the other

  private long run(Direction direction, @Nullable FdCall call, @Nullable ByteBuffer buffer) throws IOException {
    Awaiter awaiter = Awaiter.current();
    long n;
    while ((n = poll(direction, awaiter, call, buffer)) == PENDING) {
      park(direction, awaiter);
    }
    return n;
  }

  private Future<Long> future(Direction direction, FdCall call) {
    return new FdFuture<>(direction, waker -> {
      long n = poll(direction, waker, call, null);
      return n == PENDING ? Poll.pending() : Poll.ready(n);
    });
  }

  private long poll(Direction direction, Waker waker, @Nullable FdCall call, @Nullable ByteBuffer buffer)
      throws IOException {
    requireInterest(direction);
    requireOpen();
    if (!Awaiter.proceed(waker)) {
      return PENDING;
    }
    while (registration.pollReady(direction, waker)) {
      int before = registration.readiness();
      long n = attempt(direction, call, buffer);
      if (n == PENDING) {
        registration.wouldBlock(direction, before);
      } else if (n >= 0) {
        return n;
      } else if (n == -Errno.EPIPE) {
        throw new BrokenPipeException(this);
      } else if (n != -Errno.EINTR) {
        throw Errno.toIOException(direction == Direction.READ ? "read" : "write", toString(), (int) -n);
      }
    }
    return PENDING;
  }

  private long attempt(Direction direction, @Nullable FdCall call, @Nullable ByteBuffer buffer) throws IOException {
    Fd fd = acquire();
    try {
      if (call != null) {
        return call.make(fd.number());
      }
      ByteBuffer bytes = Objects.requireNonNull(buffer);
      return direction == Direction.READ ? readInto(fd.number(), bytes) : writeFrom(fd.number(), bytes);
    } finally {
      fd.release();
    }
  }

  private long readInto(int number, ByteBuffer target) {
    int position = target.position();
    long n;
    long address = FdMemory.inPlace(target);
    if (address != 0) {
      try {
        n = kernel.read(number, address, target.remaining());
      } finally {
        Reference.reachabilityFence(target);
      }
    } else {
      byte _ = target.get(position); // throws if its arena is closed, before bytes are taken
      FdMemory memory = memories.take();
      try {
        n = kernel.read(number, memory.address(), Math.min(target.remaining(), FdMemory.SIZE));
        if (n > 0) {
          target.put(position, memory.bytes(), 0, (int) n);
        }
      } finally {
        memories.give(memory);
      }
    }
    if (n > 0) {
      target.position(position + (int) n);
    }
    return n;
  }

  private long writeFrom(int number, ByteBuffer source) {
    int position = source.position();
    long n;
    long address = FdMemory.inPlace(source);
    if (address != 0) {
      try {
        n = kernel.write(number, address, source.remaining());
      } finally {
        Reference.reachabilityFence(source);
      }
    } else {
      int length = Math.min(source.remaining(), FdMemory.SIZE);
      FdMemory memory = memories.take();
      try {
        memory.bytes().put(0, source, position, length);
        n = kernel.write(number, memory.address(), length);
      } finally {
        memories.give(memory);
      }
    }
    if (n > 0) {
      source.position(position + (int) n);
    }
    return n;
  }

  private int onNumber(java.util.function.IntUnaryOperator call) throws IOException {
    Fd fd = acquire();
    try {
      return call.applyAsInt(fd.number());
    } finally {
      fd.release();
    }
  }

  private Fd acquire() throws IOException {
    Fd fd = registration.fd();
    if (!fd.acquire()) {
      throw ClosedChannel.exception(this);
    }
    return fd;
  }

  private void requireOpen() throws IOException {
    if (registration.isClosed()) {
      throw ClosedChannel.exception(this);
    }
  }

  private void requireTarget(ByteBuffer target) {
    if (target.isReadOnly()) {
      throw new IllegalArgumentException("cannot read into " + target + ": it is read-only");
    }
    requireBytes(Direction.READ);
  }

  private void requireBytes(Direction direction) {
    if (blocks) {
      throw new IllegalStateException("cannot " + (direction == Direction.READ ? "read from " : "write to ") + this
          + ": O_NONBLOCK is not set, so that the call might block the loop; adopt it with FdMode.NON_BLOCKING, or make a call that does not block by itself");
    }
  }

  private void requireInterest(Direction direction) {
    boolean covered = interest == Interest.READ_WRITE || switch (direction) {
      case READ -> interest == Interest.READ;
      case WRITE -> interest == Interest.WRITE;
      case PRIORITY -> interest == Interest.PRIORITY;
    };
    if (!covered) {
      throw new IllegalStateException("cannot wait for " + direction + " of " + this + ": it was adopted with Interest."
          + interest + "; give the interest in all that will be waited for");
    }
  }

  private void park(Direction direction, Awaiter awaiter) throws IOException {
    boolean parked = false;
    try {
      awaiter.park(this);
      parked = true;
    } finally {
      if (!parked) {
        registration.forget(direction, awaiter);
      }
    }
    requireNotClosedWhileWaiting();
  }

  private void requireNotClosedWhileWaiting() throws IOException {
    if (registration.isClosed()) {
      throw ClosedChannel.whileWaiting(this);
    }
  }

  /** Whether {@link #close} was not called yet. */
  @Override
  public boolean isOpen() {
    return !registration.isClosed();
  }

  /** Closes the descriptor, once the calls under way have returned. Who waits gets an {@link java.nio.channels.AsynchronousCloseException}. Idempotent. */
  @Override
  public void close() {
    registration.close();
  }

  @Override
  public String toString() {
    return "fd " + registration.fd().number();
  }

  /** The future twin of an operation, whose waker the registration keeps. */
  private final class FdFuture<T extends @Nullable Object> extends ChannelFuture<T> {
    private final Direction direction;

    FdFuture(Direction direction, Operation<T> operation) {
      super(operation);
      this.direction = direction;
    }

    @Override
    protected void requireNotClosedWhileWaiting() throws IOException {
      AsyncFd.this.requireNotClosedWhileWaiting();
    }

    @Override
    protected void forget(Waker waker) {
      registration.forget(direction, waker);
    }

    @Override
    public String toString() {
      return direction + " of " + AsyncFd.this;
    }
  }
}
