package io.github.epollo.testkit.sim;

import io.github.epollo.runtime.kernel.Epoll;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.SocketAddresses;
import io.github.epollo.runtime.kernel.SocketFilter;
import io.github.epollo.runtime.kernel.Sockets;

/** A TCP socket: its names, its options, and the calls on it. Its connection is {@link Tcp}'s, its accept queue {@link Listening}'s. */
public final class SimSocket extends OpenFile {
  private static final int MIN_V6 = 24; // RFC 2133 had no scope id

  /*
   *   UNCONNECTED -> CONNECTING  // connect
   *   CONNECTING  -> CONNECTED   // another connect finds it connected
   *   CONNECTING  -> UNCONNECTED // another connect finds that it failed
   *   CONNECTING  -> DISCONNECTING // shutdown, once it has failed: nothing leads on from there
   *   an accepted socket begins CONNECTED
   */
  private enum Phase {
    UNCONNECTED, CONNECTING, CONNECTED, DISCONNECTING
  }

  private final SimHost host;
  private final int family;
  private final SocketOptions options;
  private final Listening listening = new Listening(this);
  private final Tcp tcp;
  private Phase phase = Phase.UNCONNECTED;
  private final LocalName name;

  SimSocket(SimHost host, int family, boolean nonBlocking) {
    this(host, family, nonBlocking, new SocketOptions());
  }

  private SimSocket(SimHost host, int family, boolean nonBlocking, SocketOptions options) {
    super(host.world(), nonBlocking);
    this.host = host;
    this.family = family;
    this.options = options;
    this.name = new LocalName(this);
    this.tcp = new Tcp(this);
  }

  SimHost host() {
    return host;
  }

  int family() {
    return family;
  }

  Tcp tcp() {
    return tcp;
  }

  Listening listening() {
    return listening;
  }

  LocalName name() {
    return name;
  }

  SimAddress local() {
    return name.address();
  }

  boolean isListening() {
    return tcp.state() == Tcp.State.LISTEN;
  }

  boolean isReuseAddress() {
    return options.isOn(Sockets.SO_REUSEADDR);
  }

  boolean isReusePort() {
    return options.isOn(Sockets.SO_REUSEPORT);
  }

  /** Whether it would take IPv4 connections if it were bound to {@code address}. */
  boolean takesV4(SimAddress address) {
    return address.isV4() || (address.isAny() && !options.isV6Only());
  }

  boolean takesV6(SimAddress address) {
    return !address.isV4();
  }

  /** SO_SNDBUF if it was set, else 0. */
  int sendBuffer() {
    return options.isSendBufferSet() ? options.get(Sockets.SOL_SOCKET, Sockets.SO_SNDBUF) : 0;
  }

  /** How much the other end may send before this one reads. */
  int receiveRoom() {
    return options.get(Sockets.SOL_SOCKET, Sockets.SO_RCVBUF) / 2;
  }

  // ---- names

  private int checkName(long address, int length) {
    if (length < (family == Sockets.AF_INET ? SocketAddresses.LENGTH_V4 : MIN_V6)) {
      return -Errno.EINVAL;
    }
    return SocketAddresses.family(address) == family ? 0 : -Errno.EAFNOSUPPORT;
  }

  /** bind(2). */
  public int bind(long address, int length) {
    int result = checkName(address, length);
    if (result < 0) {
      return result;
    }
    SimAddress wanted = SimAddress.read(address, family);
    if (!wanted.isAny() && !host.owns(wanted)) {
      return -Errno.EADDRNOTAVAIL;
    }
    if (name.hasPort() || tcp.state() != Tcp.State.CLOSE
        || (wanted.isV4() && family == Sockets.AF_INET6 && options.isV6Only())) {
      return -Errno.EINVAL;
    }
    return name.bind(wanted);
  }

  int writeName(SimAddress name, long address, long lengthAddress) {
    return name.write(family, address, lengthAddress);
  }

