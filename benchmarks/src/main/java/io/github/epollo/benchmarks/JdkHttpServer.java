package io.github.epollo.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** The peer "jdk": blocking channels, one virtual thread of the JDK for each connection. Argument: the port. */
public final class JdkHttpServer {
  private JdkHttpServer() {}

  /** Serves until it is killed. */
  public static void main(String[] args) throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
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
    RequestHeads heads = new RequestHeads();
    ByteBuffer requests = ByteBuffer.allocateDirect(Responses.READ_BYTES);
    ByteBuffer responses = Responses.view();
    try (stream) {
      while (stream.read(requests.clear()) >= 0) {
        int left = heads.count(requests, 0, requests.position());
        while (left > 0) {
          int n = Math.min(left, Responses.BATCH);
          responses.clear().limit(Responses.bytes(n));
          while (responses.hasRemaining()) {
            stream.write(responses);
          }
          left -= n;
        }
      }
    } catch (IOException _) {
      // the client has reset the connection
    }
  }
}
