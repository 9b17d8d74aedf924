package io.github.epollo.benchmarks.harness;

import java.util.Map;

/**
 * Each server under load once, one after the other: by name. Only figures of the same round are compared. Of the machine's time, the
 * hypervisor took one share, and one went to processes that are not part of the benchmark.
 */
record Round(Map<String, Sample> samples, double steal, double others) {
  Sample of(Server server) {
    Sample sample = samples.get(server.name());
    if (sample == null) {
      throw new IllegalArgumentException(server.name() + " was not measured in this round");
    }
    return sample;
  }
}
