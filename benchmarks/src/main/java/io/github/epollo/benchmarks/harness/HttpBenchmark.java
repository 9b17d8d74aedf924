package io.github.epollo.benchmarks.harness;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Measures servers that are already running.
 *
 * <ol>
 *   <li>All of them must give the same bytes.
 *   <li>Each is warmed up.
 *   <li>In each round, each is loaded once while the others are idle; every other round goes backwards, so that a drift within rounds cancels out.
 *   <li>Rounds in which the hypervisor took more than 1 % of the machine, or in which a request failed, are dropped.
 *   <li>The medians, and the ratios within the rounds, are printed and written down.
 * </ol>
 *
 * <p>Of connections that come and go, those that fail are counted and no round is dropped for them; {@link Shortage} follows.
 */
public final class HttpBenchmark {
  private static final double STEAL_LIMIT = 0.01;

  private HttpBenchmark() {}

  /** Called by {@code benchmarks/run}; see {@link Settings}. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Options options = Options.parse(args);
    Settings settings = Settings.of(options);
    List<Server> servers = Server.readAll(settings.servers());
    Wrk wrk = new Wrk(settings.connections(), settings.pipeline(), settings.pipelineScript(), settings.echoLoad(),
        settings.churnLoad(), settings.bytes(), settings.backend());
    boolean echo = settings.echoLoad() != null;

    String reply = echo ? Replies.checkEcho(servers, settings.bytes()) : Replies.check(servers);
    System.out.printf("All %d servers give the same %d bytes.%n", servers.size(), reply.length());

    Map<String, WarmUp> warmUps = new LinkedHashMap<>();
    for (Server server : servers) {
      WarmUp warmUp = WarmUp.run(server, wrk, settings.warmUp());
      warmUps.put(server.name(), warmUp);
      System.out.printf("warm-up %-18s %2d s: %5.0f ns in the first second, %5.0f in the last%s%n", server.name(),
          warmUp.costs().size(), warmUp.cold(), warmUp.costs().getLast(), warmUp.settled() ? "" : ", NOT SETTLED");
    }

    List<Round> rounds = new ArrayList<>();
    List<String> dropped = new ArrayList<>();
    for (int i = 1; i <= settings.rounds(); i++) {
      try {
        Round round = round(i % 2 == 1 ? servers : servers.reversed(), wrk, settings.seconds());
        if (round.steal() > STEAL_LIMIT) {
          throw new IOException("%.1f %% of the time was stolen".formatted(round.steal() * 100));
        }
        rounds.add(round);
        System.out.printf("round %d of %d: %.1f %% stolen, %.1f %% used by others%n", i, settings.rounds(),
            100 * round.steal(), 100 * round.others());
      } catch (IOException e) {
        dropped.add("round " + i + ": " + e.getMessage());
        System.out.printf("DROPPED round %d: %s%n", i, e.getMessage());
      }
    }
    if (rounds.isEmpty()) {
      System.out.println("No round is left to report.");
      System.exit(1);
    }

    System.out.println();
    Report report = new Report(servers, rounds, wrk.operation(), settings.backend() != null);
    System.out.print(report.text());
    Results results = new Results(options);
    results.put("commands", commands(settings, servers, wrk));
    results.put("reply", reply);
    results.put("warmUp", json(warmUps));
    results.put("dropped", dropped);
    results.put("rounds", rounds.stream().map(HttpBenchmark::json).toList());
    report.json().forEach(results::put);
    report.chart(results);
    if (settings.churnLoad() != null) {
      Shortage shortage = new Shortage(wrk, reply, options.number("--fds"), options.number("--port"));
      results.put("shortage", shortage.run(servers, settings.rounds()));
    }
    results.write();
  }

  private static Round round(List<Server> order, Wrk wrk, int seconds) throws IOException, InterruptedException {
    MachineTime before = MachineTime.now();
    Map<String, Sample> samples = new TreeMap<>();
    for (Server server : order) {
      samples.put(server.name(), Sample.take(server, wrk, seconds));
    }
    MachineTime passed = MachineTime.now().since(before);
    double used = samples.values().stream().mapToDouble(Sample::used).sum();
    return new Round(samples, passed.stolenShare(), passed.othersShare(used));
  }

  private static Map<String, Object> commands(Settings settings, List<Server> servers, Wrk wrk) {
    Map<String, Object> commands = new LinkedHashMap<>();
    commands.put("load", String.join(" ", wrk.command(servers.getFirst().port(), settings.seconds())));
    servers.forEach(server -> commands.put(server.name(), server.command()));
    return commands;
  }

  private static Map<String, Object> json(Map<String, WarmUp> warmUps) {
    Map<String, Object> json = new LinkedHashMap<>();
    warmUps.forEach((name, w) -> json.put(name, Map.of("settled", w.settled(), "nanosPerSecond", w.costs())));
    return json;
  }

  private static Map<String, Object> json(Round round) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("steal", round.steal());
    json.put("others", round.others());
    round.samples().forEach((name, sample) -> json.put(name, sample.json()));
    return json;
  }
}
