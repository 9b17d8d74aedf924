package io.github.epollo.benchmarks.harness;

import io.github.epollo.benchmarks.harness.Statistics.Estimate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Measures the memory of what waits: each peer is a new process in each round, which is brought to a few waiting connections, or sleeps, and then to many. The difference, divided by how many came, is what one takes; what the process
 * needs once is not in it. The heap is measured when that is done again, by code that is compiled: what waits in interpreted code has a larger stack. What is outside of the heap is measured the first time, since little of it is given back.
 *
 * <p>{@code --peers FILE --client PROGRAM --jcmd PROGRAM --port N --rounds N} and what {@link Results} wants; the file of peers has a line each: name, "connection" or "sleep", from, to, and command, separated by tabs.
 */
final class MemoryBenchmark {
  private static final int SHOWN = 14;
  private static final int OTHER_FDS = 200; // of a JVM
  private static final Pattern SOCKET_PAGES = Pattern.compile("(?s).*TCP: [^\n]* mem (\\d+)\n.*");
  private static final Pattern SLAB = Pattern.compile("(?s).*\nSlab: +(\\d+) kB.*");

  private record Peer(String name, String what, int from, int to, List<String> command) {
    static Peer parse(String line) {
      String[] fields = line.split("\t", 5);
      return new Peer(fields[0], fields[1], Integer.parseInt(fields[2]), Integer.parseInt(fields[3]),
          List.of(fields[4].split(" ", -1)));
    }

    boolean jvm() {
      return command.stream().anyMatch(word -> word.endsWith("/java"));
    }

    boolean ours() {
      return name.startsWith("epollo-") && !name.endsWith("-again");
    }
  }

  private record Figure(int round, Peer peer, double heap, double outside, double resident, double kernel,
      Map<String, Double> classes) {
    double user() {
      return heap + outside;
    }
  }

  private final Options options;
  private final List<Figure> figures = new ArrayList<>();
  private int port;

  private MemoryBenchmark(Options options) {
    this.options = options;
    this.port = options.number("--port");
  }

  public static void main(String[] args) throws Exception {
    new MemoryBenchmark(Options.parse(args)).run();
  }

  private void run() throws IOException, InterruptedException {
    Results results = new Results(options);
    List<Peer> peers = new ArrayList<>(
        Files.readAllLines(options.path("--peers")).stream().map(Peer::parse).toList());
    for (int round = 1; round <= options.number("--rounds"); round++) {
      for (Peer peer : round % 2 == 1 ? List.copyOf(peers) : List.copyOf(peers.reversed())) {
        try {
          figures.add(peer.what().equals("connection") ? connections(round, peer) : sleeps(round, peer));
        } catch (IOException e) {
          System.out.printf("%n%s is left out of all rounds: %s%n", peer.name(), e.getMessage());
          peers.remove(peer);
        }
      }
    }
    for (String what : peers.stream().map(Peer::what).distinct().toList()) {
      report(peers.stream().filter(peer -> peer.what().equals(what)).toList(), what, results);
    }
    System.out.println(
        "\nMedians of the rounds; the ratios are medians of the ratios within a round, with 95 % intervals.");
    results.put("figures", figures.stream().map(MemoryBenchmark::json).toList());
    results.write();
  }

  private Figure sleeps(int round, Peer peer) throws IOException, InterruptedException {
    try (PeerProcess process = new PeerProcess(peer.name(), peer.command())) {
      return measure(round, peer, process.pid(), process);
    }
  }

  private Figure connections(int round, Peer peer) throws IOException, InterruptedException {
    port++;
    try (PeerProcess server = PeerProcess.onPort(peer.name(), peer.command(), port);
        PeerProcess client = new PeerProcess("idle_load",
            List.of("taskset", "-c", "1", options.text("--client"), Integer.toString(port)))) {
      Server.awaitListener(port);
      return measure(round, peer, server.pid(), client);
    }
  }

  private Figure measure(int round, Peer peer, long pid, PeerProcess holder)
      throws IOException, InterruptedException {
    hold(holder, peer.from());
    UserMemory fresh = UserMemory.of(pid, options.path("--jcmd"), peer.jvm());
    long kernelBefore = kernel();
    hold(holder, peer.to());
    long kernelAfter = kernel();
    UserMemory filled = UserMemory.of(pid, options.path("--jcmd"), peer.jvm());
    hold(holder, peer.from());
    awaitFewFds(pid, peer.from() + OTHER_FDS);
    UserMemory before = UserMemory.of(pid, options.path("--jcmd"), peer.jvm());
    hold(holder, peer.to());
    UserMemory after = UserMemory.of(pid, options.path("--jcmd"), peer.jvm());
    double added = peer.to() - peer.from();
    Map<String, Double> classes = new LinkedHashMap<>();
    after.classes().entrySet().stream()
        .map(e -> Map.entry(e.getKey(), (e.getValue() - before.classes().getOrDefault(e.getKey(), 0L)) / added))
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .limit(SHOWN)
        .forEach(e -> classes.put(e.getKey(), e.getValue()));
    return new Figure(round, peer, (after.heap() - before.heap()) / added, (filled.outside() - fresh.outside()) / added,
        (filled.resident() - fresh.resident()) / added, (kernelAfter - kernelBefore) / added, classes);
  }

