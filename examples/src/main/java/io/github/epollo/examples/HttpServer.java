package io.github.epollo.examples;

import io.github.epollo.net.TcpListener;
import io.github.epollo.net.TcpStream;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.DeadlineExceededException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * An HTTP server in straight-line code: one task a connection, all of them on one thread.
 *
 * <pre>
 * mvn compile exec:exec
 * curl -v localhost:7878
 * </pre>
 */
public final class HttpServer {
  private static final String USAGE = "HttpServer [--port N] [--timeout SECONDS] [--trace]";

  private HttpServer() {}

  /** Serves until the process is ended. */
  public static void main(String[] args) {
    Arguments arguments = new Arguments(USAGE, args);
    int port = arguments.number("--port", 7878, 0, 65535);
    Duration timeout = Duration.ofSeconds(arguments.number("--timeout", 30, 1, 86_400));
    if (arguments.flag("--trace")) {
      Trace.enable();
    }
    arguments.end();

    Epollo.run(() -> {
      try (TcpListener listener = TcpListener.bind(new InetSocketAddress("localhost", port))) {
        System.out.println("serving http:/" + listener.localAddress());
        for (TcpStream stream : listener.incoming()) {
          Tasks.spawn(() -> serve(stream, timeout));
        }
      }
    });
  }

  static void serve(TcpStream stream, Duration timeout) {
    serve(new GreetingConnection(stream, timeout));
  }

  static void serve(HttpConnection connection) {
    try (TcpStream stream = connection.stream) {
      stream.setNoDelay(true);
      connection.run();
    } catch (DeadlineExceededException e) {
      // The client was too slow; the stream is closed, and that is the answer.
    } catch (IOException e) {
      System.err.println("connection lost: " + e.getMessage());
    }
  }
}
