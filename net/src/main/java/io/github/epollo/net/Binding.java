package io.github.epollo.net;

import io.github.epollo.net.SocketHandle.Option;
import io.github.epollo.runtime.driver.Interest;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.loop.Loop;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Makes a listener: socket, options, bind, listen, register; all or nothing. */
final class Binding {
  private Binding() {}

  static TcpListener bind(Loop loop, InetSocketAddress address, ListenOptions options) throws IOException {
    if (address.isUnresolved()) {
      throw new UnknownHostException("cannot bind to " + address.getHostString() + ":" + address.getPort()
          + ": the host name was not resolved; check the name and the name service");
    }
    AcceptBackoff backoff = AcceptBackoff.of(loop);
    if (!address.getAddress().isAnyLocalAddress()) {
      return listener(bound(loop, RawAddress.of(address), options), backoff, options);
    }
    SocketHandle socket;
    try {
      socket = bound(loop, RawAddress.wildcard(false, address.getPort()), options);
    } catch (NoIpv6Exception e) {
      socket = bound(loop, RawAddress.wildcard(true, address.getPort()), options);
    }
    return listener(socket, backoff, options);
  }

  private static SocketHandle bound(Loop loop, RawAddress address, ListenOptions options) throws IOException {
    boolean dual = address.equals(RawAddress.wildcard(false, address.port()));
    SocketHandle socket = open(loop, address, dual);
    boolean done = false;
    try {
      if (dual) {
        socket.setOption(Option.IPV6_V6ONLY, 0);
      }
      socket.setOption(Option.SO_REUSEADDR, options.reuseAddress() ? 1 : 0);
      if (options.reusePort()) {
        socket.setOption(Option.SO_REUSEPORT, 1);
      }
      if (options.receiveBufferSize() > 0) {
        socket.setOption(Option.SO_RCVBUF, options.receiveBufferSize());
      }
      int result = socket.bind(address);
      if (dual && result == -Errno.EADDRNOTAVAIL) {
        throw new NoIpv6Exception();
      }
      if (result < 0) {
        throw failed("bind", address, -result);
      }
      done = true;
      return socket;
    } finally {
      if (!done) {
        socket.fd().close();
      }
    }
  }

  private static SocketHandle open(Loop loop, RawAddress address, boolean dual) throws IOException {
    try {
      return SocketHandle.open(loop, address.family());
    } catch (IOException e) {
      if (dual && String.valueOf(e.getMessage()).contains(Errno.name(Errno.EAFNOSUPPORT))) {
        throw new NoIpv6Exception();
      }
      throw e;
    }
  }

  private static TcpListener listener(SocketHandle socket, AcceptBackoff backoff, ListenOptions options)
      throws IOException {
    boolean done = false;
    try {
      RawAddress local = socket.localName();
      int result = socket.listen(options.backlog());
      if (result < 0) {
        throw failed("listen", local, -result);
      }
      TcpListener listener = new TcpListener(socket, socket.register(Interest.READ), backoff, local);
      done = true;
      return listener;
    } finally {
      if (!done) {
        socket.fd().close();
      }
    }
  }

  private static IOException failed(String call, RawAddress address, int errno) {
    IOException e = Errno.toIOException(call, address.toString(), errno);
    String remedy = switch (errno) {
      case Errno.EADDRINUSE ->
        "another socket has the port: end its process, take another port or 0 for a free one, or share it with ListenOptions.withReusePort";
      case Errno.EADDRNOTAVAIL ->
        "this machine has no such address: bind to one of its own, or to the wildcard address";
      case Errno.EACCES -> "ports below 1024 need a privilege (CAP_NET_BIND_SERVICE): take another port";
      default -> "";
    };
    return remedy.isEmpty() ? e : new BindException(e.getMessage() + "; " + remedy);
  }

  /** This machine has no IPv6. */
  private static final class NoIpv6Exception extends IOException {
    private static final long serialVersionUID = 1L;
  }
}
