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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The server's answers, as a plain blocking socket sees them. */
class HttpServerTest {
  private static final String GREETING = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 19\r\n\r\nHello from Epollo!\n";

  private Epollo epollo;
  private TcpListener listener;

  @BeforeEach
  void serve() {
    epollo = Epollo.start();
    listener = epollo.call(() -> TcpListener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
    epollo.spawn(() -> {
      for (TcpStream stream : listener.incoming()) {
        Tasks.spawn(() -> HttpServer.serve(stream, Duration.ofMillis(300)));
      }
    });
  }

  @AfterEach
  void stop() {
    epollo.close();
  }

  /** What the server sends until it closes; the request ends with the client's half-close if {@code close}. */
  private String exchange(String request, boolean close) throws IOException {
    InetSocketAddress address = listener.localAddress();
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      if (close) {
        socket.shutdownOutput();
      }
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  @Test
  void answersKeptAliveAndPipelinedRequestsInOrder() throws IOException {
    String get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    assertThat(exchange(get.repeat(500), true)).isEqualTo(GREETING.repeat(500));
  }

  @Test
  void closesWhenAskedTo() throws IOException {
    assertThat(exchange("GET / HTTP/1.0\r\n\r\n", false)).contains("Connection: close")
        .endsWith("Hello from Epollo!\n");
  }

  @Test
  void answersHeadWithoutABody() throws IOException {
    assertThat(exchange("HEAD / HTTP/1.1\r\n\r\n", true)).endsWith("Content-Length: 19\r\n\r\n");
  }

  @Test
  void knowsNothingElse() throws IOException {
    assertThat(exchange("GET /nope HTTP/1.1\r\n\r\n", true)).startsWith("HTTP/1.1 404 Not Found\r\n")
        .endsWith("nothing at /nope\n");
    assertThat(exchange(
        "PUT / HTTP/1.1\r\nContent-Length: 20000\r\n\r\n" + "x".repeat(20_000) + "GET / HTTP/1.1\r\n\r\n", true))
        .startsWith("HTTP/1.1 405 ").endsWith(GREETING);
  }

  @Test
  void refusesGarbageAndEndlessHeads() throws IOException {
    assertThat(exchange("garbage\r\n\r\n", false)).startsWith("HTTP/1.1 400 ");
    assertThat(exchange("GET / HTTP/1.1\r\nx: " + "y".repeat(10_000), false)).startsWith("HTTP/1.1 431 ");
    assertThat(exchange("GET / HT", true)).startsWith("HTTP/1.1 400 ");
  }

  @Test
  void doesNotWaitForSlowClients() throws IOException {
    assertThat(exchange("GET / HTTP/1.1\r\n", false)).isEmpty();
  }
}
