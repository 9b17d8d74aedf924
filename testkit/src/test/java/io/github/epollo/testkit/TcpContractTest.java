package io.github.epollo.testkit;

import static io.github.epollo.runtime.kernel.Epoll.CTL_ADD;
import static io.github.epollo.runtime.kernel.Epoll.ET;
import static io.github.epollo.runtime.kernel.Epoll.IN;
import static io.github.epollo.runtime.kernel.Epoll.OUT;
import static io.github.epollo.runtime.kernel.Epoll.RDHUP;
import static io.github.epollo.runtime.kernel.Sockets.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.kernel.SocketFilter;
import org.junit.jupiter.api.Test;

/** Connections: what calls answer, and what epoll reports, in each state (hazard 32). */
class TcpContractTest extends KernelContract {
  TcpContractTest(Subject subject) {
    super(subject);
  }

  private void level(int fd, String expected) {
    soon(() -> levels(fd), expected);
  }

  private void linger(int fd) {
    check(calls.set(fd, SOL_SOCKET, SO_LINGER, 1, 0), "0");
  }

  private int closedPort() {
    int fd = calls.socket(Calls.V4);
    check(calls.bind(fd, Calls.V4, 0), "0");
    return calls.port(fd); // bound and not listening, so nobody else gets it
  }

  @Test
  void anIdleSocket() {
    int fd = calls.socket(Calls.V4);
    level(fd, "OUT|HUP");
    check(calls.send(fd, "x", 0), "EPIPE");
    check(calls.recv(fd, 1, 0), "ENOTCONN");
    check(calls.accept(fd), "EINVAL");
    check(kernel.shutdown(fd, SHUT_WR), "ENOTCONN");
    check(kernel.shutdown(fd, 3), "EINVAL");
  }

  @Test
  void aListener() {
    int fd = listener(1);
    level(fd, "");
    check(calls.send(fd, "x", 0), "EPIPE");
    check(calls.recv(fd, 1, 0), "ENOTCONN");
    check(calls.accept(fd), "EAGAIN");
    check(calls.connect(fd, Calls.V4, 9), "EISCONN");
    check(kernel.listen(fd, 7), "0");
    check(kernel.accept4(fd, 0, 0, 1), "EINVAL");
    check(kernel.shutdown(fd, SHUT_RD), "0");
    level(fd, "OUT|HUP");
    check(calls.accept(fd), "EINVAL");
  }

  /** Hazard 9. */
  @Test
  void aListenerWithAFilterForRequests() {
    Pair old = pair();
    int fd = old.listener();
    int queued = calls.socket(Calls.V4);
    check(calls.connect(queued, Calls.V4, calls.port(fd)), "EINPROGRESS");
    soon(() -> levels(fd), "IN");
    check(calls.filterRequests(fd, SocketFilter.SIZE - 1), "EINVAL");
    check(calls.filterRequests(fd, SocketFilter.SIZE), "0");
    int late = calls.socket(Calls.V4);
    check(calls.connect(late, Calls.V4, calls.port(fd)), "EINPROGRESS");
    assertThat(calls.accept(fd)).isPositive();
    check(calls.accept(fd), "EAGAIN");
    check(calls.getpeername(late), "ENOTCONN");
    level(late, "");
    check(calls.send(old.client(), "old", 0), "3");
    soon(() -> calls.recv(old.server(), 9, 0), "'old'");
    check(calls.close(fd), "0");
    level(queued, "OUT");
  }

  @Test
  void aConnect() {
    int listener = listener(1);
    int fd = calls.socket(Calls.V4);
    check(calls.connect(fd, Calls.V4, calls.port(listener)), "EINPROGRESS");
    level(fd, "OUT");
    check(calls.error(fd), "0");
    check(calls.connect(fd, Calls.V4, calls.port(listener)), "0");
    check(calls.connect(fd, Calls.V4, calls.port(listener)), "EISCONN");
    check(kernel.listen(fd, 1), "EINVAL");
    check(calls.bind(fd, Calls.V4, 0), "EINVAL");
  }

