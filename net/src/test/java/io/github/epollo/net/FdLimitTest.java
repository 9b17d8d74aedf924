package io.github.epollo.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Hazard 10, for real: 200 clients of a server that may open 64 descriptors more than it has. */
class FdLimitTest {
  private static final int CLIENTS = 200;

  @Test
  void aServerOutOfDescriptorsIdlesAndRecovers() throws Exception {
    List<Socket> clients = new ArrayList<>();
    Process server = new ProcessBuilder(command()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (var lines = server.inputReader(); var commands = server.outputWriter()) {
      int port = Integer.parseInt(lines.readLine());
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(new Socket(java.net.InetAddress.ofLiteral("127.0.0.1"), port));
      }
      commands.write("measure\n");
      commands.flush();
      String[] measured = lines.readLine().split(" ", 2);
      double load = Double.parseDouble(measured[0]);
      int accepted = Integer.parseInt(measured[1]);
      assertThat(accepted).isBetween(10, CLIENTS - 10);
      assertThat(load).isLessThan(0.05);
      for (Socket client : clients) {
        client.close();
      }
      assertThat(lines.readLine()).isEqualTo("all " + CLIENTS);
      assertThat(server.waitFor(20, TimeUnit.SECONDS)).isTrue();
    } finally {
      server.destroyForcibly();
    }
  }

  private static List<String> command() {
    String java = System.getProperty("java.home") + "/bin/java";
    String flag = System.getProperty("epollo.test.carrier", "loop").equals("loop")
        ? "--add-opens java.base/java.lang=ALL-UNNAMED "
        : "";
    return List.of("sh", "-c", "ulimit -n 100; exec " + java + " -XX:-MaxFDLimit -Xmx256m -XX:+UseSerialGC "
        + "--enable-native-access=ALL-UNNAMED " + flag + "-cp '" + System.getProperty("java.class.path") + "' "
        + "'" + Server.class.getName() + "'");
  }

  /** Accepts, holds each connection until its peer closes, and measures itself on demand. */
  static final class Server {
    private Server() {}

    public static void main(String[] args) throws Exception {
      var os = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
      long ready = os.getProcessCpuTime(); // loads its library while a descriptor is free
      int[] accepted = new int[1];
      CountDownLatch all = new CountDownLatch(CLIENTS);
      try (Epollo epollo = Epollo.start()) {
        TcpListener listener = epollo.call(() -> Loopback.listen());
        epollo.call(() -> { // loads every class that a connection needs: from a directory, each takes a descriptor for a moment
          Loopback.Pair pair = Loopback.Pair.open();
          Task<?> holding = Tasks.spawn(() -> hold(pair.server()));
          Tasks.yieldNow();
          pair.client().writeFully(java.nio.ByteBuffer.allocate(1));
          pair.client().close();
          holding.join();
        });
        Task<?> serving = epollo.spawn(() -> {
          for (TcpStream stream : listener.incoming()) {
            accepted[0]++;
            Tasks.spawn(() -> {
              hold(stream);
              all.countDown();
            });
          }
        });
        System.out.println(listener.localAddress().getPort());
        if (System.in.read() < 0) {
          return;
        }
        new CountDownLatch(1).await(1, TimeUnit.SECONDS); // let it warm up and fail
        long cpu = Math.max(ready, os.getProcessCpuTime());
        new CountDownLatch(1).await(2, TimeUnit.SECONDS);
        System.out.println((os.getProcessCpuTime() - cpu) / 2e9 + " " + accepted[0]);
        all.await();
        System.out.println("all " + accepted[0]);
        serving.cancel();
      }
    }

    private static void hold(TcpStream stream) throws IOException {
      try (stream) {
        while (stream.read(java.nio.ByteBuffer.allocate(10)) >= 0) {}
      }
    }
  }
}
