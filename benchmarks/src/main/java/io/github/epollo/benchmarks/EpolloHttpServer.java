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

/**
 * The peers "epollo-loop" and "epollo-shared": one task for each connection, in straight-line code. Arguments: the port, and the carrier of the tasks,
 * "loop" or "shared".
 */
public final class EpolloHttpServer {
  private EpolloHttpServer() {}

  /** Serves until it is killed. */
  public static void main(String[] args) {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
    CarrierChoice carrier = CarrierChoice.valueOf(args[1].toUpperCase(Locale.ROOT));
    Epollo.run(EpolloOptions.defaults().withCarrier(carrier), () -> {
      try (var listener = TcpListener.bind(address)) {
        for (TcpStream stream : listener.incoming()) {
          Tasks.spawn(() -> serve(stream));
        }
      }
    });
  }

  private static void serve(TcpStream stream) {
    RequestHeads heads = new RequestHeads();
    ByteBuffer requests = ByteBuffer.allocateDirect(Responses.READ_BYTES);
    ByteBuffer responses = Responses.view();
    try (stream) {
      stream.setNoDelay(true);
      while (stream.read(requests.clear()) >= 0) {
        int left = heads.count(requests, 0, requests.position());
        while (left > 0) {
          int n = Math.min(left, Responses.BATCH);
          stream.writeFully(responses.clear().limit(Responses.bytes(n)));
          left -= n;
        }
      }
    } catch (IOException _) {
      // the client has reset the connection
    }
  }
}
