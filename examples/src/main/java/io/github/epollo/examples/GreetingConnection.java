package io.github.epollo.examples;

import io.github.epollo.net.TcpStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A client of the {@link HttpServer}, which has one page. */
final class GreetingConnection extends HttpConnection {
  private static final byte[] GREETING = "Hello from Epollo!\n".getBytes(StandardCharsets.UTF_8);

  GreetingConnection(TcpStream stream, Duration timeout) {
    super(stream, timeout);
  }

  @Override
  void answer(HttpRequest request) throws IOException {
    boolean withBody = !request.method().equals("HEAD");
    if (!request.method().equals("GET") && withBody) {
      refuseMethod(request);
    } else if (request.target().equals("/")) {
      append(200, "OK", GREETING, withBody, request.keepAlive());
    } else {
      append(404, "Not Found", ("nothing at " + request.target() + "\n").getBytes(StandardCharsets.ISO_8859_1),
          withBody, request.keepAlive());
    }
  }
}
