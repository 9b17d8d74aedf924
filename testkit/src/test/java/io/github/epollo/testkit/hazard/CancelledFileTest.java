package io.github.epollo.testkit.hazard;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.fs.AsyncFile;
import io.github.epollo.fs.AsyncFileLock;
import io.github.epollo.fs.AsyncFiles;
import io.github.epollo.fs.DirectoryEntry;
import io.github.epollo.fs.FileBackend;
import io.github.epollo.runtime.Body;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.loop.Loop;
import io.github.epollo.runtime.loop.WaitHook;
import io.github.epollo.runtime.stream.AsyncStream;
import io.github.epollo.testkit.SimDisk;
import io.github.epollo.testkit.Simulation;
import io.github.epollo.testkit.Trace;
import io.github.epollo.testkit.World;
import io.github.epollo.timers.Timers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Hazard 19: whatever is done with files is cancelled in its first turn of the loop, in its second, and so on until it runs through; nothing is left open, and nothing half done. */
class CancelledFileTest {
  private static final Path DIRECTORY = Path.of("/tmp/d");
  private static final Path FILE = DIRECTORY.resolve("file");
  private static final Path TARGET = DIRECTORY.resolve("target");
  private static final int SIZE = 20_000;
  private static final int SEEDS = 3;

  private static byte[] content(char c) {
    byte[] bytes = new byte[SIZE];
    Arrays.fill(bytes, (byte) c);
    return bytes;
  }

  /** What is done, and what must hold of the disk then: {@code done} is how much of it was seen to be done. */
  private enum Operation {
    READ_AT {
      @Override
      void run(AtomicInteger done) throws IOException {
        try (AsyncFile file = AsyncFile.open(FILE)) {
          ByteBuffer target = ByteBuffer.allocate(SIZE);
          try {
            while (target.hasRemaining()) {
              int n = file.readAt(target, target.position());
              assertThat(done.addAndGet(n)).isEqualTo(target.position());
            }
          } finally {
            assertThat(target.position()).isEqualTo(done.get());
            assertThat(new String(target.array(), 0, done.get(), US_ASCII)).isEqualTo("o".repeat(done.get()));
          }
        }
      }
    },
    READ_AT_THE_CURSOR {
      @Override
      void run(AtomicInteger done) throws IOException {
        try (AsyncFile file = AsyncFile.open(FILE)) {
          ByteBuffer target = ByteBuffer.allocate(7000);
          try {
            while (file.read(target.clear()) >= 0) {
              done.addAndGet(target.position());
            }
          } finally {
            assertThat(file.position()).isEqualTo(done.get());
          }
        }
      }
    },
    READ_BYTES {
      @Override
      void run(AtomicInteger done) throws IOException {
        assertThat(AsyncFiles.readBytes(FILE)).isEqualTo(content('o'));
      }
    },
    CHUNKS {
      @Override
      void run(AtomicInteger done) throws IOException {
        try (AsyncFile file = AsyncFile.open(FILE); AsyncStream<ByteBuffer> chunks = file.chunks(0, 4096, 3)) {
          for (ByteBuffer chunk : chunks) {
            done.addAndGet(chunk.remaining());
          }
          assertThat(done).hasValue(SIZE);
        }
      }
    },
    WRITE_FULLY_AT {
      @Override
      void run(AtomicInteger done) throws IOException {
        try (AsyncFile file = AsyncFile.open(FILE, StandardOpenOption.WRITE)) {
          ByteBuffer source = ByteBuffer.wrap(content('n'));
          try {
            file.writeFullyAt(source, 0);
          } finally {
            done.set(source.position()); // which tells exactly how much was written
          }
        }
      }

      @Override
      void check(SimDisk disk, int done) {
        byte[] expected = content('o');
        Arrays.fill(expected, 0, done, (byte) 'n');
        assertThat(disk.read(FILE)).isEqualTo(expected);
        assertThat(disk.list(DIRECTORY)).containsExactly("file");
      }
    },
    WRITE_ATOMICALLY {
      @Override
      void run(AtomicInteger done) throws IOException {
        AsyncFiles.writeAtomically(FILE, content('n'));
      }

      @Override
      void check(SimDisk disk, int done) {
        assertThat(disk.list(DIRECTORY)).containsExactly("file");
        assertThat(new String(disk.read(FILE), US_ASCII)).isIn("o".repeat(SIZE), "n".repeat(SIZE));
      }
    },
    COPY {
      @Override
      void run(AtomicInteger done) throws IOException {
        AsyncFiles.copy(FILE, TARGET);
      }

      @Override
      void check(SimDisk disk, int done) {
        assertThat(disk.read(FILE)).isEqualTo(content('o'));
        assertThat(disk.list(DIRECTORY)).isIn(List.of("file"), List.of("file", "target"));
        if (disk.exists(TARGET)) {
          assertThat(disk.read(TARGET)).isEqualTo(content('o'));
        }
      }
    },
    COPY_OVER {
      @Override
      void run(AtomicInteger done) throws IOException {
        AsyncFiles.write(TARGET, content('t'));
        done.incrementAndGet();
        AsyncFiles.copy(FILE, TARGET, StandardCopyOption.REPLACE_EXISTING);
      }

      @Override
      void check(SimDisk disk, int done) {
        assertThat(disk.read(FILE)).isEqualTo(content('o'));
        assertThat(disk.list(DIRECTORY)).isIn(List.of("file"), List.of("file", "target"));
        if (done > 0) {
          assertThat(new String(disk.read(TARGET), US_ASCII)).isIn("t".repeat(SIZE), "o".repeat(SIZE));
        }
      }
    },
    MOVE {
      @Override
      void run(AtomicInteger done) throws IOException {
        AsyncFiles.move(FILE, TARGET);
      }

      @Override
      void check(SimDisk disk, int done) {
        List<String> names = disk.list(DIRECTORY);
        assertThat(names).isIn(List.of("file"), List.of("target"));
        assertThat(disk.read(DIRECTORY.resolve(names.getFirst()))).isEqualTo(content('o'));
      }
    },
    LOCK {
      @Override
      void run(AtomicInteger done) throws IOException {
        try (AsyncFile one = AsyncFile.open(FILE, StandardOpenOption.WRITE);
            AsyncFile two = AsyncFile.open(FILE, StandardOpenOption.WRITE)) {
          AsyncFileLock first = one.lock();
          Task<?> second = Tasks.spawn(() -> two.lock().close());
          try {
            Thread.yield();
            first.close();
          } finally {
            second.close();
          }
          Tasks.shield(second::join);
        }
      }
    },
    LIST {
      @Override
      void run(AtomicInteger done) throws IOException {
        try (AsyncStream<DirectoryEntry> entries = AsyncFiles.walk(Path.of("/tmp"))) {
          assertThat(entries.count()).isPositive();
        }
      }
    },
    DELETE_TREE {
      @Override
      void run(AtomicInteger done) throws IOException {
        AsyncFiles.createDirectories(DIRECTORY.resolve("a/b"));
        AsyncFiles.write(DIRECTORY.resolve("a/b/c"), content('c'));
        AsyncFiles.deleteTree(DIRECTORY.resolve("a"));
      }

      @Override
      void check(SimDisk disk, int done) {
        assertThat(disk.read(FILE)).isEqualTo(content('o'));
        assertThat(disk.list(DIRECTORY)).isIn(List.of("file"), List.of("a", "file"));
      }
    };

