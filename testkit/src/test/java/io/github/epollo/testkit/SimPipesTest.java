package io.github.epollo.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.fs.AsyncFiles;
import io.github.epollo.fs.DirectoryEvent;
import io.github.epollo.fs.DirectoryWatcher;
import io.github.epollo.fs.Pipe;
import io.github.epollo.fs.PipeReader;
import io.github.epollo.fs.PipeWriter;
import io.github.epollo.fs.WatchOptions;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.timers.Timers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Pipes, FIFOs and watchers as they are, in simulations. */
class SimPipesTest {
  private static final Path FIFO = Path.of("/tmp/fifo");
  private static final Path DIRECTORY = Path.of("/tmp/watched");

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) (31 * i + (i >> 8));
    }
    return bytes;
  }

  private static void createFifo() throws IOException {
    Pipe.createFifo(FIFO, PosixFilePermissions.fromString("rw-------"));
  }

  /** More than a pipe holds, however the calls are cut. */
  @EpolloTest(virtualTime = true, seeds = 20, harmlessFaults = 0.1)
  void aPipeKeepsEachByteInOrder() throws IOException {
    byte[] sent = bytes(300_000);
    try (Pipe pipe = Pipe.open()) {
      Task<?> writing = Tasks.spawn(() -> {
        pipe.writer().writeFully(ByteBuffer.wrap(sent));
        pipe.writer().close();
      });
      ByteBuffer received = ByteBuffer.allocate(sent.length + 1);
      while (pipe.reader().read(received) >= 0) {}
      assertThat(received.position()).isEqualTo(sent.length);
      assertThat(received.flip()).isEqualTo(ByteBuffer.wrap(sent));
      writing.join();
    }
  }

  /** A reader that gives up again and again misses nothing. */
  @EpolloTest(virtualTime = true, seeds = 20, harmlessFaults = 0.02)
  void readsThatRunOutOfTimeLoseNothing() throws IOException {
    byte[] sent = bytes(200);
    try (Pipe pipe = Pipe.open()) {
      Task<?> writing = Tasks.spawn(() -> {
        for (int i = 0; i < sent.length; i += 10) {
          Timers.sleep(Duration.ofMillis(3));
          pipe.writer().writeFully(ByteBuffer.wrap(sent, i, 10));
        }
        pipe.writer().close();
      });
      ByteBuffer received = ByteBuffer.allocate(sent.length + 1);
      boolean open = true;
      while (open) {
        try {
          open = Timers.withTimeout(Duration.ofMillis(1), () -> pipe.reader().read(received) >= 0);
        } catch (DeadlineExceededException e) {
          // once more
        }
      }
      assertThat(received.flip()).isEqualTo(ByteBuffer.wrap(sent));
      writing.join();
    }
  }

  @EpolloTest(virtualTime = true, seeds = 20, harmlessFaults = 0.1)
  void theEndsOfAFifoWaitForEachOther(World world) throws IOException {
    createFifo();
    long seed = world.seed();
    Task<?> writing = Tasks.spawn(() -> {
      Timers.sleep(Duration.ofMillis(seed % 3));
      try (PipeWriter writer = Pipe.openWriter(FIFO)) {
        writer.writeFully(ByteBuffer.wrap("hello".getBytes(US_ASCII)));
      }
    });
    Timers.sleep(Duration.ofMillis(seed % 2));
    try (PipeReader reader = Pipe.openReader(FIFO)) {
      ByteBuffer received = ByteBuffer.allocate(10);
      while (reader.read(received) >= 0) {}
      assertThat(US_ASCII.decode(received.flip()).toString()).isEqualTo("hello");
    }
    writing.join();
  }

  @EpolloTest(virtualTime = true, seeds = 5)
  void aFifoThatNobodyOpensIsGivenUpInTime(World world) throws IOException {
    createFifo();
    int open = world.host(Simulation.MAIN_HOST).openFds();
    long before = world.time().now();
    assertThatThrownBy(() -> Timers.withTimeout(Duration.ofMinutes(1), () -> Pipe.openWriter(FIFO)))
        .isInstanceOf(DeadlineExceededException.class);
    try (PipeReader reader = Pipe.openReader(FIFO)) {
      assertThatThrownBy(() -> Timers.withTimeout(Duration.ofMinutes(1), () -> reader.read(ByteBuffer.allocate(1))))
          .isInstanceOf(DeadlineExceededException.class);
    }
    assertThat(Duration.ofNanos(world.time().now() - before)).isBetween(Duration.ofMinutes(2), Duration.ofMinutes(3));
    assertThat(world.host(Simulation.MAIN_HOST).openFds()).isEqualTo(open);
  }

  /** Whatever the kernel does with its calls, each file is told; or the watcher says to look at everything. */
  @EpolloTest(virtualTime = true, seeds = 20, harmlessFaults = 0.1)
  void aWatcherTellsWhatIsWritten() throws IOException {
    AsyncFiles.createDirectories(DIRECTORY.resolve("a"));
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      files.add(DIRECTORY.resolve(i % 2 == 0 ? "file" + i : "a/file" + i));
    }
    Path last = DIRECTORY.resolve("a/later/file");
    Set<Path> missing = new TreeSet<>(files);
    missing.add(last);
    try (DirectoryWatcher watcher = DirectoryWatcher.open(DIRECTORY, WatchOptions.defaults().withSubdirectories())) {
      Task<?> writing = Tasks.spawn(() -> {
        for (Path file : files) {
          AsyncFiles.write(file, bytes(10));
          Timers.sleep(Duration.ofMillis(1));
        }
        AsyncFiles.createDirectories(DIRECTORY.resolve("a/later"));
        AsyncFiles.write(last, bytes(10));
      });
      for (DirectoryEvent event : watcher) {
        if (event instanceof DirectoryEvent.Written(Path path)) {
          missing.remove(path);
        } else if (event instanceof DirectoryEvent.Created(Path path, boolean _) && path.equals(last)) {
          missing.remove(path); // it was there before the new directory was watched
        }
        assertThat(event).isNotInstanceOf(DirectoryEvent.Rescan.class);
        if (missing.isEmpty()) {
          break;
        }
      }
      writing.join();
    }
  }

  /** A watcher that waits when its task is cancelled leaves nothing. */
  @EpolloTest(virtualTime = true, seeds = 5)
  void aWatcherThatIsCancelledIsClosed(World world) throws IOException {
    AsyncFiles.createDirectories(DIRECTORY);
    int open = world.host(Simulation.MAIN_HOST).openFds();
    Task<?> watching = Tasks.spawn(() -> {
      try (DirectoryWatcher watcher = DirectoryWatcher.open(DIRECTORY)) {
        for (DirectoryEvent _ : watcher) {}
      }
    });
    Timers.sleep(Duration.ofMillis(world.seed()));
    watching.cancel().await();
    assertThat(world.host(Simulation.MAIN_HOST).openFds()).isEqualTo(open);
  }
}
