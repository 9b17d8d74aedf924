package io.github.epollo.testkit.mutant;

import io.github.epollo.fs.AsyncFile;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.testkit.Simulation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Hazards 6 and 7: files that are closed while they are read, and by two at once, and another that gets their numbers. Nobody reads the other, and nobody closes it. */
public final class ClosedFiles implements Runnable {
  private static final Path FILE = Path.of("/tmp/file");
  private static final Path DECOY = Path.of("/tmp/decoy");
  private static final int PAGE = 4096;
  private static final int ROUNDS = 20;

  private final long seed;

  /** With a seed, for {@link MutantLoader}. */
  public ClosedFiles(long seed) {
    this.seed = seed;
  }

  @Override
  public void run() {
    Simulation.ofSeed(seed).run(world -> {
      world.disk().forbidRings(); // a ring keeps the file open by itself, for what it has taken
      world.disk().write(FILE, bytes('f'));
      world.disk().write(DECOY, bytes('d'));
      world.disk().latency(Duration.ofMillis(1));
      for (int round = 0; round < ROUNDS; round++) {
        world.disk().evict();
        AsyncFile file = AsyncFile.open(FILE, StandardOpenOption.READ);
        List<Task<?>> tasks = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
          tasks.add(Tasks.spawn("reader", () -> read(file)));
        }
        for (int i = 0; i < 2; i++) {
          tasks.add(Tasks.spawn("closer", () -> {
            file.close();
            try (AsyncFile decoy = AsyncFile.open(DECOY, StandardOpenOption.READ)) {
              ByteBuffer target = ByteBuffer.allocate(PAGE);
              decoy.readFullyAt(target, 0);
              require(target, 'd');
            } catch (IOException e) {
              throw new AssertionError("the decoy was closed by a stranger", e);
            }
          }));
        }
        tasks.forEach(Task::join);
      }
    });
  }

  private static byte[] bytes(char c) {
    byte[] bytes = new byte[PAGE];
    Arrays.fill(bytes, (byte) c);
    return bytes;
  }

  private static void read(AsyncFile file) throws IOException {
    ByteBuffer target = ByteBuffer.allocate(PAGE);
    try {
      file.readFullyAt(target, 0);
    } catch (ClosedChannelException e) {
      return;
    }
    require(target, 'f');
  }

  private static void require(ByteBuffer target, char expected) {
    for (int i = 0; i < target.position(); i++) {
      if (target.get(i) != expected) {
        throw new AssertionError("a read of a stranger: " + (char) target.get(i) + " in place of " + expected);
      }
    }
  }
}
