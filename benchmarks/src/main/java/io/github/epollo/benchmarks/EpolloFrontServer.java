package io.github.epollo.benchmarks;

import io.github.epollo.net.TcpListener;
import io.github.epollo.net.TcpStream;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.loop.CarrierChoice;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Locale;

/** Answers each request when the backend has echoed a message: straight-line code, as {@link EpolloHttpServer}. The same arguments, then the backend's port. */
public final class EpolloFrontServer {
  private EpolloFrontServer() {}

  /** Serves until it is killed. */
  public static void main(String[] args) {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
    CarrierChoice carrier = CarrierChoice.valueOf(args[1].toUpperCase(Locale.ROOT));
    var backend = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[2]));
    Epollo.run(EpolloOptions.defaults().withCarrier(carrier), () -> {
      try (var listener = TcpListener.bind(address)) {
        for (TcpStream client : listener.incoming()) {
          Tasks.spawn(() -> serve(client, backend));
        }
      }
    });
  }

  private static void serve(TcpStream client, InetSocketAddress address) {
    RequestHeads heads = new RequestHeads();
    BackendMessage message = new BackendMessage();
    ByteBuffer requests = ByteBuffer.allocateDirect(Responses.READ_BYTES);
    ByteBuffer response = Responses.view().limit(Responses.bytes(1));
    try (client) {
      client.setNoDelay(true);
      if (client.read(requests) < 0) {
        return;
      }
      try (var backend = TcpStream.connect(address)) {
        backend.setNoDelay(true);
        do {
          for (int left = heads.count(requests, 0, requests.position()); left > 0; left--) {
            backend.writeFully(message.next());
            backend.readFully(message.echo());
            message.check();
            client.writeFully(response.rewind());
          }
        } while (client.read(requests.clear()) >= 0);
      }
    } catch (IOException _) {
      // the client has reset the connection
    }
  }
}
