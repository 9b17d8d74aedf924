package io.github.epollo.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** Answers each request when the backend has echoed a message: blocking channels, as {@link JdkHttpServer}. Arguments: the port, and the backend's. */
public final class JdkFrontServer {
  private JdkFrontServer() {}

  /** Serves until it is killed. */
  public static void main(String[] args) throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
    var backend = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[1]));
    try (var listener = ServerSocketChannel.open()) {
      listener.bind(address, Responses.BACKLOG);
      while (true) {
        SocketChannel client = listener.accept();
        client.setOption(StandardSocketOptions.TCP_NODELAY, true);
        Thread.startVirtualThread(() -> serve(client, backend));
      }
    }
  }

  private static void serve(SocketChannel client, InetSocketAddress address) {
    RequestHeads heads = new RequestHeads();
    ByteBuffer requests = ByteBuffer.allocateDirect(Responses.READ_BYTES);
    ByteBuffer response = Responses.view().limit(Responses.bytes(1));
    try (client; var backend = new BlockingBackend(address)) {
      while (client.read(requests.clear()) >= 0) {
        for (int left = heads.count(requests, 0, requests.position()); left > 0; left--) {
          backend.call();
          response.rewind();
          while (response.hasRemaining()) {
            client.write(response);
          }
        }
      }
    } catch (IOException _) {
      // the client has reset the connection
    }
  }
}
