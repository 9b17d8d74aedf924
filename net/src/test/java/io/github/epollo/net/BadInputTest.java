package io.github.epollo.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.net.Loopback.Pair;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.testsupport.ProbeKernel;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is refused, with a message that names the value and the remedy, and leaves no descriptor. */
@SuppressWarnings("try")
class BadInputTest {
  private final long socketsBefore = Loopback.sockets();

  @AfterEach
  void leavesNoSocket() {
    assertThat(Loopback.sockets()).isEqualTo(socketsBefore);
  }

  @Test
  void bindToWhatCannotBeHad() {
    Epollo.run(() -> {
      try (TcpListener taken = Loopback.listen()) {
        InetSocketAddress address = taken.localAddress();
        assertThatThrownBy(() -> TcpListener.bind(address)).isInstanceOf(BindException.class)
            .hasMessageContaining("127.0.0.1:" + address.getPort()).hasMessageContaining("EADDRINUSE")
            .hasMessageContaining("another port");
      }
      assertThatThrownBy(() -> Loopback.listen("192.0.2.1")).isInstanceOf(BindException.class)
          .hasMessageContaining("192.0.2.1:0").hasMessageContaining("EADDRNOTAVAIL").hasMessageContaining("its own");
      assertThatThrownBy(() -> TcpListener.bind(InetSocketAddress.createUnresolved("no.such.host", 80)))
          .isInstanceOf(UnknownHostException.class).hasMessageContaining("no.such.host:80");
      assertThatThrownBy(() -> TcpListener.bind(null)).isInstanceOf(NullPointerException.class);
    });
  }

  @Test
  void twoListenersShareAPortIfBothSaySo() {
    Epollo.run(() -> {
      ListenOptions shared = ListenOptions.defaults().withReusePort(true);
      try (TcpListener one = TcpListener.bind(Loopback.address("127.0.0.1", 0), shared);
          TcpListener two = TcpListener.bind(one.localAddress(), shared)) {
        assertThat(two.localAddress()).isEqualTo(one.localAddress());
      }
    });
  }

  @Test
  void withoutIpv6TheWildcardIsIpv4() {
    ProbeKernel probe = new ProbeKernel();
    probe.on("socket", call -> call.intArg(0) == 10 ? -Errno.EAFNOSUPPORT : call.real());
    Epollo.run(EpolloOptions.defaults().withKernel(probe.kernel()), () -> {
      try (TcpListener listener = TcpListener.bind(new InetSocketAddress(0));
          TcpStream client = TcpStream.connect(Loopback.address("127.0.0.1", listener.localAddress().getPort()));
          TcpStream server = listener.accept()) {
        assertThat(server.remoteAddress()).isEqualTo(client.localAddress());
      }
    });
  }

  @Test
  void connectToWhatCannotBeHad() {
    Epollo.run(() -> {
      InetSocketAddress refused;
      try (TcpListener listener = Loopback.listen()) {
        refused = listener.localAddress();
      }
      assertThatThrownBy(() -> TcpStream.connect(refused)).isInstanceOf(ConnectException.class)
          .hasMessageContaining("127.0.0.1:" + refused.getPort())
          .hasMessageContaining("ECONNREFUSED");
      assertThatThrownBy(() -> TcpStream.connectAsync(refused).await()).hasCauseInstanceOf(ConnectException.class);
      InetSocketAddress unresolved = InetSocketAddress.createUnresolved("no.such.host", 80);
      assertThatThrownBy(() -> TcpStream.connect(unresolved)).isInstanceOf(UnknownHostException.class)
          .hasMessageContaining("no.such.host:80").hasMessageContaining("check the name");
      assertThatThrownBy(() -> TcpStream.connectAsync(unresolved).await())
          .hasCauseInstanceOf(UnknownHostException.class);
      assertThatIllegalArgumentException().isThrownBy(() -> TcpStream.connect(UnixDomainSocketAddress.of("/tmp/x")))
          .withMessageContaining("/tmp/x");
      assertThatThrownBy(() -> TcpStream.connect(null)).isInstanceOf(NullPointerException.class);
    });
  }

