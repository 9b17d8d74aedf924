package io.github.epollo.fs;

import io.github.epollo.net.TcpListener;
import io.github.epollo.net.TcpStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Both ends of a connection over the loopback interface. */
record Connection(TcpStream client, TcpStream server) implements AutoCloseable {
  static Connection open() throws IOException {
    try (TcpListener listener = TcpListener.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0))) {
      TcpStream client = TcpStream.connect(listener.localAddress());
      return new Connection(client, listener.accept());
    }
  }

  /** With small kernel buffers at both ends, so that a writer soon has to wait. */
  static Connection narrow() throws IOException {
    Connection connection = open();
    connection.client.setSendBufferSize(16 * 1024);
    connection.server.setReceiveBufferSize(16 * 1024);
    return connection;
  }

  @Override
  public void close() {
    client.close();
    server.close();
  }
}
