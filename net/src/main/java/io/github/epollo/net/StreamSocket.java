package io.github.epollo.net;

import io.github.epollo.runtime.driver.Direction;
import io.github.epollo.runtime.driver.Registration;
import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.io.ClosedChannel;
import io.github.epollo.runtime.io.DescriptorSide;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.Fd;
import io.github.epollo.runtime.kernel.Sockets;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A connected stream socket in a driver: every operation that may wait, once for the direct and the future style. Each answers {@link #PENDING} after
 * it has stored the waker.
 *
 * <p><b>Threading:</b> one task at a time may read and one may write; the rest may be called from any thread.
 */
final class StreamSocket {
  /** Not yet: the waker was stored. Below every answer of a read, whose least is -1. */
  static final int PENDING = -2;

  /*
   * shut: which directions were shut down on this side, and whether the half that stands for it was closed. Bits are only ever added.
   */
  private static final int INPUT = 1;
  private static final int OUTPUT = 1 << 1;
  private static final int READER_CLOSED = 1 << 2;
  private static final int WRITER_CLOSED = 1 << 3;

  private static final VarHandle SHUT;

  static {
    try {
      SHUT = MethodHandles.lookup().findVarHandle(StreamSocket.class, "shut", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final SocketHandle handle;
  final Registration registration;
  private final Object owner;
  private volatile int shut;
  private volatile boolean lingers;

  /** {@code owner} is what messages call the socket, and what closes it. */
  StreamSocket(SocketHandle handle, Registration registration, Object owner) {
    this.handle = handle;
    this.registration = registration;
    this.owner = owner;
    registration.ownedBy(owner);
  }

  /**
   * Reads at most {@code target.remaining()} bytes.
   *
   * @param waker null if nobody waits
   * @param flags 0, or {@link Sockets#MSG_PEEK}
   * @return how many; -1 at the end of the stream; or {@link #PENDING}
   */
  int pollRead(@Nullable Waker waker, ByteBuffer target, int flags) throws IOException {
    Buffers.requireWritable(target);
    if (!mayReceive()) {
      return -1;
    }
    if (!target.hasRemaining()) {
      return 0;
    }
    if (waker != null && !Awaiter.proceed(waker)) {
      return PENDING;
    }
    long address = Buffers.addressToFill(target);
    int asked = address != 0 ? target.remaining() : Math.min(target.remaining(), Scratch.DATA_SIZE);
    while (isReady(Direction.READ, waker)) {
      int seen = registration.readiness();
      int n = address != 0 ? receive(target, address, asked, flags) : receiveCopied(target, asked, flags);
      if (n == -Errno.EAGAIN) {
        registration.wouldBlock(Direction.READ, seen);
        continue;
      }
      if (n < 0) {
        throw failed("recv", n);
      }
      if (n < asked && flags == 0) {
        registration.shortRead(seen);
      }
      return n == 0 ? -1 : n;
    }
    return PENDING;
  }

  /**
   * Writes some of {@code source}.
   *
   * @param waker null if nobody waits
   * @return how many bytes, or {@link #PENDING}
   */
  int pollWrite(@Nullable Waker waker, ByteBuffer source) throws IOException {
    requireMaySend();
    if (!source.hasRemaining()) {
      return 0;
    }
    if (waker != null && !Awaiter.proceed(waker)) {
      return PENDING;
    }
    long address = Buffers.addressToSend(source);
    while (isReady(Direction.WRITE, waker)) {
      int seen = registration.readiness();
      int n = address != 0 ? send(source, address) : sendCopied(source);
      if (n == -Errno.EAGAIN) {
        registration.wouldBlock(Direction.WRITE, seen);
        continue;
      }
      if (n < 0) {
        throw failed("send", n);
      }
      return n;
    }
    return PENDING;
  }

  /** As {@link #pollRead}, into several buffers. */
  long pollRead(Waker waker, ByteBuffer[] targets, int offset, int length) throws IOException {
    Buffers.requireWritable(targets, offset, length);
    if (!mayReceive()) {
      return -1;
    }
    if (!Buffers.hasRemaining(targets, offset, length)) {
      return 0;
    }
    if (!Awaiter.proceed(waker)) {
      return PENDING;
    }
    while (registration.pollReady(Direction.READ, waker)) {
      int seen = registration.readiness();
      Fd fd = acquire();
      Scratch scratch = handle.scratches().take();
      long asked;
      long n;
      try {
        asked = Buffers.prepare(scratch, targets, offset, length, false);
        n = handle.kernel().recvmsg(fd.number(), scratch.header().address(), 0);
        Buffers.scatter(scratch, n, targets, offset, length);
      } finally {
        handle.scratches().give(scratch);
        fd.release();
        Reference.reachabilityFence(targets);
      }
      if (n == -Errno.EAGAIN) {
        registration.wouldBlock(Direction.READ, seen);
        continue;
      }
      if (n < 0) {
        throw failed("recvmsg", (int) n);
      }
      if (n < asked) {
        registration.shortRead(seen);
      }
      return n == 0 ? -1 : n;
    }
    return PENDING;
  }

  /** As {@link #pollWrite}, from several buffers. */
  long pollWrite(Waker waker, ByteBuffer[] sources, int offset, int length) throws IOException {
    requireMaySend();
    if (!Buffers.hasRemaining(sources, offset, length)) {
      return 0;
    }
    if (!Awaiter.proceed(waker)) {
      return PENDING;
    }
    while (registration.pollReady(Direction.WRITE, waker)) {
      int seen = registration.readiness();
      Fd fd = acquire();
      Scratch scratch = handle.scratches().take();
      long n;
      try {
        long _ = Buffers.prepare(scratch, sources, offset, length, true);
        n = handle.kernel().sendmsg(fd.number(), scratch.header().address(), Sockets.MSG_NOSIGNAL);
        Buffers.advance(n, sources, offset, length);
      } finally {
        handle.scratches().give(scratch);
        fd.release();
        Reference.reachabilityFence(sources);
      }
      if (n == -Errno.EAGAIN) {
        registration.wouldBlock(Direction.WRITE, seen);
        continue;
      }
      if (n < 0) {
        throw failed("sendmsg", (int) n);
      }
      return n;
    }
    return PENDING;
  }

  private boolean isReady(Direction direction, @Nullable Waker waker) {
    return waker == null ? registration.isReady(direction) : registration.pollReady(direction, waker);
  }

  /** Whether an attempt in {@code direction} may do something; if not, the waker was stored. */
  boolean pollReady(Direction direction, Waker waker) throws IOException {
    boolean may = direction == Direction.READ ? mayReceive() : maySend();
    return !may || (Awaiter.proceed(waker) && registration.pollReady(direction, waker));
  }

  /** Waits until an attempt in {@code direction} may do something; {@code awaited} says what for. */
  void awaitReady(Direction direction, Object awaited) throws IOException {
    Awaiter awaiter = Awaiter.current();
    while (!pollReady(direction, awaiter)) {
      park(direction, awaiter, awaited);
    }
  }

  @SuppressWarnings("NullAway") // it loses the @Nullable of a lambda's result
  Future<@Nullable Void> readyFuture(Direction direction, String name) {
    return new SocketFuture<@Nullable Void>(this, direction, name,
        waker -> pollReady(direction, waker) ? Poll.ready(null) : Poll.pending());
  }

  /** For calls of other modules on the socket. */
  DescriptorSide side(Direction direction) {
    return new DescriptorSide(registration, direction, owner,
        direction == Direction.READ ? this::mayReceive : this::maySend);
  }

  private int receive(ByteBuffer target, long address, int asked, int flags) throws IOException {
    Fd fd = acquire();
    int n;
    try {
      n = (int) handle.kernel().recv(fd.number(), address, asked, flags);
    } finally {
      fd.release();
      Reference.reachabilityFence(target);
    }
    if (n > 0) {
      target.position(target.position() + n);
    }
    return n;
  }

  private int receiveCopied(ByteBuffer target, int asked, int flags) throws IOException {
    Buffers.requireAccessible(target);
    Fd fd = acquire();
    Scratch scratch = handle.scratches().take();
    try {
      int n = (int) handle.kernel().recv(fd.number(), scratch.dataAddress(), asked, flags);
      if (n > 0) {
        target.put(target.position(), scratch.data(), 0, n);
        target.position(target.position() + n);
      }
      return n;
    } finally {
      handle.scratches().give(scratch);
      fd.release();
    }
  }

  private int send(ByteBuffer source, long address) throws IOException {
    Fd fd = acquire();
    int n;
    try {
      n = (int) handle.kernel().send(fd.number(), address, source.remaining(), Sockets.MSG_NOSIGNAL);
    } finally {
      fd.release();
      Reference.reachabilityFence(source);
    }
    if (n > 0) {
      source.position(source.position() + n);
    }
    return n;
  }

  private int sendCopied(ByteBuffer source) throws IOException {
    int length = Math.min(source.remaining(), Scratch.DATA_SIZE);
    Fd fd = acquire();
    Scratch scratch = handle.scratches().take();
    try {
      scratch.data().put(0, source, source.position(), length);
      int n = (int) handle.kernel().send(fd.number(), scratch.dataAddress(), length, Sockets.MSG_NOSIGNAL);
      if (n > 0) {
        source.position(source.position() + n);
      }
      return n;
    } finally {
      handle.scratches().give(scratch);
      fd.release();
    }
  }

  private Fd acquire() throws IOException {
    Fd fd = registration.fd();
    if (!fd.acquire()) {
      throw ClosedChannel.exception(owner);
    }
    return fd;
  }

  private IOException failed(String call, int result) {
    return Errno.toIOException(call, owner.toString(), -result);
  }

  /** Whether reading can give anything but the end of the stream. */
  private boolean mayReceive() throws IOException {
    requireOpen();
    return (shut & INPUT) == 0;
  }

  private boolean maySend() throws IOException {
    requireMaySend();
    return true;
  }

  private void requireMaySend() throws IOException {
    requireOpen();
    if ((shut & OUTPUT) != 0) {
      throw ClosedChannel.outputShutDown(owner);
    }
  }

  void requireOpen() throws IOException {
    if (registration.isClosed()) {
      throw ClosedChannel.exception(owner);
    }
  }

  /** Waits, after an operation answered pending; {@code awaited} says what for. */
  void park(Direction direction, Awaiter awaiter, Object awaited) throws IOException {
    boolean parked = false;
    try {
      awaiter.park(awaited);
      parked = true;
    } finally {
      if (!parked) {
        registration.forget(direction, awaiter);
      }
    }
    requireNotClosedWhileWaiting();
  }

  /** For an operation that has answered pending before. */
  void requireNotClosedWhileWaiting() throws IOException {
    if (registration.isClosed()) {
      throw ClosedChannel.whileWaiting(owner);
    }
  }

  /** Shuts the input down: reads give -1 from now on, also the one that waits. Idempotent. */
  void shutdownInput() throws IOException {
    shutdown(INPUT, Sockets.SHUT_RD);
  }

  /** Shuts the output down: the peer reads the end of the stream after the bytes written so far. Idempotent. */
  void shutdownOutput() throws IOException {
    shutdown(OUTPUT, Sockets.SHUT_WR);
  }

  private void shutdown(int bit, int how) throws IOException {
    requireOpen();
    if (((int) SHUT.getAndBitwiseOr(this, bit) & bit) != 0) {
      return;
    }
    int result = handle.shutdown(how);
    if (result < 0 && result != -Errno.ENOTCONN) { // the peer has reset the connection: it is shut down already
      requireOpen();
      throw failed("shutdown", result);
    }
  }

  /** Ends reading; closes the socket if writing was ended so, too. */
  void closeReader() throws IOException {
    closeHalf(INPUT, Sockets.SHUT_RD, READER_CLOSED, WRITER_CLOSED);
  }

  /** Ends writing; closes the socket if reading was ended so, too. */
  void closeWriter() throws IOException {
    closeHalf(OUTPUT, Sockets.SHUT_WR, WRITER_CLOSED, READER_CLOSED);
  }

  private void closeHalf(int bit, int how, int mine, int other) throws IOException {
    int before = (int) SHUT.getAndBitwiseOr(this, mine);
    if ((before & mine) != 0 || registration.isClosed()) {
      return;
    }
    if ((before & other) != 0) {
      close();
    } else {
      shutdown(bit, how);
    }
  }

  boolean isReaderOpen() {
    return !registration.isClosed() && (shut & READER_CLOSED) == 0;
  }

  boolean isWriterOpen() {
    return !registration.isClosed() && (shut & WRITER_CLOSED) == 0;
  }

  boolean isOpen() {
    return !registration.isClosed();
  }

  /** Notes whether close(2) will wait for unsent data, which it does even on a socket that does not block. */
  void setLingers(boolean lingers) {
    this.lingers = lingers;
  }

  void close() {
    Fd fd = registration.fd();
    if (lingers && fd.acquire()) {
      registration.close();
      Thread.ofPlatform().daemon().name("epollo-linger").start(fd::release); // the last release closes
    } else {
      registration.close();
    }
  }

  @Override
  public String toString() {
    return owner.toString();
  }
}
