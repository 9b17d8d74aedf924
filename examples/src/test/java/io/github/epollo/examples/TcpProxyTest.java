package io.github.epollo.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.net.TcpListener;
import io.github.epollo.net.TcpStream;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Tasks;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A proxy before an echo server, as a plain blocking socket sees them. */
class TcpProxyTest {
  private Epollo epollo;

  @BeforeEach
  void start() {
    epollo = Epollo.start();
  }

  @AfterEach
  void stop() {
    epollo.close();
  }

  private InetSocketAddress serve(Consumer<TcpStream> body) throws IOException {
    TcpListener listener = epollo
        .call(() -> TcpListener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
    epollo.spawn(() -> {
      for (TcpStream stream : listener.incoming()) {
        Tasks.spawn(() -> body.accept(stream));
      }
    });
    return listener.localAddress();
  }

  private Socket connect(Duration idle) throws IOException {
    TcpProxy proxy = new TcpProxy(serve(Echo::echo), idle);
    InetSocketAddress address = serve(proxy::serve);
    Socket socket = new Socket(address.getAddress(), address.getPort());
    socket.setSoTimeout(10_000);
    return socket;
  }

  @Test
  void whatGoesThere_comesBack_andSoDoesTheEnd() throws Exception {
    byte[] bytes = new byte[1_000_000];
    new Random(1).nextBytes(bytes);
    try (Socket socket = connect(Duration.ofSeconds(30))) {
      CompletableFuture<Void> written = CompletableFuture.runAsync(() -> {
        try {
          socket.getOutputStream().write(bytes);
          socket.shutdownOutput();
        } catch (IOException e) {
          throw new AssertionError(e);
        }
      });
      assertThat(socket.getInputStream().readAllBytes()).isEqualTo(bytes);
      written.get();
    }
  }

  @Test
  void aConnectionOnWhichNothingGoes_isClosed() throws Exception {
    try (Socket socket = connect(Duration.ofMillis(200))) {
      socket.getOutputStream().write(7);
      assertThat(socket.getInputStream().read()).isEqualTo(7);
      long before = System.nanoTime();
      assertThat(socket.getInputStream().read()).isNegative();
      assertThat(System.nanoTime() - before).isGreaterThan(Duration.ofMillis(150).toNanos());
    }
  }
}
