package io.github.epollo.benchmarks.harness;

import io.github.epollo.benchmarks.harness.Statistics.Estimate;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Measures what a server costs before and between its requests: each peer is a new process in each round, until it has answered one request, and only figures of one round are compared; then all are left alone together, and what they do meanwhile is
 * counted.
 *
 * <p>{@code --peers FILE --port N --rounds N --idle SECONDS} and what {@link Results} wants; the file of peers has a line each, name and command, separated by a tab; the word PORT becomes the port.
 */
final class StartBenchmark {
  private static final long LIMIT = 20_000_000_000L;
  private static final int SETTLE_MILLIS = 10_000; // for compilers and collectors to come to rest

  private record Peer(String name, List<String> command) {
    static Peer parse(String line) {
      String[] fields = line.split("\t", 2);
      return new Peer(fields[0], List.of(fields[1].split(" ", -1)));
    }

    PeerProcess start(int port) throws IOException {
      return PeerProcess.onPort(name, command, port);
    }
  }

  private record Start(int round, String peer, double millis, double cpuMillis) {}

  private record Idle(String peer, double wakeups, double cpuMillis) {}

  /** What a process had done when it was left alone. */
  private record Rest(PeerProcess process, CpuTime cpu, ContextSwitches switches) {
    Idle after(int seconds) throws IOException {
      long woken = ContextSwitches.voluntary(process.pid()).since(switches);
      double used = CpuTime.of(process.pid()).since(cpu).nanos() / 1e6;
      return new Idle(process.name(), (double) woken / seconds, used * 60 / seconds);
    }
  }

  private final Options options;
  private final List<Start> starts = new ArrayList<>();
  private final List<Idle> idles = new ArrayList<>();
  private int port;

  private StartBenchmark(Options options) {
    this.options = options;
    this.port = options.number("--port");
  }

  public static void main(String[] args) throws Exception {
    new StartBenchmark(Options.parse(args)).run();
  }

  private void run() throws IOException, InterruptedException {
    Results results = new Results(options);
    List<Peer> peers = Files.readAllLines(options.path("--peers")).stream().map(Peer::parse).toList();
    for (int round = 0; round <= options.number("--rounds"); round++) { // the first brings programs and classes into the page cache
      for (Peer peer : round % 2 == 1 ? peers : peers.reversed()) {
        try (PeerProcess process = peer.start(++port)) {
          Start start = answered(round, peer, process);
          if (round > 0) {
            starts.add(start);
          }
        }
      }
    }
    measureIdle(peers);
    report(peers, results);
    results.put("starts", starts.stream().map(StartBenchmark::json).toList());
    results.put("idle", idles.stream().map(StartBenchmark::json).toList());
    results.write();
  }

  /** Until the process has answered a request. */
  private Start answered(int round, Peer peer, PeerProcess process) throws IOException, InterruptedException {
    long begun = System.nanoTime();
    while (true) {
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.setSoTimeout((int) (LIMIT / 1_000_000));
        socket.getOutputStream().write(Replies.REQUEST.getBytes(StandardCharsets.ISO_8859_1));
        StringBuilder reply = new StringBuilder();
        byte[] buffer = new byte[1024];
        while (reply.indexOf(Replies.END) < 0) {
          int n = socket.getInputStream().read(buffer);
          if (n < 0) {
            throw new IOException(peer.name() + " answers " + reply);
          }
          reply.append(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
        }
        double millis = (System.nanoTime() - begun) / 1e6;
        return new Start(round, peer.name(), millis, total(CpuTime.of(process.pid())));
      } catch (ConnectException e) {
        if (System.nanoTime() - begun > LIMIT) {
          throw new IOException(peer.name() + " does not listen", e);
        }
        Thread.sleep(1);
      }
    }
  }

  /** Milliseconds that a process has used. Its threads that have ended are in the ticks only. */
  private static double total(CpuTime cpu) {
    return cpu.since(new CpuTime(Map.of(), 0, 0)).nanos() / 1e6;
  }

  private void measureIdle(List<Peer> peers) throws IOException, InterruptedException {
    int seconds = options.number("--idle");
    List<PeerProcess> processes = new ArrayList<>();
    try {
      for (Peer peer : peers) {
        port++;
        PeerProcess process = peer.start(port);
        processes.add(process);
        Start _ = answered(0, peer, process);
      }
      Thread.sleep(SETTLE_MILLIS);
      List<Rest> rests = new ArrayList<>();
      for (PeerProcess process : processes) {
        rests.add(new Rest(process, CpuTime.of(process.pid()), ContextSwitches.voluntary(process.pid())));
      }
      Thread.sleep(seconds * 1000L);
      for (Rest rest : rests) {
        idles.add(rest.after(seconds));
      }
    } finally {
      processes.forEach(PeerProcess::close);
    }
  }

  private void report(List<Peer> peers, Results results) {
    String ours = peers.getFirst().name();
    System.out.printf(
        "%n| peer | ms to the first answer | CPU ms | ms, %s : peer | CPU, %s : peer | idle: wakeups a second | idle: CPU ms a minute |%n",
        ours, ours);
    System.out.println("|---|--:|--:|--:|--:|--:|--:|");
    Map<String, Estimate> times = new LinkedHashMap<>();
    Map<String, Estimate> costs = new LinkedHashMap<>();
    for (Peer peer : peers) {
      Estimate time = ratio(ours, peer.name(), Start::millis);
      Estimate cost = ratio(ours, peer.name(), Start::cpuMillis);
      Idle idle = idles.stream().filter(i -> i.peer().equals(peer.name())).findFirst().orElseThrow();
      System.out.printf("| %s | %.0f | %.0f | %s | %s | %.2f | %.1f |%n", peer.name(),
          median(peer.name(), Start::millis),
          median(peer.name(), Start::cpuMillis), time.text(), cost.text(), idle.wakeups(), idle.cpuMillis());
      if (!peer.name().equals(ours)) {
        times.put(ours + " : " + peer.name(), time);
        costs.put(ours + " : " + peer.name(), cost);
      }
    }
    results.chart("time to the first answer", times);
    results.chart("CPU until the first answer", costs);
    System.out.println(
        "\nMedians of the rounds; the ratios are medians of the ratios within a round, with 95 % intervals.");
  }

  private List<Start> of(String peer) {
    return starts.stream().filter(start -> start.peer().equals(peer)).toList();
  }

  private double median(String peer, ToDoubleFunction<Start> value) {
    return Statistics.median(of(peer).stream().mapToDouble(value).toArray());
  }

  private Estimate ratio(String ours, String theirs, ToDoubleFunction<Start> value) {
    return Statistics.bootstrap(Statistics.ratios(of(ours), of(theirs), Start::round, value));
  }

  private static Map<String, Object> json(Start start) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("round", start.round());
    json.put("peer", start.peer());
    json.put("millis", start.millis());
    json.put("cpuMillis", start.cpuMillis());
    return json;
  }

  private static Map<String, Object> json(Idle idle) {
    return Map.of("peer", idle.peer(), "wakeupsPerSecond", idle.wakeups(), "cpuMillisPerMinute", idle.cpuMillis());
  }
}