  @Test
  void aConnectThatIsRefused() {
    int fd = calls.socket(Calls.V4);
    int port = closedPort();
    check(calls.connect(fd, Calls.V4, port), "EINPROGRESS");
    level(fd, "IN|OUT|ERR|HUP|RDHUP");
    check(calls.getpeername(fd), "ENOTCONN");
    check(calls.connect(fd, Calls.V4, port), "ECONNREFUSED");
    check(calls.connect(fd, Calls.V4, port), "EINPROGRESS");
    soon(() -> calls.error(fd), "ECONNREFUSED");
    check(calls.error(fd), "0");
    level(fd, "IN|OUT|HUP|RDHUP");
    check(calls.connect(fd, Calls.V4, port), "ECONNABORTED");
  }

  /** Hazard 34. */
  @Test
  void aSocketIsConnectedToItself() {
    int fd = calls.socket(Calls.V4);
    check(calls.bind(fd, Calls.V4, 0), "0");
    int port = calls.port(fd);
    check(calls.connect(fd, Calls.V4, port), "EINPROGRESS");
    level(fd, "OUT");
    check(calls.getpeername(fd), "0");
    check(calls.port(), Integer.toString(port));
    check(calls.send(fd, "me", 0), "2");
    soon(() -> calls.recv(fd, 9, 0), "'me'");
  }

  @Test
  void bytesAndTheirPieces() {
    Pair p = pair();
    check(calls.send(p.client(), "abcdef", 0), "6");
    soon(() -> calls.recv(p.server(), 3, MSG_PEEK), "'abc'");
    check(calls.recv(p.server(), 2, 0), "'ab'");
    check(calls.read(p.server(), 9), "'cdef'");
    check(calls.recv(p.server(), 9, 0), "EAGAIN");
    check(calls.recv(p.server(), 0, 0), "EAGAIN");
    check(calls.writev(p.server(), "hello, you", 5, 0, 5), "10");
    soon(() -> calls.readv(p.client(), 3, 1, 20), "'hello, you'");
    check(calls.sendmsg(p.server(), "again", 1, 4), "5");
    soon(() -> calls.recvmsg(p.client(), MSG_PEEK, 2), "'ag' 0 0");
    soon(() -> calls.recvmsg(p.client(), 0, 2, 9), "'again' 0 0");
    check(calls.send(p.client(), "", 0), "0");
    check(calls.write(p.client(), "x"), "1");
    soon(() -> calls.recv(p.server(), 0, 0), "''");
    check(calls.recv(p.server(), 9, MSG_DONTWAIT), "'x'");
    check(kernel.readv(p.server(), 0, 1025), "EINVAL");
    check(kernel.writev(p.server(), 0, -1), "EINVAL");
  }

  @Test
  void anEndAfterData() {
    Pair p = pair();
    check(calls.send(p.client(), "last", 0), "4");
    check(kernel.shutdown(p.client(), SHUT_WR), "0");
    level(p.server(), "IN|OUT|RDHUP");
    level(p.client(), "OUT");
    check(calls.send(p.client(), "x", 0), "EPIPE");
    check(calls.recv(p.server(), 9, 0), "'last'");
    check(calls.recv(p.server(), 9, 0), "''");
    check(calls.recv(p.server(), 9, 0), "''");
    check(calls.send(p.server(), "answer", 0), "6");
    soon(() -> calls.recv(p.client(), 9, 0), "'answer'");
    check(calls.recv(p.client(), 9, 0), "EAGAIN");
    check(kernel.shutdown(p.server(), SHUT_WR), "0");
    level(p.client(), "IN|OUT|HUP|RDHUP");
    level(p.server(), "IN|OUT|HUP|RDHUP");
    check(calls.recv(p.client(), 9, 0), "''");
    soon(() -> Calls.text(calls.getpeername(p.server())), "ENOTCONN");
    check(kernel.shutdown(p.server(), SHUT_WR), "ENOTCONN");
  }

  @Test
  void aShutInput_stillGivesWhatComes() {
    Pair p = pair();
    check(kernel.shutdown(p.server(), SHUT_RD), "0");
    level(p.server(), "IN|OUT|RDHUP");
    check(calls.recv(p.server(), 9, 0), "''");
    check(calls.send(p.client(), "late", 0), "4");
    soon(() -> calls.recv(p.server(), 9, 0), "'late'");
    check(calls.recv(p.server(), 9, 0), "''");
  }

