package io.github.epollo.testkit.mutant;

import io.github.epollo.fs.AsyncFile;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.testkit.Simulation;
import io.github.epollo.timers.Timers;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Hazard 23: reads that were given up, which the device makes all the same, and writes that begin right after that. The memory of the reads must not be that of the writes.
 */
public final class LateReads implements Runnable {
  private static final Path FILE = Path.of("/tmp/file");
  private static final int PAGE = 4096;
  private static final int PAGES = 16;
  private static final int ROUNDS = 20;

  private final long seed;

  /** With a seed, for {@link MutantLoader}. */
  public LateReads(long seed) {
    this.seed = seed;
  }

  @Override
  public void run() {
    Simulation.ofSeed(seed).run(world -> {
      byte[] old = new byte[PAGE * PAGES];
      Arrays.fill(old, (byte) 'o');
      world.disk().write(FILE, old);
      world.disk().latency(Duration.ofMillis(5));
      Path written = Path.of("/tmp/written");
      try (AsyncFile file = AsyncFile.open(FILE, StandardOpenOption.READ);
          AsyncFile target = AsyncFile.open(written, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
              StandardOpenOption.DSYNC)) {
        for (int round = 0; round < ROUNDS; round++) {
          world.disk().evict();
          List<Future<Integer>> reads = new ArrayList<>();
          for (int i = 0; i < 4; i++) {
            Future<Integer> read = file.readAtAsync(ByteBuffer.allocate(PAGE), (long) i * PAGE);
            var _ = read.poll(() -> {});
            reads.add(read);
          }
          Timers.sleep(Duration.ofMillis(1)); // now the device has them
          reads.forEach(Future::close);
          byte[] now = new byte[PAGE];
          Arrays.fill(now, (byte) round);
          target.writeFullyAt(ByteBuffer.wrap(now), 0);
          if (!Arrays.equals(world.disk().read(written), now)) {
            throw new AssertionError("a write has the bytes of a read that was given up, in round " + round);
          }
        }
      }
    });
  }
}
