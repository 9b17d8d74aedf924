package io.github.epollo.benchmarks.harness;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The load generator, with one thread, on a core of its own: wrk for HTTP, and {@code echo_load.c} or {@code churn_load.c}, which print the same, for echo and for connections that come and go.
 *
 * @param echoLoad the program for echo, or null
 * @param churnLoad the program for one request a connection, or null
 * @param bytes how many are echoed
 * @param backend the process that the servers call, which shares the core with the load generator, or null if they call none
 */
record Wrk(int connections, int pipeline, Path pipelineScript, @Nullable String echoLoad,
    @Nullable String churnLoad, int bytes, @Nullable Long backend) {
  private static final Pattern TOTAL = Pattern.compile("(\\d+) requests in ([0-9.]+)(us|ms|s|m|h),");
  private static final Pattern PERCENTILE = Pattern.compile("\\s(50|99)%\\s+([0-9.]+)(us|ms|s)\\s");
  private static final Pattern TROUBLE = Pattern.compile("(Socket errors:.*|Non-2xx.*)");
  private static final Pattern FAILED = Pattern.compile("(\\d+) connections failed:(.*)");

  /**
   * What a run has seen, and what it and the backend used. Of connections that come and go, how many failed is a figure, and why they did a text; the
   * latencies, in microseconds, are known if there is a backend.
   */
  record Load(long requests, double seconds, long cpuNanos, long failed, String why, long backendNanos, double p50,
      double p99) {}

  /** The same load with another number of connections. */
  Wrk with(int otherConnections) {
    return new Wrk(otherConnections, pipeline, pipelineScript, echoLoad, churnLoad, bytes, backend);
  }

  /** What is counted. */
  String operation() {
    return churnLoad == null ? "request" : "connection";
  }

  List<String> command(int port, int seconds) {
    if (echoLoad != null) {
      return List.of("taskset", "-c", "1", echoLoad, Integer.toString(port), Integer.toString(connections),
          Integer.toString(bytes), Integer.toString(seconds));
    }
    if (churnLoad != null) {
      return List.of("taskset", "-c", "1", churnLoad, Integer.toString(port), Integer.toString(connections),
          Integer.toString(seconds));
    }
    List<String> command = new ArrayList<>(List.of("taskset", "-c", "1", "wrk", "-t1", "-c" + connections,
        "-d" + seconds + "s"));
    if (backend != null) {
      command.add("--latency");
    }
    if (pipeline > 1) {
      command.addAll(List.of("-s", pipelineScript.toString()));
    }
    command.add("http://127.0.0.1:" + port + "/");
    if (pipeline > 1) {
      command.addAll(List.of("--", Integer.toString(pipeline)));
    }
    return command;
  }

  /**
   * Loads the server at a port.
   *
   * @throws IOException if not every request got its answer; of connections that come and go, if none did
   */
  Load run(int port, int seconds) throws IOException, InterruptedException {
    CpuTime backendBefore = backend == null ? null : CpuTime.of(backend);
    long used = CpuTime.ofOwnChildren();
    long start = System.nanoTime();
    Process process = new ProcessBuilder(command(port, seconds)).redirectErrorStream(true).start();
    String output;
    try (var stdout = process.getInputStream()) {
      output = new String(stdout.readAllBytes(), StandardCharsets.UTF_8);
    } finally {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    }
    double elapsed = (System.nanoTime() - start) / 1e9;
    used = CpuTime.ofOwnChildren() - used;
    long backendUsed = backend == null || backendBefore == null
        ? 0
        : CpuTime.of(backend).since(backendBefore).nanos();
    Matcher total = TOTAL.matcher(output);
    Matcher trouble = TROUBLE.matcher(output);
    if (trouble.find()) {
      throw new IOException("the load had trouble: " + trouble.group());
    }
    if (!total.find() || Long.parseLong(total.group(1)) == 0) {
      throw new IOException("the load got no answers:\n" + output);
    }
    Matcher failed = FAILED.matcher(output);
    boolean counted = failed.find();
    return new Load(Long.parseLong(total.group(1)), elapsed, used, counted ? Long.parseLong(failed.group(1)) : 0,
        counted ? failed.group(2).strip() : "", backendUsed, micros(output, "50"), micros(output, "99"));
  }

  private static double micros(String output, String percent) {
    Matcher percentile = PERCENTILE.matcher(output);
    while (percentile.find()) {
      if (percentile.group(1).equals(percent)) {
        double value = Double.parseDouble(percentile.group(2));
        return switch (percentile.group(3)) {
          case "us" -> value;
          case "ms" -> value * 1e3;
          default -> value * 1e6;
        };
      }
    }
    return Double.NaN;
  }
}
