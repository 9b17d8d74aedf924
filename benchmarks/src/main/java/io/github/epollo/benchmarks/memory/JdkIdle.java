package io.github.epollo.benchmarks.memory;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** As {@link EpolloIdle}, with blocking channels in virtual threads of the JDK. Argument: the port. */
final class JdkIdle {
  private static final int BACKLOG = 1024;

  private JdkIdle() {}

  public static void main(String[] args) throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
    try (var listener = ServerSocketChannel.open()) {
      listener.bind(address, BACKLOG);
      while (true) {
        SocketChannel stream = listener.accept();
        Thread.startVirtualThread(() -> serve(stream));
      }
    }
  }

  private static void serve(SocketChannel stream) {
    ByteBuffer bytes = ByteBuffer.allocate(EpolloIdle.BUFFER);
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
