package io.github.epollo.testkit.mutant;

import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.loop.Loop;
import io.github.epollo.testkit.Simulation;
import io.github.epollo.timers.Timers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Sleeps are cancelled; afterwards the loop must sleep through all their deadlines. */
public final class Cancelled implements Runnable {
  private static final int COUNT = 200;
  private static final int FEW = 40; // a wheel of timers turns now and then

  private final long seed;

  /** With a seed, for {@link MutantLoader}. */
  public Cancelled(long seed) {
    this.seed = seed;
  }

  @Override
  public void run() {
    SplittableRandom random = new SplittableRandom(seed);
    Simulation.ofSeed(seed).run(_ -> {
      List<Task<?>> sleepers = new ArrayList<>();
      for (int i = 0; i < COUNT; i++) {
        Duration duration = Duration.ofMillis(1_000 + random.nextInt(3_000_000));
        sleepers.add(Tasks.spawn(() -> Timers.sleep(duration)));
      }
      Timers.sleep(Duration.ofMillis(1));
      for (Task<?> sleeper : sleepers) {
        sleeper.cancel().await();
      }
      long before = Loop.current().turns();
      Timers.sleep(Duration.ofHours(1));
      long turns = Loop.current().turns() - before;
      if (turns > FEW) {
        throw new AssertionError("idle for an hour with " + COUNT + " cancelled timers: " + turns + " wake-ups");
      }
    });
  }
}
