package io.github.epollo.benchmarks.memory;

import io.github.epollo.benchmarks.EchoFuture;
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

/** Sends back what it gets, into a small buffer for each connection. Arguments: the port, and what serves a connection, "task" or "future". */
final class EpolloIdle {
  static final int BUFFER = 64;

  private EpolloIdle() {}

  public static void main(String[] args) {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
    boolean stackless = args[1].equals("future");
    Epollo.run(EpolloOptions.defaults().withCarrier(CarrierChoice.LOOP), () -> {
      try (var listener = TcpListener.bind(address)) {
        for (TcpStream stream : listener.incoming()) {
          if (stackless) {
            Tasks.spawn(new EchoFuture(stream, ByteBuffer.allocate(BUFFER)));
          } else {
            Tasks.spawn(() -> serve(stream));
          }
        }
      }
    });
  }

  private static void serve(TcpStream stream) {
    ByteBuffer bytes = ByteBuffer.allocate(BUFFER);
    try (stream) {
      while (stream.read(bytes.clear()) >= 0) {
        stream.writeFully(bytes.flip());
      }
    } catch (IOException _) {
      // the client has reset the connection
    }
  }
}
