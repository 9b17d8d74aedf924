package io.github.epollo.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.net.TcpListener;
import io.github.epollo.net.TcpStream;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.testsupport.ProbeKernel;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HttpCostTest {
  private static final byte[] GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
  private static final int ROUNDS = 500;

  /** Also with a deadline around each request: arming and cancelling it does not touch the kernel. */
  @Test
  void aRequestOnAKeptConnectionCostsOneReadAndOneWrite() throws IOException {
    ProbeKernel probe = new ProbeKernel();
    try (Epollo epollo = Epollo.start(EpolloOptions.defaults().withKernel(probe.kernel()))) {
      TcpListener listener = epollo
          .call(() -> TcpListener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
      epollo.spawn(() -> {
        for (TcpStream stream : listener.incoming()) {
          Tasks.spawn(() -> HttpServer.serve(stream, Duration.ofMinutes(5)));
        }
      });
      try (Socket client = new Socket(InetAddress.getLoopbackAddress(), listener.localAddress().getPort())) {
        client.setTcpNoDelay(true);
        client.setSoTimeout(10_000);
        for (int i = 0; i < 3; i++) {
          get(client); // the first is read before epoll has told of it, so that the second costs a call that finds nothing
        }
        probe.reset();
        for (int i = 0; i < ROUNDS; i++) {
          get(client);
        }
        Map<String, Long> calls = probe.calls();
        assertThat(calls.get("recv")).isEqualTo(ROUNDS);
        assertThat(calls.get("send")).isEqualTo(ROUNDS);
        assertThat(calls.get("epollWait")).isBetween(ROUNDS - 1L, ROUNDS + 2L);
        assertThat(calls.get("clockGettime")).as("looks at the clock").isBetween(2L * ROUNDS - 2, 2L * ROUNDS + 4); // one for each limit: to read, and to write
        assertThat(calls).containsOnlyKeys("recv", "send", "epollWait", "clockGettime"); // the last is no system call (vDSO)
      }
    }
  }

  private static void get(Socket client) throws IOException {
    client.getOutputStream().write(GET);
    InputStream in = client.getInputStream();
    StringBuilder reply = new StringBuilder();
    while (!reply.toString().endsWith("Hello from Epollo!\n")) {
      int b = in.read();
      assertThat(b).isNotNegative();
      reply.append((char) b);
    }
  }
}
