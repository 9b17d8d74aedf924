package io.github.epollo.testkit;

import static io.github.epollo.runtime.kernel.Sockets.*;

import org.junit.jupiter.api.Test;

/** Sockets apart from their connections: creation, names, options, ports. */
class SocketContractTest extends KernelContract {
  SocketContractTest(Subject subject) {
    super(subject);
  }

  @Test
  void kindsOfSockets() {
    check(kernel.socket(AF_INET, SOCK_STREAM | 0x10, 0), "EINVAL");
    check(kernel.socket(AF_INET, SOCK_STREAM, IPPROTO_UDP), "EPROTONOSUPPORT");
    check(kernel.socket(99, SOCK_STREAM, 0), "EAFNOSUPPORT");
    int fd = calls.socket(Calls.V6);
    check(calls.get(fd, SOL_SOCKET, SO_DOMAIN, 1), "10");
    check(calls.get(fd, SOL_SOCKET, SO_TYPE, 1), "1");
    check(calls.get(fd, SOL_SOCKET, 38, 1), "6");
    check(calls.get(fd, SOL_SOCKET, SO_ACCEPTCONN, 1), "0");
    check(kernel.listen(fd, 1), "0");
    check(calls.get(fd, SOL_SOCKET, SO_ACCEPTCONN, 1), "1");
    check(calls.error(fd), "0");
  }

  @Test
  void whatIsSetComesBack() {
    int fd = calls.socket(Calls.V4);
    int[] switches = {SO_REUSEADDR, SO_REUSEPORT, SO_KEEPALIVE, SO_BROADCAST};
    for (int option : switches) {
      check(calls.get(fd, SOL_SOCKET, option, 1), "0");
      check(calls.set(fd, SOL_SOCKET, option, 7), "0");
      check(calls.get(fd, SOL_SOCKET, option, 1), "1");
      check(calls.set(fd, SOL_SOCKET, option, 0), "0");
      check(calls.get(fd, SOL_SOCKET, option, 1), "0");
    }
    check(calls.set(fd, IPPROTO_TCP, TCP_NODELAY, 5), "0");
    check(calls.get(fd, IPPROTO_TCP, TCP_NODELAY, 1), "1");
    check(calls.set(fd, SOL_SOCKET, SO_LINGER, 1, 5), "0");
    check(calls.get(fd, SOL_SOCKET, SO_LINGER, 2), "1,5");
    check(calls.set(fd, SOL_SOCKET, SO_LINGER, 0, 9), "0");
    check(calls.get(fd, SOL_SOCKET, SO_LINGER, 2), "0,5");
    check(calls.set(fd, SOL_SOCKET, SO_LINGER, 1), "EINVAL");
    check(calls.set(fd, SOL_SOCKET, SO_TYPE, 1), "ENOPROTOOPT");
    check(calls.set(fd, SOL_SOCKET, 9999, 1), "ENOPROTOOPT");
    check(calls.get(fd, SOL_SOCKET, 9999, 1), "ENOPROTOOPT");
    check(calls.set(fd, SOL_SOCKET, SO_KEEPALIVE), "EINVAL");
    check(calls.get(fd, SOL_SOCKET, SO_KEEPALIVE, -1), "EINVAL");
  }

  @Test
  void buffersAreDoubled_andHaveALeastSize() {
    int fd = calls.socket(Calls.V4);
    check(calls.set(fd, SOL_SOCKET, SO_SNDBUF, 10_000), "0");
    check(calls.get(fd, SOL_SOCKET, SO_SNDBUF, 1), "20000");
    check(calls.set(fd, SOL_SOCKET, SO_RCVBUF, 10_000), "0");
    check(calls.get(fd, SOL_SOCKET, SO_RCVBUF, 1), "20000");
    check(calls.set(fd, SOL_SOCKET, SO_SNDBUF, 1), "0");
    check(calls.get(fd, SOL_SOCKET, SO_SNDBUF, 1), "4608");
    check(calls.set(fd, SOL_SOCKET, SO_RCVBUF, 1), "0");
    check(calls.get(fd, SOL_SOCKET, SO_RCVBUF, 1), "2304");
  }

  @Test
  void keepAliveTimesHaveLimits() {
    int fd = calls.socket(Calls.V4);
    check(calls.set(fd, IPPROTO_TCP, TCP_KEEPIDLE, 60), "0");
    check(calls.get(fd, IPPROTO_TCP, TCP_KEEPIDLE, 1), "60");
    check(calls.set(fd, IPPROTO_TCP, TCP_KEEPIDLE, 0), "EINVAL");
    check(calls.set(fd, IPPROTO_TCP, TCP_KEEPIDLE, 32_768), "EINVAL");
    check(calls.set(fd, IPPROTO_TCP, TCP_KEEPINTVL, 10), "0");
    check(calls.get(fd, IPPROTO_TCP, TCP_KEEPINTVL, 1), "10");
    check(calls.set(fd, IPPROTO_TCP, TCP_KEEPCNT, 128), "EINVAL");
    check(calls.set(fd, IPPROTO_TCP, TCP_KEEPCNT, 127), "0");
    check(calls.get(fd, IPPROTO_TCP, TCP_KEEPCNT, 1), "127");
  }

