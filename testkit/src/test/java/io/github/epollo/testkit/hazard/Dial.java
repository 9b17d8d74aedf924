package io.github.epollo.testkit.hazard;

import io.github.epollo.net.TcpStream;
import io.github.epollo.timers.Timers;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.time.Duration;

/** Connects to a host that may not be up yet. */
final class Dial {
  private Dial() {}

  static TcpStream to(InetSocketAddress server) throws IOException {
    while (true) {
      try {
        return TcpStream.connect(server);
      } catch (ConnectException e) {
        Timers.sleep(Duration.ofMillis(1));
      }
    }
  }
}
