package io.github.epollo.net;

import io.github.epollo.runtime.driver.Direction;
import io.github.epollo.runtime.driver.Interest;
import io.github.epollo.runtime.driver.Registration;
import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.io.ClosedChannel;
import io.github.epollo.runtime.kernel.Clocks;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.Fd;
import io.github.epollo.runtime.kernel.SocketFilter;
import io.github.epollo.runtime.kernel.Sockets;
import io.github.epollo.runtime.loop.Loop;
import io.github.epollo.runtime.loop.OffLoop;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.channels.Channel;
import java.nio.channels.ServerSocketChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A TCP socket that accepts connections.
 *
 * {@snippet file="io/github/epollo/net/SnippetsTest.java" region="echo"}
 *
 * <p>What goes wrong with a single connection before it is accepted is that connection's business and is skipped. When file descriptors or memory run out, accepting
 * pauses, tries again every 50 ms, and goes on when there are some again; the connections wait in the backlog meanwhile.
 *
 * <p><b>Threading:</b> one task accepts at a time; a second one gets an {@link IllegalStateException} if it would have to wait. Everything else may be called from any
 * thread. Several loops can each accept for themselves ({@link #bindPerLoop}), or one accepts and hands connections to the others ({@link #acceptOn}).
 */
public final class TcpListener implements Channel {
  private static final System.Logger LOG = System.getLogger("io.github.epollo.net");
  private static final long LOG_INTERVAL_NANOS = 10_000_000_000L; // 10 s
  private static final long DRAIN_NANOS = 200_000_000; // 200 ms: the round trip of a handshake; less than the second after which a client asks again
  private static final int ACCEPT_FLAGS = Sockets.SOCK_NONBLOCK | Sockets.SOCK_CLOEXEC;

  private final SocketHandle handle;
  private final Registration registration;
  private final AcceptBackoff backoff;
  private final RawAddress local;

  // Of the one task that accepts; a next one comes after it in its own way.
  private boolean paused;
  private long pausedUntil;
  private boolean logged;
  private long loggedAt;
  private volatile @Nullable Waker acceptor; // for close() during a pause, and for drain()
  private volatile boolean draining;
  private long drainsUntil; // written before draining

  TcpListener(SocketHandle handle, Registration registration, AcceptBackoff backoff, RawAddress local) {
    this.handle = handle;
    this.registration = registration;
    this.backoff = backoff;
    this.local = local;
    registration.ownedBy(this);
  }

  /** Binds to {@code address} and listens, with {@link ListenOptions#defaults()}. */
  public static TcpListener bind(InetSocketAddress address) throws IOException {
    return bind(address, ListenOptions.defaults());
  }

  /**
   * Binds to {@code address} and listens; the listener belongs to the current loop. Does not wait.
   *
   * <p>The wildcard address takes IPv6 and IPv4 connections, where the machine has IPv6. Port 0 takes a free port: see {@link #localAddress}.
   *
   * @throws java.net.BindException if the port is in use or not allowed, or the address is none of this machine's
   * @throws java.net.UnknownHostException if {@code address} is unresolved
   * @throws IllegalStateException outside any runtime
   */
  public static TcpListener bind(InetSocketAddress address, ListenOptions options) throws IOException {
    return Binding.bind(Loop.current(), address, options);
  }

  /** As {@link #bindPerLoop(InetSocketAddress, ListenOptions)}, with {@link ListenOptions#defaults()}. */
  public static PerLoopListener bindPerLoop(InetSocketAddress address) throws IOException {
    return bindPerLoop(address, ListenOptions.defaults());
  }

  /**
   * Binds one listener for each loop of the current runtime to {@code address}, all or none. They share the port ({@code SO_REUSEPORT}), and the kernel spreads the connections over them.
   *
   * <p>Mind that another process of the same user can take its share of the port in the same way, such as a second server that was started by mistake.
   *
   * @throws java.net.BindException if the port is in use or not allowed, or the address is none of this machine's
   * @throws java.net.UnknownHostException if {@code address} is unresolved
   * @throws IllegalStateException outside any runtime
   */
  public static PerLoopListener bindPerLoop(InetSocketAddress address, ListenOptions options) throws IOException {
    return PerLoopListener.bind(Loop.current().group(), address, options.withReusePort(true));
  }

  /**
   * Takes over a listening socket by its number: from here on the listener owns it and closes it.
   *
   * @throws IllegalArgumentException if {@code fd} is no listening TCP socket; it is left as it was, and still the caller's
   * @throws IllegalStateException outside any runtime
   */
  public static TcpListener adopt(int fd) throws IOException {
    return Adoption.listener(Loop.current(), fd);
  }

  /**
   * Takes over the socket of an open channel, such as {@link System#inheritedChannel()}: the listener gets a duplicate of it, and the channel is closed. Connections that
   * wait in the backlog are not lost.
   *
   * <p>Needs the flag {@code --add-opens java.base/sun.nio.ch=ALL-UNNAMED} (on the module path {@code =io.github.epollo.net}).
   *
   * @throws IllegalArgumentException if the channel is closed, not bound, or registered with a selector; it is left as it was
   * @throws IllegalStateException if the flag is missing, or outside any runtime
   */
  public static TcpListener adopt(ServerSocketChannel channel) throws IOException {
    return Adoption.listener(Loop.current(), channel);
  }

  /**
   * Waits for a connection and accepts it. The stream belongs to the loop of the calling task.
   *
   * <p><b>Cancellation:</b> loses nothing: the connection stays in the backlog.
   *
   * @throws java.nio.channels.ClosedChannelException if the listener is closed
   * @throws java.nio.channels.AsynchronousCloseException if another task closes it meanwhile
   * @throws java.util.concurrent.CancellationException if the task is cancelled
   * @throws io.github.epollo.runtime.future.DeadlineExceededException if a deadline around the caller passes
   */
  public TcpStream accept() throws IOException {
    return acceptFor(null);
  }

  /**
   * As {@link #accept()}, but the stream belongs to {@code loop}: for the task that serves it there.
   *
   * {@snippet file="io/github/epollo/net/SnippetsTest.java" region="handOver"}
   */
  public TcpStream acceptOn(Loop loop) throws IOException {
    return acceptFor(Objects.requireNonNull(loop, "loop"));
  }

  private TcpStream acceptFor(@Nullable Loop loop) throws IOException {
    Awaiter awaiter = Awaiter.current();
    TcpStream stream;
    while ((stream = pollAccept(awaiter, loop)) == null) {
      park(awaiter);
    }
    return stream;
  }

  private void park(Awaiter awaiter) throws IOException {
    boolean parked = false;
    try {
      awaiter.park(this);
      parked = true;
    } finally {
      if (!parked) {
        forget(awaiter);
      }
    }
    requireNotClosedWhileWaiting();
  }

  /** The future twin of {@link #accept}. Closing it loses nothing: the connection stays in the backlog. */
  public Future<TcpStream> acceptAsync() {
    return new Accepting(this, null);
  }

  /** The future twin of {@link #acceptOn}. Closing it loses nothing: the connection stays in the backlog. */
  public Future<TcpStream> acceptOnAsync(Loop loop) {
    return new Accepting(this, Objects.requireNonNull(loop, "loop"));
  }

  /**
   * The connections as they come, for the for-each loop of a task; it ends when the listener is closed. What {@link #accept} throws as an {@code IOException} comes in an
   * {@link java.io.UncheckedIOException}.
   *
   * <p><b>Cancellation:</b> {@code hasNext} waits, and throws {@link java.util.concurrent.CancellationException}.
   */
  public Iterable<TcpStream> incoming() {
    return () -> new Incoming(this);
  }

  /** One attempt, for {@code loop} or else the current one; null after the waker was stored. */
  @Nullable
  TcpStream pollAccept(Waker waker, @Nullable Loop loop) throws IOException {
    acceptor = waker; // before draining is read; pairs with drain()
    while (Awaiter.proceed(waker)) {
      if (registration.isClosed()) {
        throw ClosedChannel.exception(this);
      }
      if (isPaused()) {
        backoff.pause(waker);
        if (!registration.isClosed()) { // else close() may have missed the waker
          return null;
        }
        continue;
      }
      if (!draining && !registration.pollReady(Direction.READ, waker)) {
        if (draining) { // since we looked: it may have missed the waker, or not
          registration.forget(Direction.READ, waker);
          continue;
        }
        return null;
      }
      int seen = registration.readiness();
      Accepted accepted = acceptOne();
      int result = accepted.number;
      if (result >= 0) {
        return register(accepted, loop);
      }
      if (result == -Errno.EAGAIN && draining) {
        closeOncePast(drainsUntil);
      } else if (result == -Errno.EAGAIN) {
        registration.wouldBlock(Direction.READ, seen);
      } else if (isShortage(-result)) {
        pause(-result);
      } else if (!isOfOneConnection(-result)) {
        throw Errno.toIOException("accept", toString(), -result);
      }
    }
    return null;
  }

  private record Accepted(int number, @Nullable RawAddress peer) {
    static final Accepted NOTHING = new Accepted(-Errno.EAGAIN, null);
  }

  private Accepted acceptOne() throws IOException {
    Fd fd = registration.fd();
    if (!fd.acquire()) {
      throw ClosedChannel.exception(this);
    }
    try {
      Scratch scratch = handle.scratches().take();
      try {
        int number = handle.kernel().accept4(fd.number(), scratch.name().address(),
            scratch.lengthAddress(Scratch.NAME_SIZE), ACCEPT_FLAGS);
        if (number == -Errno.EAGAIN) {
          return Accepted.NOTHING;
        }
        return new Accepted(number, number < 0 ? null : RawAddress.read(scratch.name()));
      } finally {
        handle.scratches().give(scratch);
      }
    } finally {
      fd.release();
    }
  }

  private TcpStream register(Accepted accepted, @Nullable Loop loop) throws IOException {
    Loop own = loop != null ? loop : Loop.currentOrNull();
    SocketHandle socket = SocketHandle.of(own == null ? handle.loop() : own, accepted.number);
    RawAddress peer = accepted.peer;
    if (peer == null) {
      socket.fd().close();
      throw new IllegalStateException("accepted a connection from nowhere");
    }
    return new TcpStream(socket, socket.register(Interest.READ_WRITE), peer, null);
  }

  private static boolean isShortage(int errno) {
    return switch (errno) {
      case Errno.EMFILE, Errno.ENFILE, Errno.ENOBUFS, Errno.ENOMEM -> true;
      default -> false;
    };
  }

  /** Errors that accept(2) passes on from the connection it would have accepted. */
  private static boolean isOfOneConnection(int errno) {
    return switch (errno) {
      case Errno.ECONNABORTED, Errno.EPROTO, Errno.ENETDOWN, Errno.ENOPROTOOPT, Errno.EHOSTDOWN, Errno.ENONET,
          Errno.EHOSTUNREACH, Errno.EOPNOTSUPP, Errno.ENETUNREACH ->
        true;
      default -> false;
    };
  }

  private boolean isPaused() {
    if (paused && now() - pausedUntil >= 0) {
      paused = false;
    }
    return paused;
  }

  private void closeOncePast(long end) {
    long now = now();
    if (now - end >= 0) {
      close();
    } else {
      pauseUntil(Math.min(end, now + AcceptBackoff.PAUSE_NANOS));
    }
  }

  private long now() {
    return handle.kernel().clockGettime(Clocks.MONOTONIC);
  }

  private void pauseUntil(long end) {
    paused = true;
    pausedUntil = end;
  }

  private void pause(int errno) {
    long now = now();
    pauseUntil(now + AcceptBackoff.PAUSE_NANOS);
    if (!logged || now - loggedAt >= LOG_INTERVAL_NANOS) {
      logged = true;
      loggedAt = now;
      warn(errno);
    }
  }

  private void warn(int errno) {
    try {
      String text = this + " pauses, its connections wait: " + Errno.toIOException("accept4", errno).getMessage();
      OffLoop.run(() -> LOG.log(Level.WARNING, text));
    } catch (Throwable t) {
      // A logger may need a file or a class itself, just when none can be opened; accepting must outlive that.
    }
  }

  void forget(Waker waker) {
    registration.forget(Direction.READ, waker);
    backoff.forget(waker);
  }

  void requireNotClosedWhileWaiting() throws IOException {
    if (registration.isClosed()) {
      throw ClosedChannel.whileWaiting(this);
    }
  }

  /** The loop that this is registered with. */
  public Loop loop() {
    return handle.loop();
  }

  /** The address that this listens at, with the port that the kernel chose if none was asked for. */
  public InetSocketAddress localAddress() throws IOException {
    if (registration.isClosed()) {
      throw ClosedChannel.exception(this);
    }
    return local.toInetSocketAddress();
  }

  /** Whether {@link #close} was not called, and the runtime is open. */
  @Override
  public boolean isOpen() {
    return !registration.isClosed();
  }

  /**
   * Stops listening in order: whoever accepts is given what has been queued, and what is queued within the next 200 ms, and then finds the listener closed. Does not wait; if nobody accepts, it stays open. Idempotent.
   *
   * <p>This is how one of several listeners of a port goes away under load. From here on the kernel drops new requests for a connection ({@code SO_ATTACH_FILTER}); a client asks again after a second, and comes
   * to another listener. A handshake that has begun is finished. What is lost still: a connection whose handshake takes longer than the 200 ms. Its client finds it reset, or, if it only
   * waits to read, and a packet was lost too, not at all. Where Linux has the setting {@code net.ipv4.tcp_migrate_req} (5.14) and it is on, those, too, go to the other listeners.
   *
   * <p>Where a sandbox refuses the filter, new connections are accepted until the end, and one that comes at that moment is reset.
   */
  public void drain() {
    if (draining) {
      return;
    }
    int _ = handle.attach(SocketFilter.NO_NEW_CONNECTIONS);
    drainsUntil = now() + DRAIN_NANOS;
    draining = true; // before acceptor is read; pairs with pollAccept()
    Waker waker = acceptor;
    if (waker != null) {
      waker.wake();
    }
  }

  /** Stops listening. Connections in the backlog are reset ({@link #drain} has them accepted first); those accepted go on. Idempotent; does not wait. */
  @Override
  public void close() {
    registration.close();
    Waker waker = acceptor;
    if (waker != null) {
      waker.wake(); // it may be in a pause
    }
  }

  @Override
  public String toString() {
    return "TcpListener[" + local + (isOpen() ? "]" : ", closed]");
  }
}
