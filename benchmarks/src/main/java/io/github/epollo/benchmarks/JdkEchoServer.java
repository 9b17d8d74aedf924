package io.github.epollo.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** Sends back what it gets, as {@link JdkHttpServer} answers requests; the same argument. */
public final class JdkEchoServer {
  private JdkEchoServer() {}

  /** Serves until it is killed. */
  public static void main(String[] args) throws IOException {
    accept(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])));
  }

  /** Serves on the thread that calls. */
  public static void accept(InetSocketAddress address) throws IOException {
    try (var listener = ServerSocketChannel.open()) {
      listener.bind(address, Responses.BACKLOG);
      while (true) {
        SocketChannel stream = listener.accept();
        stream.setOption(StandardSocketOptions.TCP_NODELAY, true);
        Thread.startVirtualThread(() -> serve(stream));
      }
    }
  }

  private static void serve(SocketChannel stream) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(Responses.ECHO_BYTES);
    try (stream) {
      while (stream.read(bytes.clear()) >= 0) {
        bytes.flip();
        while (bytes.hasRemaining()) {
          stream.write(bytes);
        }
      }
    } catch (IOException _) {
      // the client has reset the connection
    }
  }
}
