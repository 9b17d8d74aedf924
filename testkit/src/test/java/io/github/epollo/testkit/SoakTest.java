package io.github.epollo.testkit;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Seed after seed for as long as it is told to: {@code mvn verify -Psoak -Depollo.soak.minutes=60}. The system property {@code epollo.seed} runs one seed only.
 */
@Tag("soak")
class SoakTest {
  private static final String REPLAY = "mvn verify -Psoak -pl testkit -am -Depollo.seed=";

  @Test
  @Timeout(value = 7, unit = TimeUnit.DAYS)
  void seedAfterSeed() {
    Long replayed = Simulation.replayedSeed();
    long minutes = Long.getLong("epollo.soak.minutes", 3);
    long first = replayed != null ? replayed : new SecureRandom().nextLong();
    System.out.println("soak: " + minutes + " min on Java " + System.getProperty("java.version") + ", first seed "
        + first);
    long end = System.nanoTime() + Duration.ofMinutes(minutes).toNanos();
    Soak.Totals totals = new Soak.Totals();
    long seed = first;
    do {
      run(seed++, totals);
    } while (replayed == null && System.nanoTime() - end < 0);
    System.out.println("soak: " + (seed - first) + " seeds, " + totals);
  }

  private static void run(long seed, Soak.Totals totals) {
    try {
      new Soak(seed, totals).run();
    } catch (Throwable t) {
      System.out.println("soak: seed " + seed + " failed, run it again with " + REPLAY + seed);
      throw t;
    }
  }
}