  @Test
  void dataForBothDirectionsShut_resets() {
    Pair p = pair();
    check(kernel.shutdown(p.server(), SHUT_RDWR), "0");
    level(p.server(), "IN|OUT|HUP|RDHUP");
    level(p.client(), "IN|OUT|RDHUP");
    check(calls.send(p.client(), "late", 0), "4");
    level(p.client(), "IN|OUT|ERR|HUP|RDHUP");
    check(calls.error(p.client()), "EPIPE");
    check(calls.recv(p.client(), 9, 0), "''");
    check(calls.error(p.server()), "ECONNRESET");
  }

  @Test
  void aReset() {
    Pair p = pair();
    check(calls.send(p.client(), "kept", 0), "4");
    linger(p.client());
    check(calls.close(p.client()), "0");
    level(p.server(), "IN|OUT|ERR|HUP|RDHUP");
    check(calls.recv(p.server(), 9, 0), "'kept'"); // what came before the reset
    check(calls.recv(p.server(), 9, 0), "ECONNRESET");
    check(calls.recv(p.server(), 9, 0), "''");
    check(calls.send(p.server(), "x", 0), "EPIPE");
    check(calls.error(p.server()), "0");
  }

  @Test
  void aSendAfterAReset_hasTheErrorOnce() {
    Pair p = pair();
    linger(p.client());
    check(calls.close(p.client()), "0");
    level(p.server(), "IN|OUT|ERR|HUP|RDHUP");
    check(calls.send(p.server(), "x", 0), "ECONNRESET");
    check(calls.send(p.server(), "x", 0), "EPIPE");
    level(p.server(), "IN|OUT|HUP|RDHUP");
  }

  @Test
  void unreadDataMakesAClose_aReset() {
    Pair p = pair();
    check(calls.send(p.client(), "unread", 0), "6");
    level(p.server(), "IN|OUT");
    check(calls.close(p.server()), "0");
    level(p.client(), "IN|OUT|ERR|HUP|RDHUP");
    check(calls.recv(p.client(), 9, 0), "ECONNRESET");
  }

  @Test
  void aCloseIsNoReset_andASendToItGetsOne() {
    Pair p = pair();
    check(calls.close(p.server()), "0");
    level(p.client(), "IN|OUT|RDHUP");
    check(calls.recv(p.client(), 9, 0), "''");
    check(calls.send(p.client(), "x", 0), "1");
    level(p.client(), "IN|OUT|ERR|HUP|RDHUP");
    check(calls.send(p.client(), "x", 0), "EPIPE");
  }

  @Test
  void theBacklogIsLimited_andTheRestComesLater() {
    int listener = listener(1);
    int port = calls.port(listener);
    int[] clients = new int[3];
    for (int i = 0; i < 3; i++) {
      clients[i] = calls.socket(Calls.V4);
      check(calls.connect(clients[i], Calls.V4, port), "EINPROGRESS");
    }
    level(clients[0], "OUT");
    level(clients[1], "OUT");
    check(levels(clients[2]), "");
    check(calls.connect(clients[2], Calls.V4, port), "EALREADY");
    check(calls.send(clients[2], "x", 0), "EAGAIN");
    check(calls.recv(clients[2], 1, 0), "EAGAIN");
    check(calls.getpeername(clients[2]), "ENOTCONN");
    assertThat(calls.accept(listener)).isPositive();
    int epoll = calls.epoll();
    check(calls.control(epoll, CTL_ADD, clients[2], OUT, 1), "0");
    check(calls.waitText(epoll, 1, 3_000), "1:OUT"); // after the first retry, 1 s
  }

  @Test
  void aClosedListenerResetsWhoWaits() {
    int listener = listener(5);
    int client = calls.socket(Calls.V4);
    check(calls.connect(client, Calls.V4, calls.port(listener)), "EINPROGRESS");
    level(client, "OUT");
    check(calls.close(listener), "0");
    level(client, "IN|OUT|ERR|HUP|RDHUP");
    check(calls.error(client), "ECONNRESET");
  }

