package io.github.epollo.testkit;

import io.github.epollo.net.TcpListener;
import io.github.epollo.net.TcpStream;
import io.github.epollo.runtime.Body;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.kernel.Kernel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** What the tests of production code on the simulated kernel share. */
final class SimRuntime {
  private SimRuntime() {}

  static EpolloOptions on(Kernel kernel) {
    return EpolloOptions.defaults().withKernel(kernel);
  }

  static void run(Kernel kernel, Body body) {
    Epollo.run(on(kernel), body);
  }

  static InetSocketAddress at(String host, int port) {
    return new InetSocketAddress(InetAddress.ofLiteral(host), port);
  }

  /** Serves until the task is cancelled or the listener is closed. */
  static void echo(TcpListener listener) throws IOException {
    for (TcpStream stream : listener.incoming()) {
      Task<?> _ = Tasks.spawn(() -> {
        try (stream) {
          ByteBuffer buffer = ByteBuffer.allocate(1000);
          while (stream.read(buffer.clear()) >= 0) {
            stream.writeFully(buffer.flip());
          }
        }
      });
    }
  }

  /** Sends {@code size} bytes to an echo server while it reads them back. */
  static void ask(InetSocketAddress address, int size) throws IOException {
    try (TcpStream stream = TcpStream.connect(address)) {
      ask(stream, size);
    }
  }

  static void ask(TcpStream stream, int size) throws IOException {
    byte[] data = new byte[size];
    for (int i = 0; i < size; i++) {
      data[i] = (byte) (31 * i + (i >> 8));
    }
    Task<?> writer = Tasks.spawn(() -> {
      stream.writeFully(ByteBuffer.wrap(data));
      stream.shutdownOutput();
    });
    ByteBuffer answer = ByteBuffer.allocate(size + 1);
    while (stream.read(answer) >= 0) {}
    if (!answer.flip().equals(ByteBuffer.wrap(data))) {
      throw new AssertionError("the echo differs after " + answer.mismatch(ByteBuffer.wrap(data)) + " bytes");
    }
    Object _ = writer.join();
  }
}
