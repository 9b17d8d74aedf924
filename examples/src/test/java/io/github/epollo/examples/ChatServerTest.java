package io.github.epollo.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.net.TcpListener;
import io.github.epollo.net.TcpStream;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Tasks;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The server, as plain blocking sockets see it. */
class ChatServerTest {
  private Epollo epollo;
  private TcpListener listener;

  @BeforeEach
  void serve() {
    epollo = Epollo.start();
    listener = epollo.call(() -> TcpListener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
    ChatServer server = new ChatServer();
    epollo.spawn(() -> {
      for (TcpStream stream : listener.incoming()) {
        Tasks.spawn(() -> server.serve(stream));
      }
    });
  }

  @AfterEach
  void stop() {
    epollo.close();
  }

  private final class Client implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader lines;

    Client(String name) throws IOException {
      InetSocketAddress address = listener.localAddress();
      socket = new Socket(address.getAddress(), address.getPort());
      socket.setSoTimeout(10_000);
      lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      assertThat(read()).isEqualTo("Your name?");
      write(name);
    }

    void write(String line) throws IOException {
      socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    String read() throws IOException {
      return lines.readLine();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @Test
  void everybodyReadsWhatTheOthersWrite() throws IOException {
    try (Client ann = new Client("Ann")) {
      try (Client bob = new Client("Bob")) {
        assertThat(ann.read()).isEqualTo("Bob has joined");
        ann.write("hello");
        bob.write("hi");
        assertThat(bob.read()).isEqualTo("Ann: hello");
        assertThat(ann.read()).isEqualTo("Bob: hi");
      }
      assertThat(ann.read()).isEqualTo("Bob has left");
    }
  }

  @Test
  void aLineWithoutEnd_closesItsConnectionOnly() throws IOException {
    try (Client ann = new Client("Ann"); Client bob = new Client("Bob")) {
      assertThat(ann.read()).isEqualTo("Bob has joined");
      bob.write("x".repeat(5000));
      assertThat(ann.read()).isEqualTo("Bob has left");
      try (Client carl = new Client("Carl")) {
        assertThat(ann.read()).isEqualTo("Carl has joined");
        carl.write("still there?");
        assertThat(ann.read()).isEqualTo("Carl: still there?");
      }
    }
  }
}
