package io.github.epollo.benchmarks.harness;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** One server under load for some seconds: what the load saw, the CPU time of the server, and its context switches. */
record Sample(Wrk.Load load, CpuTime.Used cpu, long switches) {
  static Sample take(Server server, Wrk wrk, int seconds) throws IOException, InterruptedException {
    ContextSwitches switches = ContextSwitches.of(server.pid());
    CpuTime before = CpuTime.of(server.pid());
    Wrk.Load load = wrk.run(server.port(), seconds);
    CpuTime.Used used = CpuTime.of(server.pid()).since(before);
    if (load.failed() > 0) {
      System.out.printf("FAILED at %s: %d connections: %s%n", server.name(), load.failed(), load.why());
    }
    return new Sample(load, used, ContextSwitches.of(server.pid()).since(switches));
  }

  /** CPU nanoseconds a request. */
  double cost() {
    return (double) cpu.nanos() / load.requests();
  }

  /** The part of {@link #cost} outside the kernel. */
  double userCost() {
    return cost() * cpu.userShare();
  }

  /** CPU seconds that the server, its load and the backend have used together. */
  double used() {
    return (cpu.nanos() + load.cpuNanos() + load.backendNanos()) / 1e9;
  }

  double rate() {
    return load.requests() / load.seconds();
  }

  /** Context switches a request. */
  double switchRate() {
    return (double) switches / load.requests();
  }

  /** The part of its core that the server was busy. */
  double busy() {
    return cpu.nanos() / 1e9 / load.seconds();
  }

  /** The part of the other core that the load was busy. */
  double loadBusy() {
    return load.cpuNanos() / 1e9 / load.seconds();
  }

  double backendBusy() {
    return load.backendNanos() / 1e9 / load.seconds();
  }

  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("requests", load.requests());
    json.put("seconds", load.seconds());
    json.put("cpuNanos", cpu.nanos());
    json.put("userShare", cpu.userShare());
    json.put("wrkBusy", loadBusy());
    json.put("failed", load.failed());
    json.put("switches", switches);
    if (load.backendNanos() > 0) {
      json.put("backendBusy", backendBusy());
      json.put("p50Micros", load.p50());
      json.put("p99Micros", load.p99());
    }
    return json;
  }
}
