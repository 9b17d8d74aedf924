package io.github.epollo.benchmarks.harness;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A run of {@code echo_load.c} on the second core that records how long each message took to come back. */
final class EchoLoad implements AutoCloseable {
  private static final Pattern WAITS = Pattern
      .compile("waits-ms p50=([0-9.]+) p99=([0-9.]+) longest=([0-9.]+) starved=(\\d+)");

  private final Process process;
  private final BufferedReader lines;

  /** What it has seen; milliseconds. On {@code starved} connections a message took longer than the limit. */
  record Waits(long echoes, double median, double p99, double longest, int starved) {}

  private EchoLoad(Process process) {
    this.process = process;
    this.lines = process.inputReader();
  }

  /** Starts one, and waits until all connections have had an echo: from then on it measures. A {@code rate} is of messages a second; 0 for as many as come back. */
  static EchoLoad start(String program, int port, int connections, int bytes, int seconds, int limitMillis, int rate)
      throws IOException {
    EchoLoad load = new EchoLoad(new ProcessBuilder("taskset", "-c", "1", program, Integer.toString(port),
        Integer.toString(connections), Integer.toString(bytes), Integer.toString(seconds),
        Integer.toString(limitMillis), Integer.toString(rate)).redirectErrorStream(true).start());
    String line = load.lines.readLine();
    if (!"ready".equals(line)) {
      load.close();
      throw new IOException("the load had trouble: " + line);
    }
    return load;
  }

  /**
   * Waits for its end.
   *
   * @throws IOException if not every message came back as it was sent
   */
  Waits await() throws IOException, InterruptedException {
    String output = String.join("\n", lines.lines().toList());
    Matcher waits = WAITS.matcher(output);
    if (process.waitFor() != 0 || !waits.find()) {
      throw new IOException("the load had trouble: " + output);
    }
    return new Waits(Long.parseLong(output.substring(0, output.indexOf(' '))), Double.parseDouble(waits.group(1)),
        Double.parseDouble(waits.group(2)), Double.parseDouble(waits.group(3)), Integer.parseInt(waits.group(4)));
  }

  @Override
  public void close() {
    process.destroy();
    try {
      boolean _ = process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
