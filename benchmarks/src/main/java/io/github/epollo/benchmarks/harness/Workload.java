package io.github.epollo.benchmarks.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** What a {@link PeerProcess} is told to do: with a file and a block size, or with a number of tasks. */
record Workload(String name, String command, Path file, int block) {
  private static final int BLOCK = 4096;
  private static final int SLEEPERS = 100;
  private static final Path NONE = Path.of("-");

  /** The workloads of a benchmark; files for it are made in {@code data}. */
  static List<Workload> of(String benchmark, Path data) throws IOException {
    return switch (benchmark) {
      case "files" -> files(data);
      case "sched" ->
        List.of(plain("spawn one and join it", "spawn", 1), plain("spawn 10 000, then join them", "spawn", 10_000),
            plain("yield, 200 tasks", "yield", 200), plain("hop between two tasks that wake each other", "hop", 2));
      case "channels" -> List.of(plain("one task, sent and received", "alone", 1024),
          plain("room for 1024", "pass", 1024), plain("room for 16", "pass", 16), plain("room for 1", "pass", 1),
          plain("no room", "rendezvous", 0), plain("room for all", "unbounded", 0));
      case "wake" -> Stream.of(1, 10, 100, 1000).map(size -> plain("a burst of " + size, "burst", size)).toList();
      case "hogs" ->
        List.of(plain("no hog", "base", SLEEPERS), plain("a hog that yields every 50 µs", "yields", SLEEPERS),
            plain("a hog that holds its thread for 100 ms, then sleeps 100 ms", "holds", SLEEPERS));
      case "sleeps" -> Stream.of(1, 3, 10, 100)
          .map(millis -> plain("sleeps of " + millis + " ms", "sleeps", millis * 1_000)).toList();
      default -> throw new IllegalArgumentException("no workloads for " + benchmark);
    };
  }

  private static Workload plain(String name, String command, int number) {
    return new Workload(name, command, NONE, number);
  }

  private static List<Workload> files(Path data) throws IOException {
    Files.createDirectories(data);
    Path hot = file(data, 64 << 20);
    List<Workload> all = new ArrayList<>();
    all.add(onFile("4 KiB read, cached", "hot", hot, BLOCK));
    all.add(onFile("4 KiB read, cached, into a heap buffer", "heap", hot, BLOCK));
    all.add(onFile("64 KiB file, whole", "whole", file(data, 64 << 10), 0));
    all.add(onFile("1 MiB file, whole", "whole", file(data, 1 << 20), 0));
    all.add(onFile("16 MiB file, whole", "whole", file(data, 16 << 20), 0));
    all.add(onFile("64 KiB file, into the same memory", "reuse", file(data, 64 << 10), 0));
    all.add(onFile("1 MiB file, into the same memory", "reuse", file(data, 1 << 20), 0));
    all.add(onFile("16 MiB file, into the same memory", "reuse", file(data, 16 << 20), 0));
    all.add(onFile("stat, open, close", "stat", hot, 0));
    all.add(onFile("4 KiB read, O_DIRECT, one at a time", "direct1", hot, BLOCK));
    all.add(onFile("4 KiB read, O_DIRECT, 32 at a time", "direct32", hot, BLOCK));
    all.add(onFile("4 KiB append and fdatasync", "append", data.resolve("append"), BLOCK));
    return all;
  }

  private static Workload onFile(String name, String command, Path file, int block) {
    return new Workload(name, command, file, block);
  }

  /** A file of random bytes, which is in the page cache when it has been written. */
  private static Path file(Path data, int size) throws IOException {
    Path file = data.resolve("file-" + size);
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    Files.write(file, bytes, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
    return file;
  }
}
