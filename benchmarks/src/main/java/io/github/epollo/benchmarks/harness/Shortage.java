package io.github.epollo.benchmarks.harness;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * Servers that run out of file descriptors. Each is started anew with room for a few, warmed up by the load, and then gets more connections than it can accept, which do nothing for two seconds and are closed. What counts is the CPU
 * time of those seconds, how soon a new request is answered after them, and whether the server survives. That one ends, or spins, is a figure like the others.
 */
final class Shortage {
  private static final double STEAL_LIMIT = 0.01;
  private static final double SPINNING = 0.5; // of the core
  private static final int MOST_ROUNDS = 5;
  private static final int BEYOND = 64; // more connections than descriptors
  private static final int WARM_UP_CONNECTIONS = 16;
  private static final int WARM_UP_SECONDS = 3;
  private static final int SETTLE_MILLIS = 500; // until all is accepted that can be
  private static final int HELD_MILLIS = 2000;
  private static final int PATIENCE_MILLIS = 10_000;
  private static final int LINES = 3; // of what a server says before it ends

  /** One server in one round; what it did not live to show is NaN. */
  private record Figure(int round, String server, double cpuShare, double descriptors, double answeredMillis,
      String fate) {}

  private final Wrk wrk;
  private final byte[] reply;
  private final int limit;
  private final InetAddress host = InetAddress.getLoopbackAddress();
  private int port;

  /** Of {@code limit} descriptors a process; the servers get ports above {@code port}. */
  Shortage(Wrk wrk, String reply, int limit, int port) {
    this.wrk = wrk.with(WARM_UP_CONNECTIONS);
    this.reply = reply.getBytes(StandardCharsets.ISO_8859_1);
    this.limit = limit;
    this.port = port;
  }

  /** Prints a table, and returns what there is to write down. */
  Map<String, Object> run(List<Server> servers, int rounds) throws IOException, InterruptedException {
    List<Figure> figures = new ArrayList<>();
    List<String> dropped = new ArrayList<>();
    System.out.printf("%nA shortage: %d descriptors for each server, and %d connections%n", limit, limit + BEYOND);
    for (int round = 1; round <= Math.min(rounds, MOST_ROUNDS); round++) {
      MachineTime before = MachineTime.now();
      List<Figure> taken = new ArrayList<>();
      for (Server server : round % 2 == 1 ? servers : servers.reversed()) {
        taken.add(measure(round, server));
      }
      double stolen = MachineTime.now().since(before).stolenShare();
      if (stolen > STEAL_LIMIT) {
        dropped.add("round %d: %.1f %% of the time was stolen".formatted(round, 100 * stolen));
        System.out.println("DROPPED " + dropped.getLast());
      } else {
        figures.addAll(taken);
      }
    }
    report(servers, figures);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("descriptors", limit);
    json.put("connections", limit + BEYOND);
    json.put("dropped", dropped);
    json.put("figures", figures.stream().map(Shortage::json).toList());
    return json;
  }

  private Figure measure(int round, Server server) throws IOException, InterruptedException {
    Path log = Files.createTempFile("shortage", ".log");
    port++;
    Process process = new ProcessBuilder(command(server)).redirectErrorStream(true).redirectOutput(log.toFile())
        .start();
    Thread hook = new Thread(process::destroy);
    Runtime.getRuntime().addShutdownHook(hook); // nobody else knows of it
    List<Socket> held = new ArrayList<>();
    double share = Double.NaN;
    double descriptors = Double.NaN;
    double answered = Double.NaN;
    String trouble = "";
    try {
      Server.awaitListener(port);
      wrk.run(port, WARM_UP_SECONDS);
      hold(held);
      Thread.sleep(SETTLE_MILLIS);
      CpuTime before = CpuTime.of(process.pid());
      long start = System.nanoTime();
      Thread.sleep(HELD_MILLIS);
      long used = CpuTime.of(process.pid()).since(before).nanos();
      share = (double) used / (System.nanoTime() - start);
      descriptors = descriptors(process.pid());
      close(held);
      answered = awaitAnswer(process);
    } catch (IOException e) {
      trouble = String.valueOf(e.getMessage());
    } finally {
      close(held);
    }
    // one that is about to end has closed its listener before
    boolean ended = Double.isNaN(answered) && process.waitFor(1, TimeUnit.SECONDS);
    String fate = fate(process, ended, share, trouble);
    if (ended) {
      share = Double.NaN;
      descriptors = Double.NaN;
    }
    if (!fate.equals("lives")) {
      System.out.printf("round %d, %s %s; it said:%n", round, server.name(), fate);
      words(log).forEach(line -> System.out.println("  " + line));
    }
    end(process);
    Runtime.getRuntime().removeShutdownHook(hook);
    Files.delete(log);
    return new Figure(round, server.name(), share, descriptors, answered, fate);
  }