  @Test
  void aConnectionThatWasResetInTheQueue_isAccepted() {
    int listener = listener(5);
    int client = calls.socket(Calls.V4);
    check(calls.connect(client, Calls.V4, calls.port(listener)), "EINPROGRESS");
    level(listener, "IN");
    linger(client);
    check(calls.close(client), "0");
    int server = calls.accept(listener);
    soon(() -> calls.recv(server, 1, 0), "ECONNRESET");
    check(calls.getpeername(server), "ENOTCONN");
  }

  /** Hazard 1. */
  @Test
  void edgesOfAConnection() {
    Pair p = pair();
    int epoll = calls.epoll();
    check(calls.control(epoll, CTL_ADD, p.server(), IN | OUT | RDHUP | ET, 1), "0");
    check(calls.waitText(epoll, 1, 0), "1:OUT");
    check(calls.send(p.client(), "ab", 0), "2");
    soon(() -> calls.waitText(epoll, 1, 0), "1:IN|OUT");
    check(calls.waitText(epoll, 1, 0), "");
    check(calls.recv(p.server(), 1, 0), "'a'"); // one is left: no edge
    check(calls.waitText(epoll, 1, 0), "");
    check(calls.send(p.client(), "c", 0), "1");
    soon(() -> calls.waitText(epoll, 1, 0), "1:IN|OUT");
    check(calls.send(p.server(), "reading makes no edge", 0), "21");
    soon(() -> calls.recv(p.client(), 30, 0), "'reading makes no edge'");
    check(calls.waitText(epoll, 1, 0), "");
    check(kernel.shutdown(p.client(), SHUT_WR), "0");
    soon(() -> calls.waitText(epoll, 1, 0), "1:IN|OUT|RDHUP");
    check(calls.waitText(epoll, 1, 0), "");
  }

  @Test
  void roomIsAnEdgeOnlyForAWriterThatFoundNone() {
    int listener = listener(5);
    check(calls.set(listener, SOL_SOCKET, SO_RCVBUF, 4096), "0");
    int client = calls.socket(Calls.V4);
    check(calls.set(client, SOL_SOCKET, SO_SNDBUF, 4096), "0");
    Pair p = connect(listener, client);
    int epoll = calls.epoll();
    check(calls.control(epoll, CTL_ADD, client, OUT | ET, 1), "0");
    check(calls.waitText(epoll, 1, 0), "1:OUT");
    long sent = 0;
    long n;
    while ((n = calls.sendBulk(client, 1000)) > 0) {
      sent += n;
    }
    check(n, "EAGAIN");
    check(levels(client), "");
    check(calls.waitText(epoll, 1, 0), "");
    long received = calls.recvBulk(p.server(), 1);
    assertThat(received).isEqualTo(1);
    check(levels(client), ""); // less than a third of the buffer
    String happened = "";
    long end = System.nanoTime() + 5_000_000_000L;
    while (received < sent && System.nanoTime() < end) {
      received += Math.max(0, calls.recvBulk(p.server(), 500));
      happened += calls.waitText(epoll, 1, 0);
    }
    assertThat(received).isEqualTo(sent);
    happened += calls.waitText(epoll, 1, 1000);
    assertThat(happened).isEqualTo("1:OUT");
    check(calls.send(client, "x", 0), "1");
    soon(() -> calls.recv(p.server(), 9, 0), "'x'");
    check(calls.waitText(epoll, 1, 0), "");
  }

  @Test
  void aClosedSocketStillDeliversWhatItTook() {
    int listener = listener(5);
    check(calls.set(listener, SOL_SOCKET, SO_RCVBUF, 4096), "0");
    Pair p = connect(listener, calls.socket(Calls.V4));
    long sent = 0;
    long n;
    while ((n = calls.sendBulk(p.client(), 10_000)) > 0 && sent < 100_000) {
      sent += n;
    }
    sent += Math.max(0, n);
    check(calls.close(p.client()), "0");
    long received = 0;
    long end = System.nanoTime() + 10_000_000_000L;
    while ((n = calls.recvBulk(p.server(), 5_000)) != 0 && System.nanoTime() < end) {
      received += Math.max(0, n);
    }
    assertThat(received).isEqualTo(sent);
  }
}
