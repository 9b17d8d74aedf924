package io.github.epollo.testkit.hazard;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.fs.AsyncFile;
import io.github.epollo.fs.AsyncFiles;
import io.github.epollo.fs.FileBackend;
import io.github.epollo.fs.Pipe;
import io.github.epollo.fs.PipeReader;
import io.github.epollo.net.TcpListener;
import io.github.epollo.net.TcpStream;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.testkit.Simulation;
import io.github.epollo.testkit.Trace;
import io.github.epollo.testkit.World;
import io.github.epollo.timers.Timers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A loop that serves echo goes on as if nothing were, while its other tasks wait for a slow disk, and for FIFOs that nobody writes to. */
class SlowFileTest {
  private static final InetSocketAddress SERVER = new InetSocketAddress(InetAddress.ofLiteral("10.0.0.1"), 80);
  private static final Path FILE = Path.of("/tmp/slow");
  private static final Path FIFO = Path.of("/tmp/fifo");
  private static final Path ENDLESS = Path.of("/tmp/endless");
  private static final int PAGE = 4096;
  private static final int PAGES = 64;
  private static final int CLIENTS = 5;
  private static final int TRIPS = 60;

  /** What one run measured. */
  private static final class Run {
    final List<Long> latencies = new ArrayList<>();
    int pagesRead;
    int pagesWritten;

    long percentile(int p) {
      return latencies.stream().sorted().skip(latencies.size() * p / 100).findFirst().orElseThrow();
    }
  }

  @ParameterizedTest
  @EnumSource
  void slowFilesCostTheEchoNothing(FileBackend backend) {
    for (long seed = 1; seed <= 3; seed++) {
      Run without = run(seed, backend, false);
      Run with = run(seed, backend, true);

      assertThat(with.percentile(99)).as("p99, seed %s", seed).isEqualTo(without.percentile(99));
      assertThat(with.latencies.stream().sorted()).as("seed %s", seed)
          .containsExactlyElementsOf(without.latencies.stream().sorted().toList());
      assertThat(with.pagesRead).isPositive();
      assertThat(with.pagesWritten).isPositive();
    }
  }

  private static Run run(long seed, FileBackend backend, boolean slow) {
    Run result = new Run();
    Trace trace = Simulation.ofSeed(seed).run(world -> {
      if (backend == FileBackend.POOL) {
        world.disk().forbidRings();
      }
      assertThat(AsyncFiles.backend()).isEqualTo(backend);
      world.network().latency(Duration.ofMillis(1));
      List<Task<?>> others = slow ? slowTasks(world, result) : List.of();
      try (TcpListener listener = TcpListener.bind(SERVER)) {
        Task<?> server = Tasks.spawn("server", () -> serve(listener));
        world.start("10.0.0.2", _ -> measure(world, result)).join();
        server.close();
      }
      others.forEach(Task::close);
    });
    assertThat(result.latencies).hasSize(CLIENTS * TRIPS);
    if (backend == FileBackend.RING) {
      // Those would hold the loop's thread, and a simulation does not let time pass for that.
      assertThat(trace.toString()).doesNotContain(" pread(", " pwrite(", " fsync(", " fdatasync(", " openat(");
    }
    return result;
  }

  /** Each waits at nearly every moment of the run. */
  private static List<Task<?>> slowTasks(World world, Run result) throws IOException {
    world.disk().write(FILE, new byte[PAGE * PAGES]);
    world.disk().latency(Duration.ofMillis(70));
    world.disk().evict();
    Pipe.createFifo(FIFO, PosixFilePermissions.fromString("rw-------"));
    Pipe.createFifo(ENDLESS, PosixFilePermissions.fromString("rw-------"));
    List<Task<?>> tasks = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      int reader = i;
      tasks.add(Tasks.spawn("reader " + i, () -> {
        try (AsyncFile file = AsyncFile.open(FILE, StandardOpenOption.READ)) {
          for (int page = reader;; page = (page + 4) % PAGES) {
            world.disk().evict();
            file.readFullyAt(ByteBuffer.allocate(PAGE), (long) page * PAGE);
            result.pagesRead++;
            Timers.sleep(Duration.ofMillis(1)); // a device in a simulation takes no time of threads
          }
        }
      }));
    }
    tasks.add(Tasks.spawn("writer", () -> {
      try (AsyncFile file = AsyncFile.open(Path.of("/tmp/written"), StandardOpenOption.CREATE,
          StandardOpenOption.WRITE)) {
        while (true) {
          file.writeFullyAt(ByteBuffer.allocate(PAGE), 0);
          file.sync();
          result.pagesWritten++;
          Timers.sleep(Duration.ofMillis(1));
        }
      }
    }));
    tasks.add(Tasks.spawn("FIFO that nobody opens", () -> {
      try (PipeReader reader = Pipe.openReader(FIFO)) {
        int _ = reader.read(ByteBuffer.allocate(1));
      }
    }));
    tasks.add(Tasks.spawn("FIFO that nobody writes to", () -> {
      try (PipeReader reader = Pipe.openEndlessReader(ENDLESS)) {
        int _ = reader.read(ByteBuffer.allocate(1));
      }
    }));
    return tasks;
  }

  private static void serve(TcpListener listener) throws IOException {
    for (TcpStream stream : listener.incoming()) {
      Tasks.spawn("echo", () -> {
        try (stream) {
          ByteBuffer buffer = ByteBuffer.allocate(100);
          while (stream.read(buffer.clear()) >= 0) {
            stream.writeFully(buffer.flip());
          }
        }
      });
    }
  }

  private static void measure(World world, Run result) {
    List<Task<?>> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      int client = i;
      clients.add(Tasks.spawn("client " + i, () -> {
        Timers.sleep(Duration.ofMillis(client));
        try (TcpStream stream = TcpStream.connect(SERVER)) {
          for (int trip = 0; trip < TRIPS; trip++) {
            long before = world.time().now();
            stream.writeFully(ByteBuffer.allocate(50));
            stream.readFully(ByteBuffer.allocate(50));
            result.latencies.add(world.time().now() - before);
            Timers.sleep(Duration.ofMillis(7));
          }
        }
      }));
    }
    clients.forEach(Task::join);
  }
}
