package io.github.epollo.benchmarks.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Measures what operations on files cost: each peer is a process that is told a workload and answers with the number of operations; the CPU time of all its threads, the kernel's workers for it
 * included, is read before and after. Peers take turns within a round, and only figures of one round are compared.
 *
 * <p>{@code --peers FILE --results DIRECTORY --data DIRECTORY --rounds N --seconds S --warm-up S [--fact KEY=VALUE]...}; the file of peers has a line each, name and command, separated by a tab.
 */
final class FilesBenchmark {
  private static final String FLOOR = "floor";
  private static final double STEAL_LIMIT = 0.01;
  private static final int BLOCK = 4096;

  /** What is done, and with which file. */
  private record Workload(String name, String command, Path file, int block) {}

  private record Figure(int round, String peer, String workload, long operations, double seconds, long cpuNanos) {
    double cost() {
      return (double) cpuNanos / operations;
    }

    double rate() {
      return operations / seconds;
    }
  }

  private final Map<String, String> options = new LinkedHashMap<>();
  private final Map<String, String> facts = new LinkedHashMap<>();
  private final List<Figure> figures = new ArrayList<>();

  private FilesBenchmark(String[] args) {
    for (int i = 0; i + 1 < args.length; i += 2) {
      if (args[i].equals("--fact")) {
        String[] fact = args[i + 1].split("=", 2);
        facts.put(fact[0], fact[1]);
      } else {
        options.put(args[i], args[i + 1]);
      }
    }
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    new FilesBenchmark(args).run();
  }

