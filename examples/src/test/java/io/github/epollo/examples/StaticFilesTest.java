package io.github.epollo.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.net.TcpListener;
import io.github.epollo.net.TcpStream;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.testsupport.ProbeKernel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server's answers, as a plain blocking socket sees them. */
class StaticFilesTest {
  private final ProbeKernel probe = new ProbeKernel();
  @TempDir Path directory;
  private Path root;
  private Epollo epollo;
  private TcpListener listener;

  @BeforeEach
  void serve() throws IOException {
    root = Files.createDirectory(directory.resolve("root"));
    Files.writeString(directory.resolve("secret"), "secret");
    Files.writeString(root.resolve("index.html"), "<p>front\n");
    Files.writeString(root.resolve("a b%.txt"), "spaces\n");
    Files.createDirectories(root.resolve("sub/deep"));
    Files.writeString(root.resolve("sub/index.html"), "<p>sub\n");
    Files.createSymbolicLink(root.resolve("out"), directory.resolve("secret"));
    Files.createSymbolicLink(root.resolve("up"), directory);
    Files.createSymbolicLink(root.resolve("loop"), Path.of("loop"));
    Files.createSymbolicLink(root.resolve("link.html"), Path.of("sub/index.html"));
    epollo = Epollo.start(EpolloOptions.defaults().withKernel(probe.kernel()));
    listener = epollo.call(() -> TcpListener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
    epollo.spawn(() -> {
      FileTree tree = StaticFiles.open(root);
      for (TcpStream stream : listener.incoming()) {
        Tasks.spawn(() -> StaticFiles.serve(stream, Duration.ofSeconds(10), tree));
      }
    });
  }

  @AfterEach
  void stop() {
    epollo.close();
  }

  private byte[] exchangeBytes(String request) throws IOException {
    InetSocketAddress address = listener.localAddress();
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.shutdownOutput();
      return socket.getInputStream().readAllBytes();
    }
  }

  private String get(String target) throws IOException {
    return new String(exchangeBytes("GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n"), StandardCharsets.ISO_8859_1);
  }

  @Test
  void answersWithFilesOneAfterTheOther() throws IOException {
    String front = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 9\r\n\r\n<p>front\n";
    assertThat(get("/")).isEqualTo(front);
    assertThat(get("/index.html?x=/../")).isEqualTo(front);
    assertThat(get("/sub/")).endsWith("\r\n\r\n<p>sub\n");
    assertThat(get("/link.html")).endsWith("\r\n\r\n<p>sub\n");
    assertThat(get("/a%20b%25.txt")).contains("text/plain").endsWith("\r\n\r\nspaces\n");
    String request = "GET / HTTP/1.1\r\n\r\n";
    assertThat(new String(exchangeBytes(request.repeat(100)), StandardCharsets.ISO_8859_1))
        .isEqualTo(front.repeat(100));
    assertThat(new String(exchangeBytes("HEAD / HTTP/1.1\r\n\r\n" + request), StandardCharsets.ISO_8859_1))
        .isEqualTo(front.substring(0, front.length() - 9) + front);
  }

  @Test
  void aBigFileComesWholeAndByTheKernelAlone() throws IOException {
    byte[] bytes = new byte[10_000_001];
    new Random(1).nextBytes(bytes);
    Files.write(root.resolve("big"), bytes);
    byte[] answer = exchangeBytes("GET /big HTTP/1.1\r\n\r\n");
    String head = "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: 10000001\r\n\r\n";
    assertThat(new String(answer, 0, head.length(), StandardCharsets.ISO_8859_1)).isEqualTo(head);
    assertThat(Arrays.copyOfRange(answer, head.length(), answer.length)).isEqualTo(bytes);
    assertThat(probe.calls("sendfile")).isPositive();
    assertThat(probe.calls("send")).isEqualTo(1); // the head
  }

  @ParameterizedTest
  @ValueSource(strings = {"/../secret", "/%2e%2e/secret", "/sub/../../secret", "/sub/%2E./%2e%2e/secret",
    "/..%2fsecret", "//etc/passwd",
    "/out", "/up/secret", "/up/root/../secret", "/nope", "/index.html/x", "/x%00", "/%", "/%g1", "secret",
    "http://x/", "/%ff"})
  void whatIsNotThereOrNotBelowTheRootIsNotFound(String target) throws IOException {
    assertThat(get(target)).startsWith("HTTP/1.1 404 Not Found\r\n").doesNotContain("secret").doesNotContain("root:");
  }

  @Test
  void whatIsNoFileIsForbidden() throws Exception {
    assertThat(get("/sub")).startsWith("HTTP/1.1 403 Forbidden\r\n");
    assertThat(get("/loop")).startsWith("HTTP/1.1 403 Forbidden\r\n");
    assertThat(new ProcessBuilder("mkfifo", root.resolve("fifo").toString()).start().waitFor()).isZero();
    assertThat(get("/fifo")).startsWith("HTTP/1.1 403 Forbidden\r\n");
  }

  @Test
  void otherMethodsAreRefusedAndTheConnectionGoesOn() throws IOException {
    String answer = new String(exchangeBytes("DELETE / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n"),
        StandardCharsets.ISO_8859_1);
    assertThat(answer).startsWith("HTTP/1.1 405 Method Not Allowed\r\nAllow: GET, HEAD\r\n").endsWith("<p>front\n");
  }
}
