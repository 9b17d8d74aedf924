package io.github.epollo.fs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that writes atomically is killed at random moments: the file has the old content or the new one. */
class KilledWriterTest {
  private static final int AT_ONCE = 8; // writers, each with a file of its own, so that one JVM's start is another's time to write

  @TempDir Path directory;

  @Test
  void aFileIsOldOrNewWheneverItsWriterIsKilled() throws Exception {
    kill(16);
  }

  @Test
  @Tag("soak")
  @Timeout(600)
  void aFileIsOldOrNewWheneverItsWriterIsKilledTwoHundredTimes() throws Exception {
    kill(200);
  }

  private void kill(int rounds) throws Exception {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < rounds; round += AT_ONCE) {
      List<Writer> writers = new ArrayList<>();
      try {
        for (int i = 0; i < Math.min(AT_ONCE, rounds - round); i++) {
          writers.add(new Writer(directory.resolve("f" + i), i % 2 == 0 ? FileBackend.POOL : FileBackend.RING));
        }
        for (Writer writer : writers) {
          writer.killSoon(random);
        }
      } finally {
        writers.forEach(w -> w.process.destroyForcibly());
      }
    }
    try (var files = Files.list(directory)) {
      // A kill between a link and a rename leaves a name: rarely, and once for each kill at the most.
      assertThat(files.filter(f -> f.getFileName().toString().startsWith(".epollo")).count()).as("seed %d", seed)
          .isLessThanOrEqualTo(Math.max(2, rounds / 10));
    }
  }

  private static final class Writer {
    final Path file;
    final Process process;
    final BufferedReader output;

    Writer(Path file, FileBackend backend) throws IOException {
      this.file = file;
      this.process = new ProcessBuilder(System.getProperty("java.home") + "/bin/java", "-XX:TieredStopAtLevel=1",
          "-Xshare:auto", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "-cp",
          System.getProperty("java.class.path"), AtomicWriter.class.getName(), file.toString(), backend.name())
          .redirectError(ProcessBuilder.Redirect.INHERIT).start();
      this.output = process.inputReader();
    }

    void killSoon(SplittableRandom random) throws Exception {
      for (int i = random.nextInt(1, 4); i > 0; i--) {
        assertThat(output.readLine()).as("the writer ended by itself").isNotNull();
      }
      long until = System.nanoTime() + random.nextLong(5_000_000); // in the midst of a write
      while (System.nanoTime() < until) {
        LockSupport.parkNanos(100_000);
      }
      process.destroyForcibly(); // SIGKILL
      process.waitFor();
      requireWhole();
    }

    private void requireWhole() throws IOException {
      byte[] content = Files.readAllBytes(file);
      assertThat(content).hasSize(AtomicWriter.SIZE);
      for (byte b : content) {
        if (b != content[0]) {
          throw new AssertionError(file + " is a mix of " + content[0] + " and " + b);
        }
      }
    }
  }
}