  private static String fate(Process process, boolean ended, double share, String trouble) {
    if (ended) {
      return "ended with " + process.exitValue();
    }
    if (!trouble.isEmpty()) {
      return "lives, but: " + trouble;
    }
    return share > SPINNING ? "lives, but spins" : "lives";
  }

  /** The server's command, with another port and with few descriptors; also the hard limit, since a JVM raises the soft one. */
  private List<String> command(Server server) {
    List<String> command = new ArrayList<>(List.of("prlimit", "--nofile=%d:%d".formatted(limit, limit)));
    String old = Integer.toString(server.port());
    for (String word : server.command().split(" ", -1)) {
      command.add(word.equals(old) ? Integer.toString(port) : word);
    }
    return command;
  }

  /** Connects more often than the server can accept, or until it refuses. */
  private void hold(List<Socket> held) throws IOException {
    for (int i = 0; i < limit + BEYOND; i++) {
      Socket socket = new Socket();
      held.add(socket);
      socket.connect(new InetSocketAddress(host, port), PATIENCE_MILLIS);
    }
  }

  private static double descriptors(long pid) throws IOException {
    try (var all = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
      return all.count();
    }
  }

  private static void close(List<Socket> held) throws IOException {
    for (Socket socket : held) {
      socket.close();
    }
    held.clear();
  }

  /** Milliseconds from now until a new connection has its answer. One that fails is followed by another. */
  private double awaitAnswer(Process process) throws IOException, InterruptedException {
    long start = System.nanoTime();
    String last = "";
    while (process.isAlive() && System.nanoTime() - start < PATIENCE_MILLIS * 1_000_000L) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(host, port), PATIENCE_MILLIS);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.getOutputStream().write(Replies.REQUEST.getBytes(StandardCharsets.ISO_8859_1));
        if (Arrays.equals(socket.getInputStream().readNBytes(reply.length), reply)) {
          return (System.nanoTime() - start) / 1e6;
        }
        last = "another answer";
      } catch (IOException e) {
        last = String.valueOf(e.getMessage());
      }
      Thread.sleep(1);
    }
    throw new IOException("no request is answered: " + last);
  }

  private static List<String> words(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1)
        .stream()
        .filter(line -> !line.isBlank() && !line.startsWith("\t"))
        .toList();
    return lines.subList(Math.max(0, lines.size() - LINES), lines.size());
  }

  private static void end(Process process) throws InterruptedException {
    process.destroy();
    if (!process.waitFor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }

  private static void report(List<Server> servers, List<Figure> figures) {
    System.out.println("\n| server | CPU share in the shortage | descriptors | answered after, ms | at most | it |");
    System.out.println("|---|--:|--:|--:|--:|---|");
    for (Server server : servers) {
      List<Figure> theirs = figures.stream().filter(figure -> figure.server().equals(server.name())).toList();
      System.out.printf("| %s | %s | %s | %s | %s | %s |%n", server.name(),
          text("%.1f %%", 100 * median(theirs, Figure::cpuShare)), text("%.0f", median(theirs, Figure::descriptors)),
          text("%.1f", median(theirs, Figure::answeredMillis)),
          text("%.1f", theirs.stream().mapToDouble(Figure::answeredMillis).filter(ms -> ms >= 0).max()
              .orElse(Double.NaN)),
          String.join("; ", theirs.stream().map(Figure::fate).distinct().toList()));
    }
    System.out.printf("%nMedians of %d rounds.%n", figures.stream().mapToInt(Figure::round).distinct().count());
  }

  /** Of those that there are. */
  private static double median(List<Figure> figures, ToDoubleFunction<Figure> value) {
    double[] values = figures.stream().mapToDouble(value).filter(v -> !Double.isNaN(v)).toArray();
    return values.length == 0 ? Double.NaN : Statistics.median(values);
  }

  private static String text(String format, double value) {
    return Double.isNaN(value) ? "–" : format.formatted(value);
  }

  private static Map<String, Object> json(Figure figure) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("round", figure.round());
    json.put("server", figure.server());
    json.put("cpuShare", figure.cpuShare());
    json.put("descriptors", figure.descriptors());
    json.put("answeredMillis", figure.answeredMillis());
    json.put("fate", figure.fate());
    return json;
  }
}
