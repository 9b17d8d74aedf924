package io.github.epollo.benchmarks.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
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
 */
public final class HttpBenchmark {
  private static final double STEAL_LIMIT = 0.01;

  private HttpBenchmark() {}

  /** Called by {@code benchmarks/run}; see {@link Settings}. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Settings settings = Settings.parse(args);
    List<Server> servers = Server.readAll(settings.servers());
    Wrk wrk = new Wrk(settings.connections(), settings.pipeline(), settings.pipelineScript(), settings.echoLoad(),
        settings.bytes());
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
    System.out.print(new Report(servers, rounds).text());
    Path file = Files.createDirectories(settings.results())
        .resolve((echo ? "echo-" : "http-") + Instant.now().toString().replace(':', '-') + ".json");
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("environment", environment(settings, servers, wrk));
    result.put("reply", reply);
    result.put("warmUp", json(warmUps));
    result.put("dropped", dropped);
    result.put("rounds", rounds.stream().map(HttpBenchmark::json).toList());
    result.putAll(new Report(servers, rounds).json());
    Files.writeString(file, Json.of(result) + "\n");
    System.out.println("\nWritten to " + file);
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

  private static Map<String, Object> environment(Settings settings, List<Server> servers, Wrk wrk) throws IOException {
    Map<String, Object> environment = new LinkedHashMap<>();
    environment.put("time", Instant.now());
    for (String property : List.of("java.version", "java.vendor.version", "os.version", "os.arch")) {
      environment.put(property, System.getProperty(property, ""));
    }
    environment.put("processors", Files.readString(Path.of("/sys/devices/system/cpu/online")).strip());
    environment.put("processor", Files.readAllLines(Path.of("/proc/cpuinfo"))
        .stream()
        .filter(line -> line.startsWith("model name"))
        .findFirst()
        .orElse(""));
    environment.putAll(settings.facts());
    environment.put("rounds", settings.rounds());
    environment.put("load.command", String.join(" ", wrk.command(servers.getFirst().port(), settings.seconds())));
    servers.forEach(server -> environment.put(server.name() + ".command", server.command()));
    return environment;
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
    round.samples()
        .forEach((name, s) -> json.put(name, Map.of("requests", s.requests(), "seconds", s.seconds(), "cpuNanos",
            s.cpuNanos(), "userShare", s.userShare(), "wrkBusy", s.wrkBusy())));
    return json;
  }
}
