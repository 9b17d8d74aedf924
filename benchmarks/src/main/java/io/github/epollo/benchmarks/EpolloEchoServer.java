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

/** Sends back what it gets, as {@link EpolloHttpServer} answers requests; the same arguments, or "future" for tasks without a stack. */
public final class EpolloEchoServer {
  private EpolloEchoServer() {}

  /** Serves until it is killed. */
  public static void main(String[] args) {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
    if (args[1].equals("future")) {
      Epollo.run(EpolloOptions.defaults().withCarrier(CarrierChoice.LOOP), () -> acceptStackless(address));
    } else {
      CarrierChoice carrier = CarrierChoice.valueOf(args[1].toUpperCase(Locale.ROOT));
      Epollo.run(EpolloOptions.defaults().withCarrier(carrier), () -> accept(address));
    }
  }

  private static void acceptStackless(InetSocketAddress address) throws IOException {
    try (var listener = TcpListener.bind(address)) {
      for (TcpStream stream : listener.incoming()) {
        stream.setNoDelay(true);
        Tasks.spawn(new EchoFuture(stream, ByteBuffer.allocateDirect(Responses.ECHO_BYTES)));
      }
    }
  }

  /** Serves in the task that calls, until it is cancelled. */
  public static void accept(InetSocketAddress address) throws IOException {
    try (var listener = TcpListener.bind(address)) {
      for (TcpStream stream : listener.incoming()) {
        Tasks.spawn(() -> serve(stream));
      }
    }
  }

  private static void serve(TcpStream stream) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(Responses.ECHO_BYTES);
    try (stream) {
      stream.setNoDelay(true);
      while (stream.read(bytes.clear()) >= 0) {
        stream.writeFully(bytes.flip());
      }
    } catch (IOException _) {
      // the client has reset the connection
    }
  }
}
