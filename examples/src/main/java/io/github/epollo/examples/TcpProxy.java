package io.github.epollo.examples;

import io.github.epollo.net.TcpListener;
import io.github.epollo.net.TcpStream;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.io.BidirectionalCopy;
import io.github.epollo.runtime.io.CopyOptions;
import io.github.epollo.timers.Timers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * Passes connections on to another server. One over which nothing has gone in either direction for a while is closed.
 *
 * <pre>
 * mvn compile exec:exec -Dexample=Echo
 * mvn compile exec:exec -Dexample=TcpProxy -Dexample.args="--to 7879 --idle 30"
 * curl telnet://localhost:7881
 * </pre>
 */
public final class TcpProxy {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

  private final InetSocketAddress target;
  private final Duration idle;

  TcpProxy(InetSocketAddress target, Duration idle) {
    this.target = target;
    this.idle = idle;
  }

  /** Serves until the process is ended. */
  public static void main(String[] args) {
    Arguments arguments = new Arguments("TcpProxy [--port N] [--to PORT] [--idle SECONDS]", args);
    int port = arguments.number("--port", 7881, 0, 65535);
    int to = arguments.number("--to", 7879, 1, 65535);
    Duration idle = Duration.ofSeconds(arguments.number("--idle", 60, 1, 86_400));
    arguments.end();

    Epollo.run(() -> {
      TcpProxy proxy = new TcpProxy(new InetSocketAddress("localhost", to), idle);
      try (TcpListener listener = TcpListener.bind(new InetSocketAddress("localhost", port))) {
        System.out.println("passing connections on " + listener.localAddress() + " on to " + proxy.target);
        for (TcpStream client : listener.incoming()) {
          Tasks.spawn(() -> proxy.serve(client));
        }
      }
    });
  }

  void serve(TcpStream client) {
    try (client; TcpStream server = Timers.withTimeout(CONNECT_LIMIT, () -> TcpStream.connect(target))) {
      Timers.withIdleTimeout(idle, timeout -> {
        CopyOptions options = CopyOptions.defaults().withProgress(_ -> timeout.touch());
        var counts = new BidirectionalCopy(client, server, options).run();
        System.out.println(counts.fromAToB() + " bytes there, " + counts.fromBToA() + " back");
      });
    } catch (IOException | DeadlineExceededException e) {
      System.err.println("connection ended: " + e.getMessage());
    }
  }
}