  @ParameterizedTest
  @CsvSource({"110, java.net.SocketTimeoutException", "113, java.net.NoRouteToHostException",
    "101, java.net.NoRouteToHostException", "111, java.net.ConnectException"})
  void eachFailureOfAConnectHasItsException(int errno, Class<? extends IOException> type) {
    assertThat(NoRouteToHostException.class).isNotNull();
    ProbeKernel probe = new ProbeKernel();
    Epollo.run(EpolloOptions.defaults().withKernel(probe.kernel()), () -> {
      probe.on("connect", call -> -errno);
      assertThatThrownBy(() -> TcpStream.connect(Loopback.address("127.0.0.1", 9))).isExactlyInstanceOf(type)
          .hasMessageContaining("127.0.0.1:9").hasMessageContaining("(" + errno + ")");
    });
  }

  @Test
  void valuesOutOfRange() {
    ListenOptions options = ListenOptions.defaults();
    assertThatIllegalArgumentException().isThrownBy(() -> options.withBacklog(0)).withMessageContaining("backlog")
        .withMessageContaining("0");
    assertThatIllegalArgumentException().isThrownBy(() -> options.withReceiveBufferSize(-1))
        .withMessageContaining("-1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new KeepAlive(Duration.ZERO, Duration.ofSeconds(1), 1)).withMessageContaining("idle");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new KeepAlive(Duration.ofSeconds(1), Duration.ofDays(1), 1)).withMessageContaining("PT24H");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new KeepAlive(Duration.ofSeconds(1), Duration.ofSeconds(1), 128))
        .withMessageContaining("128");
    Epollo.run(() -> {
      try (Pair pair = Pair.open()) {
        assertThatIllegalArgumentException().isThrownBy(() -> pair.client().setLinger(Duration.ofSeconds(-1)))
            .withMessageContaining("PT-1S");
        assertThatIllegalArgumentException().isThrownBy(() -> pair.client().setSendBufferSize(0));
        assertThatIllegalArgumentException().isThrownBy(() -> pair.client().setReceiveBufferSize(-5))
            .withMessageContaining("-5");
      }
    });
  }

  @Test
  void readingIntoAReadOnlyBufferMakesNoCall() {
    ProbeKernel probe = new ProbeKernel();
    Epollo.run(EpolloOptions.defaults().withKernel(probe.kernel()), () -> {
      try (Pair pair = Pair.open()) {
        pair.client().writeFully(ByteBuffer.allocate(1));
        ByteBuffer readOnly = ByteBuffer.allocate(8).asReadOnlyBuffer();
        assertThatIllegalArgumentException().isThrownBy(() -> pair.server().read(readOnly))
            .withMessageContaining("read-only");
        assertThatIllegalArgumentException().isThrownBy(() -> pair.server().peek(readOnly));
        assertThatIllegalArgumentException()
            .isThrownBy(() -> pair.server().read(new ByteBuffer[]{ByteBuffer.allocate(1), readOnly}));
        assertThat(probe.calls("recv") + probe.calls("recvmsg")).isZero();
      }
    });
  }

  @Test
  void useAfterClose() {
    Epollo.run(() -> {
      Pair pair = Pair.open();
      TcpStream stream = pair.client();
      TcpListener listener = Loopback.listen();
      pair.close();
      pair.close();
      listener.close();
      listener.close();
      assertThatThrownBy(() -> stream.read(ByteBuffer.allocate(1))).isInstanceOf(ClosedChannelException.class)
          .hasMessageContaining("TcpStream[").hasMessageContaining("closed on this side");
      assertThatThrownBy(() -> stream.write(ByteBuffer.allocate(1))).isInstanceOf(ClosedChannelException.class);
      assertThatThrownBy(() -> stream.write(ByteBuffer.allocate(0))).isInstanceOf(ClosedChannelException.class);
      assertThatThrownBy(() -> stream.readAsync(ByteBuffer.allocate(1)).await())
          .hasCauseInstanceOf(ClosedChannelException.class);
      assertThatThrownBy(stream::shutdownOutput).isInstanceOf(ClosedChannelException.class);
      assertThatThrownBy(stream::localAddress).isInstanceOf(ClosedChannelException.class);
      assertThatThrownBy(stream::remoteAddress).isInstanceOf(ClosedChannelException.class);
      assertThatThrownBy(() -> stream.setNoDelay(true)).isInstanceOf(ClosedChannelException.class);
      assertThatThrownBy(listener::accept).isInstanceOf(ClosedChannelException.class)
          .hasMessageContaining("TcpListener[");
      assertThatThrownBy(listener::localAddress).isInstanceOf(ClosedChannelException.class);
      assertThat(listener.incoming().iterator().hasNext()).isFalse();
      stream.closeWithReset();
    });
  }

  @Test
  void outsideAnyRuntime() {
    assertThatThrownBy(Loopback::listen).isInstanceOf(IllegalStateException.class).hasMessageContaining("Epollo.run");
    assertThatThrownBy(() -> TcpStream.connect(Loopback.address("127.0.0.1", 9)))
        .isInstanceOf(IllegalStateException.class).hasMessageContaining("Epollo.run");
  }

  @Test
  void optionsAreKept() {
    Epollo.run(() -> {
      ListenOptions options = ListenOptions.defaults().withBacklog(5).withReuseAddress(false)
          .withReceiveBufferSize(100_000);
      try (TcpListener listener = TcpListener.bind(Loopback.address("127.0.0.1", 0), options);
          TcpStream client = TcpStream.connect(listener.localAddress());
          TcpStream server = listener.accept()) {
        assertThat(server.receiveBufferSize()).isEqualTo(200_000);
        assertThat(options).hasToString(
            "ListenOptions[backlog=5, reuseAddress=false, reusePort=false, receiveBufferSize=100000]");
        client.setNoDelay(true);
        assertThat(client.noDelay()).isTrue();
        client.setNoDelay(false);
        assertThat(client.noDelay()).isFalse();
        assertThat(client.keepAlive()).isEmpty();
        KeepAlive keepAlive = new KeepAlive(Duration.ofSeconds(30), Duration.ofMillis(4500), 3);
        assertThat(keepAlive.interval()).isEqualTo(Duration.ofSeconds(5));
        client.setKeepAlive(keepAlive);
        assertThat(client.keepAlive()).contains(keepAlive);
        client.setKeepAlive(false);
        assertThat(client.keepAlive()).isEmpty();
        assertThat(client.linger()).isEmpty();
        client.setLinger(Duration.ofMillis(1500));
        assertThat(client.linger()).contains(Duration.ofSeconds(2));
        client.setLinger(Duration.ZERO);
        assertThat(client.linger()).contains(Duration.ZERO);
        client.setLinger(null);
        assertThat(client.linger()).isEmpty();
        client.setSendBufferSize(50_000);
        assertThat(client.sendBufferSize()).isEqualTo(100_000);
        client.setReceiveBufferSize(60_000);
        assertThat(client.receiveBufferSize()).isEqualTo(120_000);
      }
    });
  }

  @Test
  void closeDoesNotWaitForALinger() {
    Epollo.run(() -> {
      Pair pair = Pair.open();
      pair.client().setLinger(Duration.ofSeconds(30));
      pair.client().setSendBufferSize(1_000_000);
      while (pair.client().writeAsync(ByteBuffer.allocate(100_000))
          .poll(() -> {}) instanceof io.github.epollo.runtime.future.Poll.Ready<?>) {
        // until nothing more fits
      }
      long start = System.nanoTime();
      pair.client().close();
      assertThat(System.nanoTime() - start).isLessThan(5_000_000_000L);
      pair.server().closeWithReset(); // ends the linger
      Loopback.until("the lingering socket is closed", () -> Loopback.sockets() == socketsBefore);
    });
  }
}
