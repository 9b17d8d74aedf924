package io.github.epollo.fs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.stream.AsyncStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** A bit of everything with files, on two runtimes one after the other: for a JVM of its own. Prints the back end of each. */
final class FileWorkout {
  private static final AtomicInteger STEPS = new AtomicInteger();

  private FileWorkout() {}

  /** The arguments: a directory, how many rounds, and whether the garbage collector runs at every step. */
  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[0]);
    int rounds = Integer.parseInt(args[1]);
    AtomicBoolean over = new AtomicBoolean();
    Thread collector = Thread.ofPlatform().daemon().unstarted(() -> {
      int last = 0;
      while (!over.get()) {
        if (STEPS.get() == last) {
          Thread.yield(); // collections one after the other would hardly let the tasks call
        } else {
          last = STEPS.get();
          System.gc();
        }
      }
    });
    if (Boolean.parseBoolean(args[2])) {
      collector.start();
    }
    for (int i = 0; i < 2; i++) {
      Epollo.run(() -> {
        System.out.println(AsyncFiles.backend());
        List<Task<?>> tasks = new ArrayList<>();
        for (int t = 0; t < 3; t++) {
          Path own = directory.resolve("t" + t);
          tasks.add(Epollo.current().spawn(() -> {
            for (int round = 0; round < rounds; round++) {
              round(own);
            }
          }));
        }
        tasks.forEach(Task::join);
      });
    }
    over.set(true);
    System.out.println("done");
  }

  private static void require(boolean condition) {
    STEPS.incrementAndGet();
    if (!condition) {
      throw new AssertionError();
    }
  }

  private static void round(Path own) throws IOException {
    AsyncFiles.createDirectories(own.resolve("a/b"));
    Path path = own.resolve("file");
    byte[] content = "line\n".repeat(50_000).getBytes(UTF_8);
    AsyncFiles.writeAtomically(path, content);
    require(Arrays.equals(AsyncFiles.readBytes(path), content));
    AsyncFiles.copy(path, own.resolve("a/b/copy"));
    require(AsyncFiles.metadata(own.resolve("a/b/copy")).size() == content.length);
    try (AsyncFile file = AsyncFile.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      try (AsyncFileLock _ = file.lock()) {
        file.writeFullyAt(ByteBuffer.wrap("LINE".getBytes(UTF_8)), 10);
        file.sync();
      }
      List<Future<Integer>> reads = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        Future<Integer> read = file.readAtAsync(ByteBuffer.allocate(3000), 3000L * i);
        var _ = read.poll(() -> {});
        reads.add(read);
        STEPS.incrementAndGet();
      }
      reads.forEach(Future::close);
      require(file.chunks(0, 10_000, 3).map(ByteBuffer::remaining).fold(0, Integer::sum) == content.length);
    }
    try (AsyncStream<String> lines = AsyncFile.lines(path, 100)) {
      require(lines.filter("LINE"::equals).count() == 1);
    }
    try (Pipe pipe = Pipe.open()) {
      pipe.writer().writeFully(ByteBuffer.wrap(content, 0, 1000));
      ByteBuffer received = ByteBuffer.allocate(1000);
      pipe.reader().readFully(received);
      require(Arrays.equals(received.array(), Arrays.copyOf(content, 1000)));
    }
    try (AsyncStream<DirectoryEntry> entries = AsyncFiles.walk(own)) {
      require(entries.count() >= 4);
    }
    try {
      AsyncFiles.readBytes(own.resolve("missing"));
      throw new AssertionError("it is there");
    } catch (NoSuchFileException e) {
      require(e.getFile().endsWith("missing"));
    }
    AsyncFiles.move(own.resolve("a/b/copy"), own.resolve("moved"));
    AsyncFiles.deleteTree(own.resolve("a"));
    AsyncFiles.delete(own.resolve("moved"));
  }
}