  /** getsockname(2). */
  public int getsockname(long address, long lengthAddress) {
    return writeName(local(), address, lengthAddress);
  }

  /** getpeername(2). */
  public int getpeername(long address, long lengthAddress) {
    return tcp.hasPeer() ? writeName(tcp.remote(), address, lengthAddress) : -Errno.ENOTCONN;
  }

  // ---- listening

  /** listen(2). */
  public int listen(int backlog) {
    if (phase != Phase.UNCONNECTED || (tcp.state() != Tcp.State.CLOSE && !isListening())) {
      return -Errno.EINVAL;
    }
    listening.backlog(backlog < 0 ? Sockets.SOMAXCONN : Math.min(backlog, Sockets.SOMAXCONN));
    if (isListening()) {
      return 0;
    }
    if (!name.hasPort()) {
      int result = name.takePort(local().withPort(0));
      if (result < 0) {
        return result;
      }
    } else if (!host.ports().isFree(this, local())) {
      return -Errno.EADDRINUSE;
    }
    tcp.listen();
    return 0;
  }

  /** 0, or why accept(2) cannot give a connection. */
  int acceptable() {
    if (!isListening()) {
      return -Errno.EINVAL;
    }
    return listening.isEmpty() ? wouldBlock(false) : 0;
  }

  SimSocket accept(boolean nonBlocking) {
    SimSocket connection = listening.poll();
    if (connection == null) {
      throw new IllegalStateException("nothing to accept on " + this);
    }
    connection.setStatusFlags(nonBlocking ? Sockets.SOCK_NONBLOCK : 0);
    return connection;
  }

  /** The socket of a connection that has come for {@code address}. */
  SimSocket child(SimAddress address) {
    SimSocket child = new SimSocket(host, family, true, options.copy());
    child.name.inherit(name, address);
    child.phase = Phase.CONNECTED;
    return child;
  }

  void stopListening() {
    for (SimSocket child = listening.poll(); child != null; child = listening.poll()) {
      child.discard();
    }
  }

  /** Nobody will accept this connection: it is reset. */
  void discard() {
    tcp.abandon(true);
  }

  // ---- connecting

  /** connect(2). */
  public int connect(long address, int length) {
    if (length < Short.BYTES) {
      return -Errno.EINVAL;
    }
    return switch (phase) {
      case CONNECTED -> -Errno.EISCONN;
      case DISCONNECTING -> -Errno.EINVAL;
      case CONNECTING -> connectAgain();
      case UNCONNECTED -> tcp.state() == Tcp.State.CLOSE ? connectFirst(address, length) : -Errno.EISCONN;
    };
  }

  private int connectAgain() {
    if (tcp.state() == Tcp.State.SYN_SENT || tcp.state() == Tcp.State.SYN_RECV) {
      return -Errno.EALREADY;
    }
    if (tcp.state() == Tcp.State.CLOSE) {
      int error = tcp.takeError();
      phase = Phase.UNCONNECTED;
      tcp.disconnect();
      return -(error == 0 ? Errno.ECONNABORTED : error);
    }
    phase = Phase.CONNECTED;
    return 0;
  }

  private int connectFirst(long address, int length) {
    int result = checkName(address, length);
    if (result < 0) {
      return result;
    }
    SimAddress target = SimAddress.read(address, family);
    if (target.isAny()) {
      target = target.loopback();
    }
    boolean v6 = !target.isV4();
    if ((v6 && !host.owns(target)) || (target.isV4() && family == Sockets.AF_INET6 && options.isV6Only())) {
      return -Errno.ENETUNREACH;
    }
    if (target.port() == 0) {
      return -Errno.ECONNREFUSED;
    }
    SimAddress source = local().isAny() ? host.sourceFor(target).withPort(local().port()) : local();
    result = name.connect(source, target);
    if (result < 0) {
      return result;
    }
    tcp.connectTo(target);
    phase = Phase.CONNECTING;
    new Connecting(this).ask();
    if (!isNonBlocking()) {
      throw new UnsupportedOperationException(
          "the simulated kernel has no blocking calls: open " + this + " with SOCK_NONBLOCK");
    }
    return -Errno.EINPROGRESS;
  }

