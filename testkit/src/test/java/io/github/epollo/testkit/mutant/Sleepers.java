package io.github.epollo.testkit.mutant;

import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.testkit.Simulation;
import io.github.epollo.timers.Timers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Many sleeps, of all lengths; none may end early. */
public final class Sleepers implements Runnable {
  private final long seed;

  /** With a seed, for {@link MutantLoader}. */
  public Sleepers(long seed) {
    this.seed = seed;
  }

  @Override
  public void run() {
    SplittableRandom random = new SplittableRandom(seed);
    Simulation.ofSeed(seed).run(world -> {
      List<Task<?>> sleepers = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        long nanos = random.nextLong(1L << random.nextInt(1, 50));
        sleepers.add(Tasks.spawn(() -> {
          long start = world.time().now();
          Timers.sleep(Duration.ofNanos(nanos));
          long slept = world.time().now() - start;
          if (slept < nanos) {
            throw new AssertionError("a sleep of " + nanos + " ns ended " + (nanos - slept) + " ns early");
          }
        }));
      }
      sleepers.forEach(Task::join);
    });
  }
}
