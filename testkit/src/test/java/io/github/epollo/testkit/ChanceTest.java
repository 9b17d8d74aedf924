package io.github.epollo.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.loop.Loop;
import io.github.epollo.timers.Retry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the code under test leaves to chance comes from the simulation's seed, too. */
class ChanceTest {
  @Test
  void theSameSeedMakesTheSameChoices() {
    Set<List<Long>> all = new HashSet<>();
    for (long seed = 0; seed < 5; seed++) {
      List<Long> choices = choices(Simulation.ofSeed(seed));
      assertThat(choices(Simulation.ofSeed(seed))).isEqualTo(choices);
      all.add(choices);
    }
    assertThat(all).as("different seeds").hasSize(5);
  }

  @Test
  void anotherScheduleMakesOtherChoices() {
    Set<List<Long>> all = new HashSet<>();
    for (long seed = 0; seed < 5; seed++) {
      Simulation simulation = Simulation.ofSeed(1).withSchedule(Schedule.ofSeed(seed));
      List<Long> choices = choices(simulation);
      assertThat(choices(simulation)).isEqualTo(choices);
      all.add(choices);
    }
    assertThat(all).hasSize(5);
  }

  /** Who wins a race, in a task and on the loop's own thread, and how long the pauses of a retry are. */
  private static List<Long> choices(Simulation simulation) {
    List<Long> choices = new ArrayList<>();
    simulation.run(_ -> {
      for (int i = 0; i < 10; i++) {
        choices.add(race().await());
        choices.add(Tasks.spawn(race()).join());
      }
      long begin = Loop.current().now();
      int[] attempts = new int[1];
      Retry.attempts(5).call(() -> {
        if (++attempts[0] < 5) {
          throw new IOException("again");
        }
      });
      choices.add(Loop.current().now() - begin);
    });
    assertThat(choices).hasSize(21);
    return choices;
  }

  private static Future<Long> race() {
    return Future.race(Future.ready(0L), Future.ready(1L), Future.ready(2L));
  }
}