  private void run() throws IOException, InterruptedException {
    int rounds = Integer.parseInt(options.get("--rounds"));
    double seconds = Double.parseDouble(options.get("--seconds"));
    double warmUp = Double.parseDouble(options.get("--warm-up"));
    List<Workload> workloads = workloads(Path.of(options.get("--data")));
    List<FilePeer> peers = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(Path.of(options.get("--peers")))) {
        String[] fields = line.split("\t", 2);
        peers.add(new FilePeer(fields[0], List.of(fields[1].split(" ", -1))));
      }
      for (Workload workload : workloads) {
        List<FilePeer> able = new ArrayList<>();
        for (FilePeer peer : peers) {
          if (peer.run(workload.command(), workload.file(), workload.block(), warmUp) < 0) {
            System.out.println("SKIPPED " + peer.name() + " for " + workload.name() + ": it has no such workload");
          } else {
            able.add(peer);
          }
        }
        for (int round = 1; round <= rounds; round++) {
          measure(round, workload, round % 2 == 1 ? able : able.reversed(), seconds);
        }
      }
    } finally {
      peers.forEach(FilePeer::close);
    }
    System.out.print(text(workloads));
    Path file = Files.createDirectories(Path.of(options.get("--results")))
        .resolve("files-" + Instant.now().toString().replace(':', '-') + ".json");
    Files.writeString(file,
        Json.of(Map.of("environment", environment(), "figures", figures.stream().map(FilesBenchmark::json).toList()))
            + "\n");
    System.out.println("\nWritten to " + file);
  }

  private static List<Workload> workloads(Path data) throws IOException {
    Files.createDirectories(data);
    Path hot = file(data, 64 << 20);
    List<Workload> all = new ArrayList<>();
    all.add(new Workload("4 KiB read, cached", "hot", hot, BLOCK));
    all.add(new Workload("64 KiB file, whole", "whole", file(data, 64 << 10), 0));
    all.add(new Workload("1 MiB file, whole", "whole", file(data, 1 << 20), 0));
    all.add(new Workload("16 MiB file, whole", "whole", file(data, 16 << 20), 0));
    all.add(new Workload("64 KiB file, into the same memory", "reuse", file(data, 64 << 10), 0));
    all.add(new Workload("1 MiB file, into the same memory", "reuse", file(data, 1 << 20), 0));
    all.add(new Workload("16 MiB file, into the same memory", "reuse", file(data, 16 << 20), 0));
    all.add(new Workload("stat, open, close", "stat", hot, 0));
    all.add(new Workload("4 KiB read, O_DIRECT, one at a time", "direct1", hot, BLOCK));
    all.add(new Workload("4 KiB read, O_DIRECT, 32 at a time", "direct32", hot, BLOCK));
    all.add(new Workload("4 KiB append and fdatasync", "append", data.resolve("append"), BLOCK));
    return all;
  }

  /** A file of random bytes, which is in the page cache when it has been written. */
  private static Path file(Path data, int size) throws IOException {
    Path file = data.resolve("file-" + size);
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    Files.write(file, bytes, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
    return file;
  }

  private void measure(int round, Workload workload, List<FilePeer> order, double seconds) throws IOException {
    MachineTime before = MachineTime.now();
    List<Figure> taken = new ArrayList<>();
    for (FilePeer peer : order) {
      CpuTime cpu = CpuTime.of(peer.pid());
      long start = System.nanoTime();
      long operations = peer.run(workload.command(), workload.file(), workload.block(), seconds);
      double passed = (System.nanoTime() - start) / 1e9;
      taken.add(new Figure(round, peer.name(), workload.name(), operations, passed,
          CpuTime.of(peer.pid()).since(cpu).nanos()));
    }
    double stolen = MachineTime.now().since(before).stolenShare();
    if (stolen > STEAL_LIMIT) {
      System.out.printf("DROPPED round %d of %s: %.1f %% of the time was stolen%n", round, workload.name(),
          100 * stolen);
    } else {
      figures.addAll(taken);
    }
  }

  private String text(List<Workload> workloads) {
    StringBuilder out = new StringBuilder();
    for (Workload workload : workloads) {
      out.append("%n%s%n%n| peer | CPU µs/op | op/s | CPU, peer : floor | rate, peer : floor |%n|---|--:|--:|--:|--:|%n"
          .formatted(workload.name()));
      List<Figure> all = figures.stream().filter(f -> f.workload().equals(workload.name())).toList();
      for (String peer : all.stream().map(Figure::peer).distinct().toList()) {
        List<Figure> theirs = of(all, peer);
        out.append("| %s | %.2f | %.0f | %s | %s |%n".formatted(peer,
            Statistics.median(theirs.stream().mapToDouble(f -> f.cost() / 1000).toArray()),
            Statistics.median(theirs.stream().mapToDouble(Figure::rate).toArray()),
            ratio(theirs, of(all, FLOOR), true), ratio(theirs, of(all, FLOOR), false)));
      }
    }
    return out
        .append("\nMedians of the rounds; the ratios are medians of the ratios within a round, with 95 % intervals.\n")
        .toString();
  }

  private static List<Figure> of(List<Figure> figures, String peer) {
    return figures.stream().filter(f -> f.peer().equals(peer)).toList();
  }

  private static String ratio(List<Figure> ours, List<Figure> theirs, boolean cost) {
    List<Double> ratios = new ArrayList<>();
    for (Figure a : ours) {
      for (Figure b : theirs) {
        if (a.round() == b.round()) {
          ratios.add(cost ? a.cost() / b.cost() : a.rate() / b.rate());
        }
      }
    }
    if (ratios.isEmpty()) {
      return "–";
    }
    Statistics.Estimate e = Statistics.bootstrap(ratios.stream().mapToDouble(Double::doubleValue).toArray());
    return "%.2f (%.2f–%.2f)".formatted(e.median(), e.low(), e.high());
  }

  private Map<String, Object> environment() {
    Map<String, Object> environment = new LinkedHashMap<>();
    environment.put("time", Instant.now());
    for (String property : List.of("java.version", "java.vendor.version", "os.version", "os.arch")) {
      environment.put(property, System.getProperty(property, ""));
    }
    environment.putAll(facts);
    environment.put("options", options);
    return environment;
  }

  private static Map<String, Object> json(Figure figure) {
    return Map.of("round", figure.round(), "peer", figure.peer(), "workload", figure.workload(), "operations",
        figure.operations(), "seconds", figure.seconds(), "cpuNanos", figure.cpuNanos());
  }
}