    abstract void run(AtomicInteger done) throws IOException;

    void check(SimDisk disk, int done) {
      assertThat(disk.read(FILE)).isEqualTo(content('o'));
      assertThat(disk.list(DIRECTORY)).containsExactly("file");
    }
  }

  private static List<Arguments> operations() {
    return Arrays.stream(Operation.values())
        .flatMap(o -> Arrays.stream(FileBackend.values()).map(b -> Arguments.of(o, b)))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("operations")
  void aCancelAtAnyTurnLeavesNothing(Operation operation, FileBackend backend) {
    for (long seed = 1; seed <= SEEDS; seed++) {
      int turn = 1;
      while (isReached(operation, backend, seed, turn)) {
        turn++;
      }
      assertThat(turn).as("turns with seed %s", seed).isGreaterThan(1);
    }
  }

  /** Cancels the operation in that turn; false if it had ended before. */
  private static boolean isReached(Operation operation, FileBackend backend, long seed, int turn) {
    boolean[] reached = new boolean[1];
    Trace _ = Simulation.ofSeed(seed).run(world -> {
      prepare(world, backend);
      int open = world.host(Simulation.MAIN_HOST).openFds();
      AtomicInteger done = new AtomicInteger();
      Task<?> task = Tasks.spawn(operation.name(), stopped(() -> operation.run(done)));
      if (backend == FileBackend.RING) {
        Loop.current().addWaitHook(new Stopper(task, turn, reached));
      } else {
        // A simulated pool's threads are tasks, which run while the loop waits for nothing.
        Tasks.spawn("stopper", () -> {
          for (int i = 1; i < turn; i++) {
            Thread.yield();
          }
          reached[0] = !task.isDone();
          task.close();
        }).join();
      }
      Object _ = task.join();
      letGo(world, open);
      operation.check(world.disk(), done.get());
    });
    return reached[0];
  }

  private static void prepare(World world, FileBackend backend) throws IOException {
    if (backend == FileBackend.POOL) {
      world.disk().forbidRings();
    }
    assertThat(AsyncFiles.backend()).isEqualTo(backend);
    AsyncFiles.createDirectories(DIRECTORY);
    world.disk().write(FILE, content('o'));
    world.disk().latency(Duration.ofMillis(10));
    world.disk().evict();
  }

  private static Body stopped(Body body) {
    return () -> {
      try {
        body.run();
      } catch (CancellationException e) {
        // as asked
      }
    };
  }

  /** A call that was given up may answer later: then what it opened is closed. */
  private static void letGo(World world, int open) {
    for (int i = 0; i < 1000 && world.host(Simulation.MAIN_HOST).openFds() > open; i++) {
      Timers.sleep(Duration.ofMillis(10));
    }
    assertThat(world.host(Simulation.MAIN_HOST).openFds()).as("open: %s",
        world.host(Simulation.MAIN_HOST).describeFds()).isEqualTo(open);
  }

  /** Closes a task in the given turn of its loop. */
  private static final class Stopper implements WaitHook {
    private final Task<?> task;
    private final int turn;
    private final boolean[] reached;
    private int turns;

    Stopper(Task<?> task, int turn, boolean[] reached) {
      this.task = task;
      this.turn = turn;
      this.reached = reached;
    }

    @Override
    public void beforeWait(boolean mayBlock) {
      if (++turns == turn && !task.isDone()) {
        reached[0] = true;
        task.close();
      }
    }
  }
}
