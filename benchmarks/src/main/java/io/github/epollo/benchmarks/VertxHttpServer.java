package io.github.epollo.benchmarks;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import java.net.InetAddress;

/** The peer "vertx": Vert.x on Netty's epoll transport with one event loop; it parses the head, as "netty-codec" does. Argument: the port. */
public final class VertxHttpServer {
  private static final CharSequence LENGTH = Integer.toString(Responses.BODY.length());

  private VertxHttpServer() {}

  /** Serves until it is killed. */
  public static void main(String[] args) throws Exception {
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
    if (!vertx.isNativeTransportEnabled()) {
      throw new IllegalStateException("Vert.x has no epoll here", vertx.unavailableNativeTransportCause());
    }
    Buffer body = Buffer.buffer(Responses.BODY);
    vertx.createHttpServer(new HttpServerOptions().setAcceptBacklog(Responses.BACKLOG))
        .requestHandler(request -> request.response().putHeader("Content-Type", "text/plain")
            .putHeader("Content-Length", LENGTH).end(body))
        .listen(Integer.parseInt(args[0]), InetAddress.getLoopbackAddress().getHostAddress())
        .await();
  }
}
