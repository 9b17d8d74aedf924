package io.github.epollo.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.fs.AsyncFile;
import io.github.epollo.fs.AsyncFiles;
import io.github.epollo.fs.FileBackend;
import io.github.epollo.fs.Pipe;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.timers.Timers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Production code on files, on simulated disks. */
class SimFilesTest {
  private static final Path FILE = Path.of("/tmp/file");

  /** As a body, on either back end. */
  private static void run(FileBackend backend, Simulation simulation, Simulation.Body body) {
    Trace _ = simulation.run(world -> {
      if (backend == FileBackend.POOL) {
        world.disk().forbidRings();
      }
      assertThat(AsyncFiles.backend()).isEqualTo(backend);
      body.run(world);
    });
  }

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) (31 * i + (i >> 8));
    }
    return bytes;
  }

  @ParameterizedTest
  @EnumSource
  void filesAreWrittenAndReadBack(FileBackend backend) {
    run(backend, Simulation.ofSeed(1), world -> {
      byte[] content = bytes(300_000);
      AsyncFiles.write(FILE, content);
      assertThat(world.disk().read(FILE)).isEqualTo(content);
      assertThat(AsyncFiles.readBytes(FILE)).isEqualTo(content);
      world.disk().evict();
      assertThat(AsyncFiles.readBytes(FILE)).isEqualTo(content);
      AsyncFiles.createDirectories(Path.of("/data/a/b"));
      AsyncFiles.move(FILE, Path.of("/data/a/b/c"));
      AsyncFiles.copy(Path.of("/data/a/b/c"), Path.of("/data/d"));
      assertThat(world.disk().list(Path.of("/data"))).containsExactly("a", "d");
      assertThat(world.disk().read(Path.of("/data/d"))).isEqualTo(content);
      AsyncFiles.deleteTree(Path.of("/data"));
      assertThat(world.disk().exists(Path.of("/data"))).isFalse();
      assertThatThrownBy(() -> AsyncFiles.readBytes(FILE)).isInstanceOf(NoSuchFileException.class);
    });
  }

  @ParameterizedTest
  @EnumSource
  void aDiskThatIsFull(FileBackend backend) {
    run(backend, Simulation.ofSeed(1), world -> {
      world.disk().capacity(100_000);
      assertThatThrownBy(() -> AsyncFiles.write(FILE, bytes(200_000))).isInstanceOf(FileSystemException.class)
          .hasMessageContaining("ENOSPC");
      assertThat(AsyncFiles.freeSpace(Path.of("/tmp"))).isLessThan(100_000);
      AsyncFiles.deleteIfExists(FILE);
      AsyncFiles.write(FILE, bytes(90_000));
    });
  }

  @Test
  void whatIsCachedTakesNoTime_whatIsNotTakesTheDevicesTime() {
    Trace _ = Simulation.ofSeed(1).run(world -> {
      world.disk().write(FILE, bytes(4096));
      world.disk().latency(Duration.ofMillis(100));
      try (AsyncFile file = AsyncFile.open(FILE, StandardOpenOption.READ)) {
        long before = world.time().now();
        file.readFullyAt(ByteBuffer.allocate(4096), 0);
        assertThat(world.time().now() - before).isZero();
        world.disk().evict();
        file.readFullyAt(ByteBuffer.allocate(4096), 0);
        assertThat(world.time().now() - before).isBetween(100_000_000L, 200_000_000L);
      }
    });
  }

  @Test
  void aSlowDiskKeepsNobodyElseWaiting() {
    Trace _ = Simulation.ofSeed(1).run(world -> {
      world.disk().write(FILE, bytes(10));
      world.disk().evict();
      world.disk().latency(Duration.ofSeconds(5));
      AtomicInteger turns = new AtomicInteger();
      Task<?> other = Tasks.spawn(() -> {
        for (int i = 0; i < 100; i++) {
          Timers.sleep(Duration.ofMillis(10));
          turns.incrementAndGet();
        }
      });
      byte[] _ = AsyncFiles.readBytes(FILE);
      assertThat(turns).hasValue(100);
      other.join();
    });
  }

  @Test
  void theSeedDecidesInWhichOrderReadsComplete() {
    List<List<Integer>> orders = new ArrayList<>();
    for (long seed = 0; seed < 10; seed++) {
      List<Integer> order = new ArrayList<>();
      Trace _ = Simulation.ofSeed(seed).run(world -> {
        world.disk().write(FILE, bytes(10 * 4096));
        world.disk().evict();
        try (AsyncFile file = AsyncFile.open(FILE, StandardOpenOption.READ)) {
          List<Task<?>> readers = new ArrayList<>();
          for (int i = 0; i < 10; i++) {
            int page = i;
            readers.add(Tasks.spawn(() -> {
              ByteBuffer target = ByteBuffer.allocate(4096);
              file.readFullyAt(target, page * 4096L);
              assertThat(target.array()).isEqualTo(java.util.Arrays.copyOfRange(bytes(10 * 4096), page * 4096,
                  (page + 1) * 4096));
              order.add(page);
            }));
          }
          readers.forEach(Task::join);
        }
      });
      orders.add(order);
    }
    assertThat(orders.stream().distinct().count()).isGreaterThan(5);
  }

  /** Whatever fails, nothing is left open, and the file holds what was written or an exception told. */
  @ParameterizedTest
  @EnumSource
  void harmlessFaultsChangeNoByte(FileBackend backend) {
    for (long seed = 0; seed < 20; seed++) {
      run(backend, Simulation.ofSeed(seed).withFaults(Faults.harmless(0.1)), world -> {
        byte[] content = bytes(50_000);
        AsyncFiles.write(FILE, content);
        world.disk().evict();
        assertThat(AsyncFiles.readBytes(FILE)).isEqualTo(content);
        AsyncFiles.writeAtomically(FILE, bytes(20_000));
        AsyncFiles.copy(FILE, Path.of("/tmp/copy"));
        assertThat(world.disk().read(Path.of("/tmp/copy"))).isEqualTo(bytes(20_000));
        assertThat(world.disk().list(Path.of("/tmp"))).containsExactly("copy", "file");
      });
    }
  }

  @Test
  void theSameSeedIsTheSameRun() {
    for (long seed = 0; seed < 10; seed++) {
      assertThat(faultyRun(seed)).as("seed %s", seed).isEqualTo(faultyRun(seed));
    }
  }

  private static String faultyRun(long seed) {
    StringBuilder outcome = new StringBuilder();
    Trace trace = Simulation.ofSeed(seed).withFaults(Faults.all(0.05)).run(world -> {
      for (int i = 0; i < 10; i++) {
        try {
          AsyncFiles.writeAtomically(FILE, bytes(10_000 + i));
          world.disk().evict();
          outcome.append(AsyncFiles.readBytes(FILE).length).append(' ');
        } catch (IOException e) {
          outcome.append(e).append(' ');
        }
      }
    });
    return outcome + "\n" + trace;
  }

  @Test
  void aFileThatIsLeftOpenFailsTheRun() {
    assertThatThrownBy(() -> Simulation.ofSeed(1).run(world -> {
      world.disk().write(FILE, bytes(10));
      AsyncFile _ = AsyncFile.open(FILE, StandardOpenOption.READ);
    })).isInstanceOf(AssertionError.class)
        .hasMessageContaining("left open on host 10.0.0.1 when all its tasks had ended: 6: file inode")
        .hasMessageContaining("openat2(-100, \"/tmp/file\"").hasMessageContaining("withOpenFdsAllowed()");
  }

  @Test
  void aFileThatATaskLeavesOpenWhenItIsCancelledFailsTheRun() {
    assertThatThrownBy(() -> Simulation.ofSeed(1).run(world -> {
      world.disk().write(FILE, bytes(10));
      Tasks.spawn(() -> {
        AsyncFile _ = AsyncFile.open(FILE, StandardOpenOption.READ);
        Timers.sleep(Duration.ofDays(1));
      });
      Timers.sleep(Duration.ofSeconds(1));
    })).isInstanceOf(AssertionError.class).hasMessageContaining("left open on host 10.0.0.1");
  }

  @Test
  void aPipeThatIsLeftOpenFailsTheRun() {
    assertThatThrownBy(() -> Simulation.ofSeed(1).run(_ -> {
      Pipe _ = Pipe.open();
    })).isInstanceOf(AssertionError.class).hasMessageContaining("pipe to read").hasMessageContaining("pipe to write");
  }

  @Test
  void aFileMayBeLeftOpenWhereThatIsAllowed_itIsClosedWithItsHost() {
    AsyncFile[] left = new AsyncFile[1];
    Simulation.ofSeed(1).withOpenFdsAllowed().run(world -> {
      world.disk().write(FILE, bytes(10));
      left[0] = AsyncFile.open(FILE, StandardOpenOption.READ);
    }); // which fails if the host has open files in the end
    assertThat(left[0].isOpen()).isFalse();
  }

  @Test
  void aCrashLeavesFilesOpen() {
    Simulation.ofSeed(1).run(world -> {
      world.start("10.0.0.2", w -> {
        w.disk("10.0.0.2").write(FILE, bytes(10));
        AsyncFile _ = AsyncFile.open(FILE, StandardOpenOption.READ);
        Timers.sleep(Duration.ofDays(1));
      });
      Timers.sleep(Duration.ofSeconds(1));
      world.crash("10.0.0.2");
    });
  }

  @Test
  void theTraceTellsPathsAndContent() {
    Trace trace = Simulation.ofSeed(1).run(world -> {
      AsyncFiles.write(FILE, bytes(10));
      try (AsyncFile _ = AsyncFile.open(FILE, StandardOpenOption.READ)) {
        assertThatThrownBy(() -> AsyncFile.open(FILE, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW))
            .isInstanceOf(FileAlreadyExistsException.class);
      }
    });
    assertThat(trace.toString()).contains("\"/tmp/file\"").contains("ring: openat = -17");
  }
}