  @Test
  void anAcceptedSocketHasItsListenersOptions() {
    int listener = listener(1);
    check(calls.set(listener, SOL_SOCKET, SO_KEEPALIVE, 1), "0");
    check(calls.set(listener, IPPROTO_TCP, TCP_NODELAY, 1), "0");
    Pair pair = connect(listener, calls.socket(Calls.V4));
    check(calls.get(pair.server(), SOL_SOCKET, SO_KEEPALIVE, 1), "1");
    check(calls.get(pair.server(), IPPROTO_TCP, TCP_NODELAY, 1), "1");
    check(calls.get(pair.client(), IPPROTO_TCP, TCP_NODELAY, 1), "0");
  }

  @Test
  void wrongNames() {
    int fd = calls.socket(Calls.V4);
    check(calls.bindTo(fd, Calls.V4, 0x7f00_0001, 0, 15), "EINVAL");
    check(calls.bindTo(fd, Calls.V6, 1, 0, 28), "EAFNOSUPPORT");
    check(calls.bindTo(fd, Calls.V4, 0xc000_0207, 0, 16), "EADDRNOTAVAIL"); // 192.0.2.7
    check(calls.connectTo(fd, Calls.V4, 0x7f00_0001, 9, 15), "EINVAL");
    check(calls.connectTo(fd, Calls.V4, 0x7f00_0001, 9, 1), "EINVAL");
    check(calls.connectTo(fd, Calls.V6, 1, 9, 28), "EAFNOSUPPORT");
    check(calls.bind(fd, Calls.V4, 0), "0");
    check(calls.bind(fd, Calls.V4, 0), "EINVAL");
    int v6 = calls.socket(Calls.V6);
    check(calls.bindTo(v6, Calls.V6, 1, 0, 23), "EINVAL");
    check(calls.bindTo(v6, Calls.V4, 1, 0, 28), "EAFNOSUPPORT");
    check(calls.connectTo(v6, Calls.V4, 1, 9, 28), "EAFNOSUPPORT");
  }

  @Test
  void namesBeforeAndAfter() {
    int fd = calls.socket(Calls.V4);
    check(calls.getsockname(fd), "0");
    check(calls.host() + " " + calls.port() + " " + calls.length(), "v4 0 0 16");
    check(calls.getpeername(fd), "ENOTCONN");
    int v6 = calls.socket(Calls.V6);
    check(calls.getsockname(v6), "0");
    check(calls.host() + " " + calls.port() + " " + calls.length(), "v6 0 0 0 28");
    Pair pair = pair();
    check(calls.getpeername(pair.client()), "0");
    check(calls.host() + " " + (calls.port() == calls.port(pair.listener())), "v4 7f000001 true");
    check(calls.getpeername(pair.server()), "0");
    int clientPort = calls.port();
    check(calls.port(pair.client()), Integer.toString(clientPort));
    check(calls.getpeername(pair.listener()), "ENOTCONN");
  }

  @Test
  void anAcceptedName_isCutOffWhereTheRoomEnds() {
    int listener = listener(1);
    int client = calls.socket(Calls.V4);
    check(calls.connect(client, Calls.V4, calls.port(listener)), "EINPROGRESS");
    soon(() -> levels(listener), "IN");
    check(Math.min(calls.acceptNamed(listener, 4), 1), "1");
    check(calls.length(), "16");
    int port = calls.port();
    check(port, Integer.toString(calls.port(client)));
  }

  @Test
  void aPortIsOnes_unlessBothShareIt() {
    int first = calls.socket(Calls.V4);
    check(calls.bind(first, Calls.V4, 0), "0");
    int port = calls.port(first);
    int second = calls.socket(Calls.V4);
    check(calls.bind(second, Calls.V4, port), "EADDRINUSE");
    check(calls.bindAny(second, Calls.V4, port), "EADDRINUSE");
    check(calls.bindTo(second, Calls.V4, 0x7f00_0002, port, 16), "0"); // another address
    int third = calls.socket(Calls.V4);
    check(calls.set(first, SOL_SOCKET, SO_REUSEADDR, 1), "0");
    check(calls.set(third, SOL_SOCKET, SO_REUSEADDR, 1), "0");
    check(calls.bind(third, Calls.V4, port), "0");
    check(kernel.listen(first, 1), "0");
    check(kernel.listen(third, 1), "EADDRINUSE");
    int fourth = calls.socket(Calls.V4);
    check(calls.set(fourth, SOL_SOCKET, SO_REUSEADDR, 1), "0");
    check(calls.bind(fourth, Calls.V4, port), "EADDRINUSE");
  }

