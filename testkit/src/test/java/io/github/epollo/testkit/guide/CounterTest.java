package io.github.epollo.testkit.guide;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.testkit.CrashTest;
import io.github.epollo.testkit.EpolloTest;
import io.github.epollo.testkit.Simulation;
import io.github.epollo.testkit.World;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CounterTest {
  // @start region="disk"
  private static final Path FILE = Path.of("/tmp/count");

  @EpolloTest(virtualTime = true)
  void aFullDiskLosesNoCount(World world) throws IOException {
    world.disk().write(FILE, "41".getBytes(US_ASCII));
    world.disk().latency(Duration.ofSeconds(1)); // takes no time to test
    world.disk().evict(); // nothing is in the page cache
    Counter counter = new Counter(FILE);
    world.disk().capacity(0);

    assertThatThrownBy(counter::increment).isInstanceOf(FileSystemException.class).hasMessageContaining("ENOSPC");

    world.disk().capacity(1_000_000);
    counter.increment();
    assertThat(world.disk().read(FILE)).asString(US_ASCII).isEqualTo("42");
  }
  // @end

  // @start region="crash"
  @Test
  void noCrashLosesACount() {
    int states = CrashTest.of(Simulation.ofSeed(1), _ -> new Counter(FILE).increment())
        .withPreparation(world -> world.disk().write(FILE, "41".getBytes(US_ASCII)))
        .verify((_, returned) -> {
          if (returned) {
            assertThat(new Counter(FILE).count()).isEqualTo(42);
          } else {
            assertThat(new Counter(FILE).count()).isIn(41L, 42L);
          }
        });

    assertThat(states).isGreaterThan(2);
  }
  // @end
}
