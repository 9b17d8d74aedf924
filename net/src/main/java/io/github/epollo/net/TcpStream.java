package io.github.epollo.net;

import io.github.epollo.net.SocketHandle.Option;
import io.github.epollo.runtime.driver.Direction;
import io.github.epollo.runtime.driver.Registration;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.io.AsyncByteChannel;
import io.github.epollo.runtime.io.DescriptorChannel;
import io.github.epollo.runtime.io.DescriptorSide;
import io.github.epollo.runtime.loop.Loop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ScatteringByteChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection.
 *
 * {@snippet file="io/github/epollo/net/SnippetsTest.java" region="client"}
 *
 * <p><b>Blocking:</b> what waits parks the task, not its loop; on a plain thread it blocks that thread.
 *
 * <p><b>Cancellation:</b> a read that is cancelled, or stopped by a deadline, has lost nothing: what came is in the buffer, up to its position. A write may
 * have written a part: the buffer's position tells how much. Go on from there, or close the stream; never write the whole again.
 *
 * <p><b>Threading:</b> one task reads and one writes at a time; a second one gets an {@link IllegalStateException} if it would have to wait. Everything else may
 * be called from any thread, {@link #close} too.
 *
 * <p>Exceptions are those of {@code java.nio.channels}: {@link java.nio.channels.ClosedChannelException} after {@link #close}, {@link
 * java.nio.channels.AsynchronousCloseException} if another task closes the stream while this one waits, {@link java.net.SocketException} if the peer reset the
 * connection.
 */
public final class TcpStream
    implements
      AsyncByteChannel,
      ScatteringByteChannel,
      GatheringByteChannel,
      DescriptorChannel {
  private static final int MAX_LINGER_SECONDS = 65535;

  private final StreamSocket socket;
  private final SocketHandle handle;
  private final ReadHalf reader;
  private final WriteHalf writer;
  private final RawAddress remote;
  private volatile @Nullable RawAddress local;

  TcpStream(SocketHandle handle, Registration registration, RawAddress remote, @Nullable RawAddress local) {
    this.handle = handle;
    this.socket = new StreamSocket(handle, registration, this);
    this.reader = new ReadHalf(socket);
    this.writer = new WriteHalf(socket);
    this.remote = remote;
    this.local = local;
  }

  /**
   * Connects to {@code remote}; the stream belongs to the current loop.
   *
   * <p><b>Cancellation:</b> a connect that is cancelled, or stopped by a deadline, closes its socket.
   *
   * @throws UnknownHostException if {@code remote} is unresolved
   * @throws java.net.ConnectException if nobody listens there
   * @throws java.net.NoRouteToHostException if the host or its network cannot be reached
   * @throws java.net.SocketTimeoutException if the kernel gave up waiting for an answer
   * @throws IllegalArgumentException if {@code remote} is no Internet address
   * @throws IllegalStateException outside any runtime
   */
  public static TcpStream connect(SocketAddress remote) throws IOException {
    Connecting connecting = connecting(remote);
    try {
      return connecting.await();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** The future twin of {@link #connect}; it begins at the first poll. Closing it before it is ready closes the socket. */
  public static Future<TcpStream> connectAsync(SocketAddress remote) {
    try {
      return connecting(remote);
    } catch (UnknownHostException e) {
      return Future.failed(e);
    }
  }

  private static Connecting connecting(SocketAddress remote) throws UnknownHostException {
    Objects.requireNonNull(remote, "remote");
    if (!(remote instanceof InetSocketAddress address)) {
      throw new IllegalArgumentException("cannot connect to " + remote + ": TCP needs an InetSocketAddress");
    }
    if (address.isUnresolved()) {
      throw new UnknownHostException("cannot connect to " + address.getHostString() + ":" + address.getPort()
          + ": the host name was not resolved; check the name and the name service");
    }
    return new Connecting(RawAddress.of(address));
  }

  /**
   * Takes over a connected socket by its number: from here on the stream owns it and closes it.
   *
   * @throws IllegalArgumentException if {@code fd} is no connected TCP socket; it is left as it was, and still the caller's
   * @throws IllegalStateException outside any runtime
   */
  public static TcpStream adopt(int fd) throws IOException {
    return Adoption.stream(Loop.current(), fd);
  }

  /**
   * Takes over the connection of an open channel: the stream gets a duplicate of its socket, and the channel is closed, which the peer does not notice.
   *
   * <p>Needs the flag {@code --add-opens java.base/sun.nio.ch=ALL-UNNAMED} (on the module path {@code =io.github.epollo.net}).
   *
   * @throws IllegalArgumentException if the channel is closed, not connected, or registered with a selector; it is left as it was
   * @throws IllegalStateException if the flag is missing, or outside any runtime
   */
  public static TcpStream adopt(SocketChannel channel) throws IOException {
    return Adoption.stream(Loop.current(), channel);
  }

  /** The half that reads, for a task of its own; always the same object. */
  public ReadHalf reader() {
    return reader;
  }

  /** The half that writes, for a task of its own; always the same object. */
  public WriteHalf writer() {
    return writer;
  }

  /** See {@link ReadHalf#read(ByteBuffer)}. */
  @Override
  public int read(ByteBuffer target) throws IOException {
    return reader.read(target);
  }

  /** See {@link ReadHalf#readAsync(ByteBuffer)}. */
  @Override
  public Future<Integer> readAsync(ByteBuffer target) {
    return reader.readAsync(target);
  }

  /** See {@link ReadHalf#read(ByteBuffer[])}. */
  @Override
  public long read(ByteBuffer[] targets) throws IOException {
    return reader.read(targets);
  }

  /** See {@link ReadHalf#read(ByteBuffer[])}. */
  @Override
  public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
    return reader.read(targets, offset, length);
  }

  /** See {@link ReadHalf#readAsync(ByteBuffer...)}. */
  public Future<Long> readAsync(ByteBuffer... targets) {
    return reader.readAsync(targets);
  }

  /** See {@link ReadHalf#readFully}. */
  @Override
  public void readFully(ByteBuffer target) throws IOException {
    reader.readFully(target);
  }

  /** See {@link ReadHalf#readFullyAsync}. */
  @Override
  public Future<@Nullable Void> readFullyAsync(ByteBuffer target) {
    return reader.readFullyAsync(target);
  }

  /** See {@link ReadHalf#peek}. */
  public int peek(ByteBuffer target) throws IOException {
    return reader.peek(target);
  }

  /** See {@link ReadHalf#peekAsync}. */
  public Future<Integer> peekAsync(ByteBuffer target) {
    return reader.peekAsync(target);
  }

  /** See {@link ReadHalf#tryRead}. */
  public int tryRead(ByteBuffer target) throws IOException {
    return reader.tryRead(target);
  }

  /** See {@link ReadHalf#readable}. */
  public void readable() throws IOException {
    reader.readable();
  }

  /** See {@link ReadHalf#readableAsync}. */
  public Future<@Nullable Void> readableAsync() {
    return reader.readableAsync();
  }

  /** See {@link WriteHalf#write(ByteBuffer)}. */
  @Override
  public int write(ByteBuffer source) throws IOException {
    return writer.write(source);
  }

  /** See {@link WriteHalf#writeAsync(ByteBuffer)}. */
  @Override
  public Future<Integer> writeAsync(ByteBuffer source) {
    return writer.writeAsync(source);
  }

  /** See {@link WriteHalf#write(ByteBuffer[])}. */
  @Override
  public long write(ByteBuffer[] sources) throws IOException {
    return writer.write(sources);
  }

  /** See {@link WriteHalf#write(ByteBuffer[])}. */
  @Override
  public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    return writer.write(sources, offset, length);
  }

  /** See {@link WriteHalf#writeAsync(ByteBuffer...)}. */
  public Future<Long> writeAsync(ByteBuffer... sources) {
    return writer.writeAsync(sources);
  }

  /** See {@link WriteHalf#writeFully(ByteBuffer)}. */
  @Override
  public void writeFully(ByteBuffer source) throws IOException {
    writer.writeFully(source);
  }

  /** See {@link WriteHalf#writeFully(ByteBuffer...)}. */
  public void writeFully(ByteBuffer... sources) throws IOException {
    writer.writeFully(sources);
  }

  /** See {@link WriteHalf#writeFullyAsync(ByteBuffer)}. */
  @Override
  public Future<@Nullable Void> writeFullyAsync(ByteBuffer source) {
    return writer.writeFullyAsync(source);
  }

  /** See {@link WriteHalf#writeFullyAsync(ByteBuffer...)}. */
  public Future<@Nullable Void> writeFullyAsync(ByteBuffer... sources) {
    return writer.writeFullyAsync(sources);
  }

  /** See {@link WriteHalf#tryWrite}. */
  public int tryWrite(ByteBuffer source) throws IOException {
    return writer.tryWrite(source);
  }

  /** See {@link WriteHalf#writable}. */
  public void writable() throws IOException {
    writer.writable();
  }

  /** See {@link WriteHalf#writableAsync}. */
  public Future<@Nullable Void> writableAsync() {
    return writer.writableAsync();
  }

  /** The socket, for other modules' system calls, such as a sendfile(2) from a file. */
  @Override
  public DescriptorSide side(Direction direction) {
    return socket.side(direction);
  }

  /** Reads nothing more: the read that waits, and every one after, gets the end of the stream. Idempotent. */
  public void shutdownInput() throws IOException {
    socket.shutdownInput();
  }

  /** Writes nothing more: the peer reads the end of the stream after all that was written. Idempotent. */
  @Override
  public void shutdownOutput() throws IOException {
    socket.shutdownOutput();
  }

  /** Whether {@link #close} was not called, and the runtime is open. */
  @Override
  public boolean isOpen() {
    return socket.isOpen();
  }

  /**
   * Closes the connection. What was written is still delivered. A task that waits for the stream gets an {@link
   * java.nio.channels.AsynchronousCloseException}. Idempotent; does not wait.
   */
  @Override
  public void close() {
    socket.close();
  }

  /** Breaks the connection: unsent data is dropped, and the peer gets ECONNRESET. Does nothing if the stream is closed. */
  public void closeWithReset() {
    try {
      setLinger(Duration.ZERO);
    } catch (IOException e) {
      // closed already
    }
    socket.close();
  }

  /**
   * The address of this side.
   *
   * @throws java.nio.channels.ClosedChannelException if the stream is closed
   */
  public InetSocketAddress localAddress() throws IOException {
    socket.requireOpen();
    return localName().toInetSocketAddress();
  }

  private RawAddress localName() throws IOException {
    RawAddress known = local;
    if (known == null) {
      local = known = handle.localName();
    }
    return known;
  }

  /**
   * The address of the peer; known also after the peer has gone.
   *
   * @throws java.nio.channels.ClosedChannelException if the stream is closed
   */
  public InetSocketAddress remoteAddress() throws IOException {
    socket.requireOpen();
    return remote.toInetSocketAddress();
  }

  /** Sends small pieces at once (true), or collects them while data is unacknowledged (false, the default). */
  public void setNoDelay(boolean noDelay) throws IOException {
    handle.setOption(Option.TCP_NODELAY, noDelay ? 1 : 0);
  }

  /** See {@link #setNoDelay}. */
  public boolean noDelay() throws IOException {
    return handle.option(Option.TCP_NODELAY) != 0;
  }

  /** Probes an idle peer, with the machine's settings; or does not, the default. */
  public void setKeepAlive(boolean keepAlive) throws IOException {
    handle.setOption(Option.SO_KEEPALIVE, keepAlive ? 1 : 0);
  }

  /** Probes an idle peer, with these settings. */
  public void setKeepAlive(KeepAlive keepAlive) throws IOException {
    handle.setOption(Option.TCP_KEEPIDLE, (int) keepAlive.idle().toSeconds());
    handle.setOption(Option.TCP_KEEPINTVL, (int) keepAlive.interval().toSeconds());
    handle.setOption(Option.TCP_KEEPCNT, keepAlive.count());
    setKeepAlive(true);
  }

  /** The settings in force if an idle peer is probed. */
  public Optional<KeepAlive> keepAlive() throws IOException {
    if (handle.option(Option.SO_KEEPALIVE) == 0) {
      return Optional.empty();
    }
    return Optional.of(new KeepAlive(Duration.ofSeconds(handle.option(Option.TCP_KEEPIDLE)),
        Duration.ofSeconds(handle.option(Option.TCP_KEEPINTVL)), handle.option(Option.TCP_KEEPCNT)));
  }

  /**
   * How long unsent data may keep the connection after {@link #close}, before it is broken. {@code Duration.ZERO} makes closing break it at once, as {@link
   * #closeWithReset} does; null is the default: the kernel sends in the background, as long as it takes. Fractions of seconds are rounded up.
   *
   * <p>close(2) then waits for the peer, so a stream with a positive linger is closed by a thread of its own; {@link #close} does not wait.
   *
   * @throws IllegalArgumentException if {@code linger} is negative or longer than 65535 seconds
   */
  public void setLinger(@Nullable Duration linger) throws IOException {
    if (linger == null) {
      handle.setOption(Option.SO_LINGER, 0, 0);
      socket.setLingers(false);
      return;
    }
    long seconds = linger.getSeconds() + (linger.getNano() > 0 ? 1 : 0);
    if (linger.isNegative() || seconds > MAX_LINGER_SECONDS) {
      throw new IllegalArgumentException("linger must be 0 to " + MAX_LINGER_SECONDS + " seconds: " + linger);
    }
    handle.setOption(Option.SO_LINGER, 1, (int) seconds);
    socket.setLingers(seconds > 0);
  }

  /** See {@link #setLinger}; empty for the default. */
  public Optional<Duration> linger() throws IOException {
    int[] values = handle.options(Option.SO_LINGER, 2);
    return values[0] == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(values[1]));
  }

  /** Sets the size of the kernel's send buffer in bytes, which must be positive. The kernel doubles it, within its limits, and stops adapting it. */
  public void setSendBufferSize(int bytes) throws IOException {
    handle.setOption(Option.SO_SNDBUF, ListenOptions.requirePositive("send buffer size", bytes));
  }

  /** The size of the kernel's send buffer, in bytes. */
  public int sendBufferSize() throws IOException {
    return handle.option(Option.SO_SNDBUF);
  }

  /** Sets the size of the kernel's receive buffer in bytes, which must be positive. The kernel doubles it, within its limits, and stops adapting it. */
  public void setReceiveBufferSize(int bytes) throws IOException {
    handle.setOption(Option.SO_RCVBUF, ListenOptions.requirePositive("receive buffer size", bytes));
  }

  /** The size of the kernel's receive buffer, in bytes. */
  public int receiveBufferSize() throws IOException {
    return handle.option(Option.SO_RCVBUF);
  }

  /** As {@code TcpStream[127.0.0.1:5000 -> 127.0.0.1:80]}: this side, then the peer. */
  @Override
  public String toString() {
    String from;
    try {
      from = isOpen() ? localName().toString() : "closed";
    } catch (IOException e) {
      from = "closed";
    }
    return "TcpStream[" + from + " -> " + remote + "]";
  }
}