  private static void hold(PeerProcess holder, int number) throws IOException {
    long held = holder.run(new Workload("hold", "hold", Path.of("-"), number), 0).operations();
    if (held != number) {
      throw new IOException(holder.name() + " holds " + held + " and not " + number);
    }
  }

  /** Until a server has closed what its client has closed. */
  private static void awaitFewFds(long pid, int most) throws IOException, InterruptedException {
    for (int i = 0; i < 100; i++) {
      try (var fds = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
        if (fds.count() <= most) {
          return;
        }
      }
      Thread.sleep(100);
    }
    throw new IOException("process " + pid + " does not close what its client has closed");
  }

  /** The whole machine's memory for sockets and in slabs: of both ends, and of whatever else goes on. */
  private static long kernel() throws IOException {
    Matcher pages = SOCKET_PAGES.matcher(Files.readString(Path.of("/proc/net/sockstat")));
    Matcher slab = SLAB.matcher(Files.readString(Path.of("/proc/meminfo")));
    return (pages.matches() ? Long.parseLong(pages.group(1)) << 12 : 0)
        + (slab.matches() ? Long.parseLong(slab.group(1)) << 10 : 0);
  }

  private void report(List<Peer> peers, String what, Results results) {
    List<Peer> ours = peers.stream().filter(Peer::ours).toList();
    StringBuilder head = new StringBuilder();
    ours.forEach(peer -> head.append(" user, %s : peer |".formatted(peer.name())));
    System.out.printf("%nBytes a %s, from %d to %d of them%n%n", what, peers.getFirst().from(), peers.getFirst().to());
    System.out.printf(
        "| peer | user space | live in the heap | resident outside of it | all resident | kernel, whole machine |%s%n",
        head);
    System.out.println("|---|--:|--:|--:|--:|--:|" + "--:|".repeat(ours.size()));
    for (Peer peer : peers) {
      StringBuilder ratios = new StringBuilder();
      ours.forEach(mine -> ratios.append(" %s |".formatted(ratio(mine, peer).text())));
      System.out.printf("| %s | %.0f | %.0f | %.0f | %.0f | %.0f |%s%n", peer.name(), median(peer, Figure::user),
          median(peer, Figure::heap), median(peer, Figure::outside), median(peer, Figure::resident),
          median(peer, Figure::kernel), ratios);
    }
    for (Peer mine : ours) {
      Map<String, Estimate> chart = new LinkedHashMap<>();
      peers.stream().filter(peer -> !peer.equals(mine))
          .forEach(peer -> chart.put(mine.name() + " : " + peer.name(), ratio(mine, peer)));
      results.chart("%s of %s: bytes in user space".formatted(what, mine.name()), chart);
      System.out.printf("%n%s, bytes of the heap a %s:%n", mine.name(), what);
      of(mine).getFirst().classes().forEach((name, bytes) -> System.out.printf("%8.1f  %s%n", bytes, name));
    }
  }

  private List<Figure> of(Peer peer) {
    return figures.stream().filter(figure -> figure.peer().equals(peer))
        .sorted(Comparator.comparingInt(Figure::round)).toList();
  }

  private double median(Peer peer, ToDoubleFunction<Figure> value) {
    return Statistics.median(of(peer).stream().mapToDouble(value).toArray());
  }

  private Estimate ratio(Peer ours, Peer theirs) {
    List<Figure> all = of(theirs);
    List<Figure> mine = of(ours);
    double[] ratios = new double[mine.size()];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = mine.get(i).user() / all.get(i).user();
    }
    return Statistics.bootstrap(ratios);
  }

  private static Map<String, Object> json(Figure figure) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("round", figure.round());
    json.put("peer", figure.peer().name());
    json.put("what", figure.peer().what());
    json.put("heap", figure.heap());
    json.put("outside", figure.outside());
    json.put("resident", figure.resident());
    json.put("kernel", figure.kernel());
    json.put("classes", figure.classes());
    return json;
  }
}
