package io.github.epollo.examples;

import io.github.epollo.net.TcpListener;
import io.github.epollo.net.TcpStream;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Tasks;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * Sends back whatever it gets.
 *
 * <pre>
 * mvn compile exec:exec -Dexample=Echo
 * curl telnet://localhost:7879
 * </pre>
 */
public final class Echo {
  private Echo() {}

  /** Serves until the process is ended. */
  public static void main(String[] args) {
    Arguments arguments = new Arguments("Echo [--port N]", args);
    int port = arguments.number("--port", 7879, 0, 65535);
    arguments.end();

    Epollo.run(() -> {
      try (TcpListener listener = TcpListener.bind(new InetSocketAddress("localhost", port))) {
        System.out.println("echoing on " + listener.localAddress());
        for (TcpStream stream : listener.incoming()) {
          Tasks.spawn(() -> echo(stream));
        }
      }
    });
  }

  static void echo(TcpStream stream) {
    try (stream) {
      ByteBuffer buffer = ByteBuffer.allocate(16 * 1024);
      while (stream.read(buffer.clear()) >= 0) {
        stream.writeFully(buffer.flip());
      }
    } catch (IOException e) {
      System.err.println("connection lost: " + e.getMessage());
    }
  }
}