  @Test
  void listenersShareAPort() {
    int first = calls.socket(Calls.V4);
    int second = calls.socket(Calls.V4);
    int third = calls.socket(Calls.V4);
    check(calls.set(first, SOL_SOCKET, SO_REUSEPORT, 1), "0");
    check(calls.set(second, SOL_SOCKET, SO_REUSEPORT, 1), "0");
    check(calls.bind(first, Calls.V4, 0), "0");
    check(kernel.listen(first, 1), "0");
    check(calls.bind(second, Calls.V4, calls.port(first)), "0");
    check(kernel.listen(second, 1), "0");
    check(calls.bind(third, Calls.V4, calls.port(first)), "EADDRINUSE");
  }

  @Test
  void aPortComesBackWithItsListener_orWithSoReuseAddr() {
    Pair pair = pair();
    int port = calls.port(pair.listener());
    check(calls.close(pair.listener()), "0");
    check(calls.close(pair.server()), "0"); // closes first: TIME_WAIT is at this end
    soon(() -> calls.recv(pair.client(), 1, 0), "''");
    check(calls.close(pair.client()), "0");
    int fd = calls.socket(Calls.V4);
    check(calls.bind(fd, Calls.V4, port), "EADDRINUSE");
    check(calls.set(fd, SOL_SOCKET, SO_REUSEADDR, 1), "0");
    check(calls.bind(fd, Calls.V4, port), "EADDRINUSE"); // who closed first had to share it, too
    int other = calls.socket(Calls.V4);
    check(calls.bind(other, Calls.V4, 0), "0");
    check(kernel.listen(other, 1), "0");
    port = calls.port(other);
    check(calls.close(other), "0");
    check(calls.bind(fd, Calls.V4, port), "0");
  }

  @Test
  void aPortInTimeWaitIsShared_byThoseWhoBothSaidSo() {
    Pair pair = pair();
    int port = calls.port(pair.listener());
    check(calls.set(pair.server(), SOL_SOCKET, SO_REUSEADDR, 1), "0");
    check(calls.close(pair.listener()), "0");
    check(calls.close(pair.server()), "0");
    soon(() -> calls.recv(pair.client(), 1, 0), "''");
    check(calls.close(pair.client()), "0");
    int fd = calls.socket(Calls.V4);
    check(calls.bind(fd, Calls.V4, port), "EADDRINUSE");
    check(calls.set(fd, SOL_SOCKET, SO_REUSEADDR, 1), "0");
    check(calls.bind(fd, Calls.V4, port), "0");
  }

  @Test
  void aDualListenerTakesBothFamilies() {
    int listener = calls.socket(Calls.V6);
    check(calls.set(listener, IPPROTO_IPV6, IPV6_V6ONLY, 0), "0");
    check(calls.bindAny(listener, Calls.V6, 0), "0");
    check(calls.set(listener, IPPROTO_IPV6, IPV6_V6ONLY, 1), "EINVAL");
    check(kernel.listen(listener, 5), "0");
    int port = calls.port(listener);
    Pair v4 = connect(listener, calls.socket(Calls.V4));
    check(calls.getpeername(v4.server()), "0");
    check(calls.host() + " " + calls.length(), "v6 0 ffff7f000001 28");
    int client = calls.socket(Calls.V6);
    check(calls.connect(client, Calls.V6, port), "EINPROGRESS");
    soon(() -> levels(listener), "IN");
    int server = calls.accept(listener);
    check(calls.getpeername(server), "0");
    check(calls.host(), "v6 0 1");
    check(calls.send(client, "six", 0), "3");
    soon(() -> calls.recv(server, 9, 0), "'six'");
    int v6only = calls.socket(Calls.V6);
    check(calls.set(v6only, IPPROTO_IPV6, IPV6_V6ONLY, 1), "0");
    check(calls.get(v6only, IPPROTO_IPV6, IPV6_V6ONLY, 1), "1");
    check(calls.bindAny(v6only, Calls.V6, 0), "0");
    check(kernel.listen(v6only, 5), "0");
    int refused = calls.socket(Calls.V4);
    check(calls.connect(refused, Calls.V4, calls.port(v6only)), "EINPROGRESS");
    soon(() -> calls.error(refused), "ECONNREFUSED");
    int v4only = calls.socket(Calls.V4);
    check(calls.bindAny(v4only, Calls.V4, calls.port(v6only)), "0");
    check(calls.set(calls.socket(Calls.V4), IPPROTO_IPV6, IPV6_V6ONLY, 1), "ENOPROTOOPT");
  }

  @Test
  void theWildcardAddressIsTheLoopbackAddress_toAConnect() {
    int listener = listener(5);
    int client = calls.socket(Calls.V4);
    check(calls.connectTo(client, Calls.V4, 0, calls.port(listener), 16), "EINPROGRESS");
    soon(() -> levels(listener), "IN");
    check(calls.getpeername(client), "0");
    check(calls.host(), "v4 7f000001");
  }
}