  // ---- calls on a connection

  /** shutdown(2). */
  public int shutdown(int how) {
    if (how < Sockets.SHUT_RD || how > Sockets.SHUT_RDWR) {
      return -Errno.EINVAL;
    }
    if (phase == Phase.CONNECTING) {
      phase = tcp.hasPeer() ? Phase.CONNECTED : Phase.DISCONNECTING;
    }
    boolean pending = tcp.state() == Tcp.State.SYN_SENT;
    int result = tcp.shutdown(how + 1); // SHUT_RD, SHUT_WR and SHUT_RDWR are the bits minus one
    if (pending) {
      phase = Phase.UNCONNECTED;
    }
    return result;
  }

  /** send(2), sendmsg(2). */
  public long send(UserMemory source, int flags) {
    if ((flags & Sockets.MSG_OOB) != 0) {
      throw new UnsupportedOperationException("the simulated kernel has no urgent data (MSG_OOB)");
    }
    return tcp.send(source, (flags & Sockets.MSG_DONTWAIT) != 0);
  }

  /** recv(2), recvmsg(2). */
  public long receive(UserMemory target, int flags) {
    if ((flags & Sockets.MSG_OOB) != 0) {
      return -Errno.EINVAL;
    }
    return tcp.receive(target, (flags & Sockets.MSG_PEEK) != 0, (flags & Sockets.MSG_DONTWAIT) != 0);
  }

  // ---- options

  /** setsockopt(2). */
  public int setsockopt(int level, int option, long valueAddress, int valueLength) {
    if (level == Sockets.SOL_SOCKET && option == Sockets.SO_ATTACH_FILTER) {
      return attach(valueAddress, valueLength);
    }
    return options.set(family, name.hasPort(), level, option, valueAddress, valueLength);
  }

  /** Knows one filter only, and none for what is not a listener. */
  private int attach(long valueAddress, int valueLength) {
    if (valueLength != SocketFilter.SIZE) {
      return -Errno.EINVAL;
    }
    if (!isListening() || !SocketFilter.NO_NEW_CONNECTIONS.isAt(valueAddress)) {
      return -Errno.ENOPROTOOPT;
    }
    listening.refuse();
    return 0;
  }

  /** getsockopt(2). */
  public int getsockopt(int level, int option, long valueAddress, long lengthAddress) {
    Integer value = level != Sockets.SOL_SOCKET ? null : switch (option) {
      case Sockets.SO_ERROR -> Integer.valueOf(tcp.takeError());
      case Sockets.SO_TYPE -> Integer.valueOf(Sockets.SOCK_STREAM);
      case Sockets.SO_DOMAIN -> Integer.valueOf(family);
      case SocketOptions.SO_PROTOCOL -> Integer.valueOf(Sockets.IPPROTO_TCP);
      case Sockets.SO_ACCEPTCONN -> Integer.valueOf(isListening() ? 1 : 0);
      default -> null;
    };
    return value != null
        ? SocketOptions.answer(valueAddress, lengthAddress, value)
        : options.get(family, level, option, valueAddress, lengthAddress);
  }

  // ---- OpenFile

  @Override
  public int poll() {
    if (isListening()) {
      return listening.isEmpty() ? 0 : Epoll.IN;
    }
    return tcp.poll();
  }

  @Override
  public long read(UserMemory target) {
    return receive(target, 0);
  }

  @Override
  public long write(UserMemory source) {
    return send(source, 0);
  }

  @Override
  protected void released() {
    tcp.abandon(options.isLingerZero());
  }

  @Override
  public String toString() {
    return "socket " + tcp;
  }

  boolean isConnected() {
    return tcp.peerHost() != null;
  }
}
