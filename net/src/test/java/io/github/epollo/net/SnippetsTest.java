package io.github.epollo.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.loop.Loop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** The examples of the documentation, compiled and run. */
@SuppressWarnings("try") // closing early is what is tested
class SnippetsTest {
  // @start region="echo"
  static void serve(TcpListener listener) {
    for (TcpStream stream : listener.incoming()) {
      Tasks.spawn("echo", () -> echo(stream));
    }
  }

  static void echo(TcpStream stream) throws IOException {
    try (stream) {
      ByteBuffer buffer = ByteBuffer.allocate(8192);
      while (stream.read(buffer) >= 0) {
        stream.writeFully(buffer.flip());
        buffer.clear();
      }
    }
  }

  // @end

  @Test
  void theEchoServerAnswersTheClient() {
    Epollo.run(() -> {
      try (TcpListener listener = TcpListener.bind(new InetSocketAddress("localhost", 0))) {
        Task<?> server = Tasks.spawn(() -> serve(listener));
        assertThat(ask(listener.localAddress(), "hello")).isEqualTo("hello");
        listener.close();
        server.join();
      }
    });
  }

  // @start region="perLoop"
  static void servePerLoop(PerLoopListener port) {
    for (TcpListener listener : port.listeners()) {
      Tasks.spawnOn(listener.loop(), () -> serve(listener)); // the echo tasks start on that loop, too
    }
  }
  // @end

  // @start region="handOver"
  static void handOver(TcpListener listener) throws IOException {
    Epollo epollo = Epollo.current();
    while (true) {
      Loop loop = epollo.leastLoadedLoop();
      TcpStream stream = listener.acceptOn(loop);
      epollo.spawnOn(loop, () -> echo(stream));
    }
  }
  // @end

  @Test
  void connectionsGoToTheLoopsInBothWays() {
    Epollo.builder().loops(2).run(() -> {
      try (PerLoopListener port = TcpListener.bindPerLoop(new InetSocketAddress("localhost", 0))) {
        servePerLoop(port);
        assertThat(ask(port.localAddress(), "to the kernel's choice")).isEqualTo("to the kernel's choice");
      }
      try (TcpListener listener = TcpListener.bind(new InetSocketAddress("localhost", 0))) {
        Task<?> acceptor = Tasks.spawn(() -> handOver(listener));
        assertThat(ask(listener.localAddress(), "to ours")).isEqualTo("to ours");
        acceptor.cancel().await();
      }
    });
  }

  // @start region="client"
  static String ask(InetSocketAddress server, String question) throws IOException {
    try (TcpStream stream = TcpStream.connect(server)) {
      ByteBuffer bytes = UTF_8.encode(question);
      ByteBuffer answer = ByteBuffer.allocate(bytes.remaining());
      stream.writeFully(bytes);
      stream.readFully(answer);
      return UTF_8.decode(answer.flip()).toString();
    }
  }
  // @end
}
