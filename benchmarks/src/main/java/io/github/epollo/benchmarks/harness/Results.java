package io.github.epollo.benchmarks.harness;

import io.github.epollo.benchmarks.harness.Statistics.Estimate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a benchmark leaves behind: NAME.json, with the figures and what produced them, and NAME.svg, which {@link Plot} draws from the charts in it. The options {@code --name} and {@code --results} say
 * which name, and where.
 */
public final class Results {
  private final Options options;
  private final Map<String, Object> json = new LinkedHashMap<>();
  /** Of absolute paths: where something lay on the machine says nothing of a figure. */
  private static final Pattern DIRECTORIES = Pattern.compile("(?<=[\\s:=\"])/(?:[^/\\s:\"]+/)+");

  private final List<Object> charts = new ArrayList<>();

  /** The results of a run with these options. */
  public Results(Options options) throws IOException {
    this.options = options;
    json.put("benchmark", options.text("--name"));
    json.put("environment", environment(options));
    json.put("charts", charts);
  }

  private static Map<String, Object> environment(Options options) throws IOException {
    Map<String, Object> environment = new LinkedHashMap<>();
    environment.put("time", Instant.now());
    for (String property : List.of("java.version", "java.vendor.version", "os.version", "os.arch")) {
      environment.put(property, System.getProperty(property, ""));
    }
    environment.put("processors", Files.readString(Path.of("/sys/devices/system/cpu/online")).strip());
    environment.put("processor", Files.readAllLines(Path.of("/proc/cpuinfo"))
        .stream()
        .filter(line -> line.startsWith("model name"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse(""));
    environment.putAll(options.facts());
    Map<String, String> given = new LinkedHashMap<>();
    options.values().forEach((name, value) -> given.put(name.substring(2), value));
    environment.put("options", given);
    return environment;
  }

  /** Adds figures: of maps, collections, numbers, booleans and strings. */
  public void put(String key, Object value) {
    json.put(key, value);
  }

  /** Adds a chart of ratios, each with its interval; less than 1 is good for us. */
  public void chart(String title, Map<String, Estimate> ratios) {
    List<Object> bars = new ArrayList<>();
    ratios.forEach((name, ratio) -> {
      Map<String, Object> bar = new LinkedHashMap<>();
      bar.put("name", name);
      bar.putAll(json(ratio));
      bars.add(bar);
    });
    Map<String, Object> chart = new LinkedHashMap<>();
    chart.put("title", title);
    chart.put("bars", bars);
    charts.add(chart);
  }

  static Map<String, Object> json(Estimate estimate) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("median", estimate.median());
    json.put("low", estimate.low());
    json.put("high", estimate.high());
    return json;
  }

  /** Writes the file, and draws the plot from what was written. */
  public void write() throws IOException {
    Path file = Files.createDirectories(options.path("--results")).resolve(options.text("--name") + ".json");
    Files.writeString(file, DIRECTORIES.matcher(Json.of(json)).replaceAll("") + "\n");
    System.out.println("\nWritten to " + file);
    Plot.draw(file);
  }
}
