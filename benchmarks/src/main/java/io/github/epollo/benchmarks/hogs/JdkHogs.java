package io.github.epollo.benchmarks.hogs;

import io.github.epollo.benchmarks.JdkEchoServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/** The JDK's virtual threads, on its own scheduler. Argument: the port. */
final class JdkHogs extends HogPeer<Thread> {
  private JdkHogs() {}

  public static void main(String[] args) throws Exception {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
    Thread _ = Thread.ofPlatform().daemon().start(() -> {
      try {
        JdkEchoServer.accept(address);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
    new JdkHogs().serve();
  }

  @Override
  Thread spawn(Runnable body) {
    return Thread.startVirtualThread(body);
  }

  @Override
  void join(Thread task) {
    try {
      task.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  void giveWay() {
    Thread.yield();
  }

  @Override
  void sleep(long nanos) {
    try {
      Thread.sleep(Duration.ofNanos(nanos));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  void inTask(Runnable body) {
    join(spawn(body));
  }
}
