package io.github.epollo.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.testkit.Simulation;
import io.github.epollo.timers.Timers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Blocking calls on a simulated host are tasks of that host: in its order, and in its time. */
class BlockingTimesTest {
  @Test
  void theSameSeedIsTheSameRun() {
    List<String> orders = new ArrayList<>();
    for (long seed = 0; seed < 10; seed++) {
      String order = run(seed);
      assertThat(run(seed)).as("seed %s", seed).isEqualTo(order);
      orders.add(order);
    }
    assertThat(orders.stream().distinct().count()).as("orders of ten seeds").isGreaterThan(5);
  }

  private static String run(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    StringBuilder order = new StringBuilder();
    var trace = Simulation.ofSeed(seed).run(_ -> {
      try (var scope = TaskScope.open()) {
        for (int i = 0; i < 20; i++) {
          int number = i;
          if (random.nextBoolean()) {
            scope.spawn(() -> order.append(Tasks.<Integer>blocking(() -> number)).append(' '));
          } else {
            scope.spawn(Tasks.blockingAsync(() -> number).map(n -> order.append(n).append('f')));
          }
        }
        scope.join();
      }
    });
    return order + trace.toString();
  }

  @Test
  void timeStandsStillWhileACallRuns() {
    Simulation.ofSeed(1).run(world -> {
      long before = world.time().now();
      Task<?> sleeper = Tasks.spawn(() -> Timers.sleep(Duration.ofHours(1)));
      long after = Tasks.blocking(() -> {
        long sum = 0;
        for (int i = 0; i < 1_000_000; i++) {
          sum += i;
        }
        return sum > 0 ? world.time().now() : 0;
      });
      assertThat(after).isEqualTo(before);
      assertThat(sleeper.isDone()).isFalse();
      sleeper.close();
      assertThat(Thread.getAllStackTraces().keySet()).noneMatch(t -> t.getName().contains("-blocking-"));
    });
  }

  @Test
  void aCallThatTakesTooLongIsInterruptedAndWaitedFor() {
    List<String> steps = new ArrayList<>();
    Simulation.ofSeed(1).run(_ -> {
      assertThatThrownBy(() -> Timers.withTimeout(Duration.ofSeconds(1), () -> Tasks.blocking(() -> {
        try {
          Timers.sleep(Duration.ofHours(1)); // stands for a long one
          return 1;
        } finally {
          steps.add("call ended");
        }
      }))).isInstanceOf(DeadlineExceededException.class);
      steps.add("caller goes on");
    });
    assertThat(steps).containsExactly("call ended", "caller goes on");
  }
}
