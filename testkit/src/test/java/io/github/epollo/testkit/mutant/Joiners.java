package io.github.epollo.testkit.mutant;

import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.testkit.Simulation;
import io.github.epollo.timers.Timers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Several tasks wait for the end of one. */
public final class Joiners implements Runnable {
  private final long seed;

  /** With a seed, for {@link MutantLoader}. */
  public Joiners(long seed) {
    this.seed = seed;
  }

  @Override
  public void run() {
    Simulation.ofSeed(seed).withStallLimit(Duration.ofMillis(200)).run(_ -> {
      Task<?> awaited = Tasks.spawn(() -> Timers.sleep(Duration.ofMillis(1)));
      List<Task<?>> joiners = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        joiners.add(Tasks.spawn(() -> {
          awaited.join();
        }));
      }
      joiners.forEach(Task::join);
    });
  }
}
