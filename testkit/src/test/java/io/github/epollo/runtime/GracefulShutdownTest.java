package io.github.epollo.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.net.TcpListener;
import io.github.epollo.net.TcpStream;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.timers.Timers;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server in a JVM of its own gets real signals. */
class GracefulShutdownTest {
  private static final String LONG = "PT1H";

  @ParameterizedTest
  @CsvSource({"run,TERM", "start,INT"})
  void whatIsUnderWayComesToItsEndAndNobodyNewIsLetIn(String how, String signal) throws Exception {
    try (Server server = new Server(how, LONG); Socket client = server.connect()) {
      client.getOutputStream().write('a');
      assertThat(server.out.readLine()).isEqualTo("serving");
      server.signal(signal);
      assertThat(server.out.readLine()).isEqualTo("closed first");
      assertThatThrownBy(server::connect).isInstanceOf(ConnectException.class);
      assertThat(server.process.isAlive()).isTrue();
      client.getOutputStream().write('b');
      assertThat(client.getInputStream().read()).isEqualTo('b');
      assertThat(server.out.readLine()).isEqualTo("result 1");
      assertThat(server.exitCode()).isZero();
    }
  }

  @Test
  void theLimitCutsOffWhatIsStuckButNotItsCleanUp() throws Exception {
    try (Server server = new Server("run", "PT0.2S"); Socket client = server.connect()) {
      client.getOutputStream().write('a');
      assertThat(server.out.readLine()).isEqualTo("serving");
      server.signal("TERM");
      assertThat(server.out.readLine()).isEqualTo("closed first");
      assertThat(client.getInputStream().read()).as("what the finally block sends").isEqualTo('!');
      assertThat(server.out.readLine()).contains("DeadlineExceededException").contains("PT0.2S");
      assertThat(server.exitCode()).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @CsvSource({"TERM,TERM,143", "TERM,INT,130"})
  void theSecondSignalEndsAtOnce(String first, String second, int exitCode) throws Exception {
    try (Server server = new Server("run", LONG); Socket client = server.connect()) {
      client.getOutputStream().write('a');
      assertThat(server.out.readLine()).isEqualTo("serving");
      server.signal(first);
      assertThat(server.out.readLine()).isEqualTo("closed first");
      server.signal(second);
      assertThat(server.exitCode()).isEqualTo(exitCode);
    }
  }

  @Test
  void anIdleServerEndsAtOnce() throws Exception {
    try (Server server = new Server("start", LONG)) {
      server.signal("TERM");
      assertThat(server.out.readLine()).isEqualTo("closed first");
      assertThat(server.out.readLine()).isEqualTo("result 0");
      assertThat(server.exitCode()).isZero();
    }
  }

  @Test
  void aServerThatEndsByItselfLeavesTheSignalsAsTheyWere() throws Exception {
    Epollo.run(() -> {
      assertThat(GracefulShutdown.<Integer>run(Duration.ofHours(1), _ -> 42)).isEqualTo(42);
      assertThatThrownBy(() -> GracefulShutdown.run(Duration.ofHours(1), _ -> {
        throw new IOException("disk");
      })).hasRootCauseMessage("disk");
      assertThat(Timers.armed()).isZero();
    });
    try (Server server = new Server("twice", LONG)) {
      server.signal("TERM");
      assertThat(server.exitCode()).as("by the JVM itself").isEqualTo(143);
    }
  }

  @Test
  void itCanBeBegunWithoutASignalAndEveryHookRuns() {
    Epollo.run(() -> {
      List<String> steps = new ArrayList<>();
      String result = GracefulShutdown.run(Duration.ofHours(1), shutdown -> {
        shutdown.closeFirst(() -> {
          throw new IOException("one");
        });
        shutdown.closeFirst(() -> {
          throw new AssertionError("broken");
        });
        shutdown.closeFirst(() -> steps.add("two"));
        assertThat(shutdown.isStopping()).isFalse();
        shutdown.stop();
        shutdown.stop();
        assertThat(shutdown.isStopping()).isTrue();
        while (steps.isEmpty()) {
          Tasks.yieldNow();
        }
        shutdown.closeFirst(() -> steps.add("late"));
        return "result";
      });
      assertThat(steps).containsExactly("two", "late");
      assertThat(result).isEqualTo("result");
    });
  }

  @Test
  void aHookThatWaitsForEverDoesNotStretchTheLimit() {
    Epollo.run(() -> assertThatThrownBy(() -> GracefulShutdown.run(Duration.ofMillis(1), shutdown -> {
      shutdown.closeFirst(() -> Timers.sleep(Duration.ofHours(1)));
      shutdown.stop();
      Timers.sleep(Duration.ofHours(1));
      return 1;
    })).isInstanceOf(DeadlineExceededException.class));
  }

  /** A child JVM that runs {@link Child}. */
  private static final class Server implements AutoCloseable {
    final Process process;
    final BufferedReader out;
    private final int port;

    Server(String how, String limit) throws IOException {
      process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m",
          "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=deny",
          "--add-opens", "java.base/java.lang=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
          Child.class.getName(), how, limit).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      out = process.inputReader();
      port = Integer.parseInt(out.readLine());
    }

    Socket connect() throws IOException {
      return new Socket(InetAddress.getLoopbackAddress(), port);
    }

    void signal(String name) throws Exception {
      Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).inheritIO().start();
      assertThat(kill.waitFor()).isZero();
    }

    int exitCode() throws InterruptedException {
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      return process.exitValue();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  /** Answers the second byte of each connection; says good-bye with '!' if it is cancelled. */
  static final class Child {
    private Child() {}

    public static void main(String[] args) throws Exception {
      Duration limit = Duration.parse(args[1]);
      try {
        int served = switch (args[0]) {
          case "run" -> Epollo.run(() -> serve(limit));
          case "twice" -> {
            Epollo.run(() -> GracefulShutdown.run(limit, _ -> 1));
            System.out.println(0);
            Thread.sleep(60_000);
            yield 1;
          }
          default -> {
            try (Epollo epollo = Epollo.start()) {
              yield epollo.call(() -> serve(limit));
            }
          }
        };
        System.out.println("result " + served);
      } catch (RuntimeException e) {
        System.out.println(e);
        System.exit(3);
      }
    }

    private static int serve(Duration limit) {
      return GracefulShutdown.run(limit, shutdown -> {
        TcpListener listener = shutdown
            .closeFirst(TcpListener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
        shutdown.closeFirst(() -> System.out.println("closed first"));
        System.out.println(listener.localAddress().getPort());
        int served = 0;
        try (var requests = TaskScope.open(ScopePolicy.supervise())) {
          for (TcpStream stream : listener.incoming()) {
            served++;
            requests.spawn(() -> answer(stream));
          }
          requests.join();
        }
        return served;
      });
    }

    private static void answer(TcpStream stream) throws IOException {
      boolean done = false;
      try (stream) {
        ByteBuffer buffer = ByteBuffer.allocate(1);
        try {
          stream.readFully(buffer);
          System.out.println("serving");
          stream.readFully(buffer.clear());
          stream.writeFully(buffer.flip());
          done = true;
        } finally {
          if (!done) {
            Tasks.shield(() -> stream.writeFully(ByteBuffer.wrap(new byte[]{'!'})));
          }
        }
      }
    }
  }
}
