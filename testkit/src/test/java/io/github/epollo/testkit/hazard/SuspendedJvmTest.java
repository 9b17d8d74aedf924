package io.github.epollo.testkit.hazard;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.loop.Loop;
import io.github.epollo.timers.Timers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Hazard 17, for real: a JVM that sleeps is stopped for two seconds and goes on. */
class SuspendedJvmTest {
  private static final Duration STOPPED = Duration.ofSeconds(2);
  private static final Duration PERIOD = Duration.ofMillis(10);
  private static final int SLACK = 20; // periods until the signal stops all threads; catching up would be 200

  @Test
  void nothingIsEarlyNothingFiresTwiceNothingSpins() throws Exception {
    Process child = new ProcessBuilder(command()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (var lines = child.inputReader(); var commands = child.outputWriter()) {
      assertThat(lines.readLine()).isEqualTo("asleep");
      signal("STOP", child);
      long start = System.nanoTime();
      TimeUnit.NANOSECONDS.sleep(STOPPED.toNanos());
      long stopped = System.nanoTime() - start;
      signal("CONT", child);
      commands.write("end\n");
      commands.flush();
      List<String> told = new ArrayList<>(lines.readAllLines());
      assertThat(child.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(told).hasSize(1);
      long[] numbers = java.util.Arrays.stream(told.get(0).split(" ")).mapToLong(Long::parseLong).toArray();
      long elapsed = numbers[0];
      long sleeps = numbers[1];
      assertThat(numbers[2]).as("sleeps that ended early").isZero();
      assertThat(numbers[3]).as("those of %s that fired once", Child.ONCE).isEqualTo(Child.ONCE);
      assertThat(elapsed).isGreaterThanOrEqualTo(stopped);
      assertThat(sleeps).as("periods, none of them while it was stopped")
          .isLessThanOrEqualTo((elapsed - stopped) / PERIOD.toNanos() + SLACK);
      assertThat(numbers[4]).as("waits").isLessThanOrEqualTo(16 * (sleeps + Child.ONCE) + 100);
    } finally {
      child.destroyForcibly();
    }
  }

  private static void signal(String name, Process process) throws Exception {
    assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).inheritIO().start().waitFor())
        .isZero();
  }

  private static List<String> command() {
    return List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m",
        "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=deny",
        "--add-opens", "java.base/java.lang=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
        Child.class.getName());
  }

  /** Sleeps, over and over, until it is told to end; then prints: nanoseconds, sleeps, early ones, single sleeps that ended once, waits. */
  static final class Child {
    static final int ONCE = 50;

    private Child() {}

    public static void main(String[] args) throws Exception {
      try (Epollo epollo = Epollo.start()) {
        int[] fired = new int[ONCE];
        long[] sleeps = new long[2];
        List<Task<?>> singles = new ArrayList<>();
        long start = System.nanoTime();
        Loop loop = epollo.call(() -> {
          for (int i = 0; i < ONCE; i++) {
            int number = i;
            singles.add(Tasks.spawn(() -> {
              Timers.sleep(Duration.ofMillis(200 + 30 * number));
              fired[number]++;
            }));
          }
          return Loop.current();
        });
        Task<?> repeating = epollo.spawn(() -> {
          while (true) {
            long before = System.nanoTime();
            Timers.sleep(PERIOD);
            sleeps[0]++;
            if (System.nanoTime() - before < PERIOD.toNanos()) {
              sleeps[1]++;
            }
          }
        });
        System.out.println("asleep");
        int _ = System.in.read();
        epollo.call(() -> {
          singles.forEach(Task::join);
          repeating.cancel().await();
        });
        long once = java.util.Arrays.stream(fired).filter(f -> f == 1).count();
        System.out.println((System.nanoTime() - start) + " " + sleeps[0] + " " + sleeps[1] + " " + once + " "
            + loop.driver().polls());
      }
    }
  }
}
