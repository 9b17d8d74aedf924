package io.github.epollo.benchmarks;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A connection to the backend by a blocking channel of the JDK; it connects at the first call. One virtual thread at a time calls, any thread closes. */
final class BlockingBackend implements Closeable {
  private final BackendMessage message = new BackendMessage();
  private final SocketChannel channel = SocketChannel.open();
  private final InetSocketAddress address;

  BlockingBackend(InetSocketAddress address) throws IOException {
    this.address = address;
  }

  /** Sends a message and waits for its echo. */
  void call() throws IOException {
    if (!channel.isConnected()) {
      channel.connect(address);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }
    ByteBuffer next = message.next();
    while (next.hasRemaining()) {
      channel.write(next);
    }
    ByteBuffer echo = message.echo();
    while (echo.hasRemaining()) {
      if (channel.read(echo) < 0) {
        throw new EOFException("the backend has closed the connection");
      }
    }
    message.check();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
