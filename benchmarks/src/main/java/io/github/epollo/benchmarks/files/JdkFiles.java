package io.github.epollo.benchmarks.files;

import io.github.epollo.benchmarks.Commands;
import io.github.epollo.benchmarks.Commands.Random;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The JDK: {@link FileChannel} and {@link Files} in virtual threads. */
final class JdkFiles {
  private static final int DEPTH = 32;

  private JdkFiles() {}

  public static void main(String[] args) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Commands.serve((workload, file, block, end) -> run(threads, workload, file, block, end));
    }
  }

  private static long run(ExecutorService threads, String workload, Path file, int block, long end) throws Exception {
    return switch (workload) {
      case "hot" -> reads(threads, file, block, 1, Commands.BATCH, end, StandardOpenOption.READ);
      case "direct1" -> reads(threads, file, block, 1, 1, end, StandardOpenOption.READ, direct());
      case "direct32" -> reads(threads, file, block, DEPTH, 1, end, StandardOpenOption.READ, direct());
      case "whole" -> threads.submit(() -> whole(file, end)).get();
      case "reuse" -> threads.submit(() -> reuse(file, end)).get();
      case "stat" -> threads.submit(() -> stat(file, end)).get();
      case "append" -> threads.submit(() -> append(file, block, end)).get();
      default -> -1;
    };
  }

  /** {@code ExtendedOpenOption.DIRECT}, of which the compiler warns that it may go. */
  private static OpenOption direct() throws ClassNotFoundException {
    for (Object option : Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants()) {
      if (option.toString().equals("DIRECT")) {
        return (OpenOption) option;
      }
    }
    throw new IllegalStateException("this JDK has no direct I/O");
  }

  private static long reads(ExecutorService threads, Path path, int block, int depth, int batch, long end,
      OpenOption... options) throws Exception {
    try (FileChannel file = FileChannel.open(path, options)) {
      long blocks = file.size() / block;
      List<Callable<Long>> readers = new ArrayList<>();
      for (int i = 0; i < depth; i++) {
        Random random = new Random(i);
        readers.add(() -> {
          ByteBuffer buffer = ByteBuffer.allocateDirect(block + 4096).alignedSlice(4096).limit(block);
          long operations = 0;
          do {
            long offset = random.next(blocks) * block;
            buffer.clear().limit(block);
            while (buffer.hasRemaining()) {
              file.read(buffer, offset + buffer.position());
            }
            operations++;
          } while (operations % batch != 0 || Commands.before(end));
          return operations;
        });
      }
      long operations = 0;
      for (Future<Long> reader : threads.invokeAll(readers)) {
        operations += reader.get();
      }
      return operations;
    }
  }

  private static long whole(Path path, long end) throws Exception {
    long operations = 0;
    do {
      if (Files.readAllBytes(path).length == 0) {
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
      try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
        buffer.clear().limit((int) file.size());
        while (buffer.hasRemaining()) {
          file.read(buffer, buffer.position());
        }
      }
      operations++;
    } while (Commands.before(end));
    return operations;
  }

  private static long stat(Path path, long end) throws Exception {
    long operations = 0;
    do {
      BasicFileAttributes _ = Files.readAttributes(path, BasicFileAttributes.class);
      FileChannel.open(path, StandardOpenOption.READ).close();
      operations++;
    } while (Commands.before(end));
    return operations;
  }

  private static long append(Path path, int block, long end) throws Exception {
    long operations = 0;
    ByteBuffer buffer = ByteBuffer.allocate(block);
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.APPEND, StandardOpenOption.CREATE)) {
      do {
        buffer.clear();
        while (buffer.hasRemaining()) {
          file.write(buffer);
        }
        file.force(false);
        operations++;
      } while (Commands.before(end));
    }
    Files.delete(path);
    return operations;
  }
}
