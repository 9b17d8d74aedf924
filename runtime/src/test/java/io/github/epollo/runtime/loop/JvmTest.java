package io.github.epollo.runtime.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.future.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What happens once in a JVM, each in a JVM of its own. */
@EnabledIfSystemProperty(named = "epollo.test.carrier", matches = "loop")
@Timeout(60)
final class JvmTest {
  private static final String OPENS = "java.base/java.lang=ALL-UNNAMED";

  /** What {@code main} prints in a JVM of its own, which is ended after 40 s. */
  static String run(Class<?> main, String... flags) throws Exception {
    List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java", "-Xmx128m",
        "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED", "-ea", "-cp",
        System.getProperty("java.class.path")));
    command.addAll(List.of(flags));
    command.add(main.getName());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      process.getOutputStream().close();
      Thread reaper = Thread.ofPlatform().daemon().start(() -> {
        try {
          if (!process.waitFor(40, TimeUnit.SECONDS)) {
            process.destroyForcibly();
          }
        } catch (InterruptedException e) {
          process.destroyForcibly();
        }
      });
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      reaper.join();
      return output;
    } finally {
      process.destroyForcibly();
    }
  }

  /** The loop is the first in the JVM to do anything; then a virtual thread outside uses sockets while the loop is held. */
  static final class SocketsOutsideALoop {
    public static void main(String[] args) throws Exception {
      CountDownLatch held = new CountDownLatch(1);
      CountDownLatch release = new CountDownLatch(1);
      Epollo epollo = Epollo.start();
      epollo.call(() -> echo()); // the first to block on a JDK socket is a task
      epollo.loop().execute(() -> {
        held.countDown();
        try {
          release.await();
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      });
      held.await();
      boolean whileHeld = virtualEcho();
      release.countDown();
      epollo.close();
      boolean afterClose = virtualEcho();
      System.out.println("carried " + epollo.loop().carriesTasks() + ", while held " + whileHeld + ", after close "
          + afterClose);
      System.exit(0);
    }

    private static boolean virtualEcho() throws Exception {
      return Thread.ofVirtual().start(() -> {
        try {
          echo();
        } catch (Exception e) {
          throw new AssertionError(e);
        }
      }).join(java.time.Duration.ofSeconds(5));
    }

    private static void echo() throws IOException {
      try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
          Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
          Socket accepted = server.accept()) {
        Thread writer = Thread.ofPlatform().start(() -> {
          try {
            Thread.sleep(100); // so that the read blocks; not needed for the result
            accepted.getOutputStream().write(1);
          } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
          }
        });
        assertThat(client.getInputStream().read()).isEqualTo(1);
        assertThat(writer).isNotNull();
      }
    }
  }

  @Test
  void socketsOfTheJdkDoNotDependOnALoop() throws Exception {
    assertThat(run(SocketsOutsideALoop.class, "--add-opens", OPENS))
        .contains("carried true, while held true, after close true");
  }

  /** Hazard 22: the JVM ends while everything is pending on every loop, and a hook closes the runtime. */
  static final class ClosedByAHook {
    public static void main(String[] args) {
      Epollo epollo = Epollo.builder().loops(3).start();
      CountDownLatch began = new CountDownLatch(3);
      epollo.loops().forEach(loop -> {
        epollo.spawnOn(loop, Future.pending());
        epollo.spawnOn(loop, () -> {
          began.countDown();
          try {
            Future.pending().await();
          } finally {
            System.out.println("cleaned up");
          }
        });
      });
      Runtime.getRuntime().addShutdownHook(new Thread(() -> {
        epollo.close();
        System.out.println(epollo);
      }));
      try {
        began.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      System.exit(0);
    }
  }

  @Test
  void aShutdownHookCanCloseARuntime() throws Exception {
    assertThat(run(ClosedByAHook.class, "--add-opens", OPENS)).containsSubsequence("cleaned up", "cleaned up",
        "cleaned up", "CLOSED, 0 tasks");
  }

  static final class InterruptedFirstUser {
    public static void main(String[] args) {
      Thread.currentThread().interrupt();
      try (Epollo epollo = Epollo.start()) {
        System.out.println("carried " + epollo.loop().carriesTasks() + ", interrupted " + Thread.interrupted());
      }
      try (Epollo epollo = Epollo.local()) {
        System.out.println("local " + epollo.<String>call(() -> "works"));
      }
    }
  }

  @Test
  void anInterruptOfTheFirstUserDoesNotCostTheJvmItsCarrier() throws Exception {
    assertThat(run(InterruptedFirstUser.class, "--add-opens", OPENS)).contains("carried true, interrupted true")
        .contains("local works");
  }

  static final class WithoutTheFlag {
    public static void main(String[] args) {
      for (int i = 0; i < 3; i++) {
        System.out.println("result " + Epollo.<Integer>run(() -> 42));
      }
      try {
        Epollo.local().close();
      } catch (IllegalStateException e) {
        System.out.println("local: " + e.getMessage());
      }
    }
  }

  @Test
  void withoutTheFlagOneLineNamesIt() throws Exception {
    String output = run(WithoutTheFlag.class);
    assertThat(output.lines().filter(l -> l.equals("result 42"))).hasSize(3);
    assertThat(output.lines().filter(l -> l.startsWith("INFO"))).singleElement().asString()
        .contains("start the JVM with --add-opens java.base/java.lang=ALL-UNNAMED");
    assertThat(output).contains("local: cannot run tasks on the loop's own thread: java.lang is not open to Epollo; "
        + "start the JVM with --add-opens java.base/java.lang=ALL-UNNAMED");
  }
}
