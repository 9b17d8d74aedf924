package io.github.epollo.benchmarks.files;

import io.github.epollo.benchmarks.Commands;
import io.github.epollo.benchmarks.Commands.Random;
import io.github.epollo.fs.AsyncFile;
import io.github.epollo.fs.AsyncFiles;
import io.github.epollo.fs.FileBackend;
import io.github.epollo.fs.FileOptions;
import io.github.epollo.fs.OpenOptions;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Epollo: one loop, on the thread that reads the commands. The argument is the back end, {@code ring} or {@code pool}. */
final class EpolloFiles {
  private static final int DEPTH = 32;

  private EpolloFiles() {}

  public static void main(String[] args) throws Exception {
    FileBackend backend = args[0].equals("ring") ? FileBackend.RING : FileBackend.POOL;
    EpolloOptions options = EpolloOptions.defaults().with(FileOptions.class,
        FileOptions.defaults().withBackend(backend));
    Commands.serve((workload, file, block, end) -> Epollo.run(options, () -> run(workload, file, block, end)));
  }

  private static long run(String workload, Path file, int block, long end) throws Exception {
    return switch (workload) {
      case "hot" -> reads(file, block, 1, Commands.BATCH, end, OpenOptions.defaults());
      case "direct1" -> reads(file, block, 1, 1, end, OpenOptions.defaults().direct());
      case "direct32" -> reads(file, block, DEPTH, 1, end, OpenOptions.defaults().direct());
      case "whole" -> whole(file, end);
      case "reuse" -> reuse(file, end);
      case "stat" -> stat(file, end);
      case "append" -> append(file, block, end);
      default -> -1;
    };
  }

  private static long reads(Path path, int block, int depth, int batch, long end, OpenOptions options)
      throws Exception {
    try (AsyncFile file = AsyncFile.open(path, options)) {
      long blocks = file.size() / block;
      List<Task<Long>> tasks = new ArrayList<>();
      for (int i = 0; i < depth; i++) {
        Random random = new Random(i);
        tasks.add(Tasks.spawn(() -> {
          ByteBuffer buffer = ByteBuffer.allocateDirect(block + 4096).alignedSlice(4096).limit(block);
          long operations = 0;
          do {
            file.readFullyAt(buffer.clear().limit(block), random.next(blocks) * block);
            operations++;
          } while (operations % batch != 0 || Commands.before(end));
          return operations;
        }));
      }
      long operations = 0;
      for (Task<Long> task : tasks) {
        operations += task.join();
      }
      return operations;
    }
  }

  private static long whole(Path path, long end) throws Exception {
    long operations = 0;
    do {
      if (AsyncFiles.readBytes(path).length == 0) {
        throw new IllegalStateException("nothing read of " + path);
      }
      operations++;
    } while (Commands.before(end));
    return operations;
  }

  private static long reuse(Path path, long end) throws Exception {
    long operations = 0;
    ByteBuffer buffer = ByteBuffer.allocateDirect((int) Files.size(path));
    do {
      try (AsyncFile file = AsyncFile.open(path, StandardOpenOption.READ)) {
        file.readFullyAt(buffer.clear().limit((int) file.size()), 0);
      }
      operations++;
    } while (Commands.before(end));
    return operations;
  }

  private static long stat(Path path, long end) throws Exception {
    long operations = 0;
    do {
      AsyncFiles.metadata(path);
      AsyncFile.open(path, StandardOpenOption.READ).close();
      operations++;
    } while (Commands.before(end));
    return operations;
  }

  private static long append(Path path, int block, long end) throws Exception {
    long operations = 0;
    ByteBuffer buffer = ByteBuffer.allocate(block);
    try (AsyncFile file = AsyncFile.open(path, StandardOpenOption.APPEND, StandardOpenOption.CREATE)) {
      do {
        buffer.clear();
        while (buffer.hasRemaining()) {
          file.write(buffer);
        }
        file.syncData();
        operations++;
      } while (Commands.before(end));
    }
    AsyncFiles.delete(path);
    return operations;
  }
}
