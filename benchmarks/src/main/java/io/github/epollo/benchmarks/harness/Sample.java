package io.github.epollo.benchmarks.harness;

import java.io.IOException;

/** One server under load for some seconds. */
record Sample(long requests, double seconds, long cpuNanos, double userShare, double wrkBusy, long failed) {
  static Sample take(Server server, Wrk wrk, int seconds) throws IOException, InterruptedException {
    CpuTime before = CpuTime.of(server.pid());
    Wrk.Load load = wrk.run(server.port(), seconds);
    CpuTime.Used used = CpuTime.of(server.pid()).since(before);
    if (load.failed() > 0) {
      System.out.printf("FAILED at %s: %d connections: %s%n", server.name(), load.failed(), load.why());
    }
    return new Sample(load.requests(), load.seconds(), used.nanos(), used.userShare(),
        load.cpuNanos() / 1e9 / load.seconds(), load.failed());
  }

  /** CPU nanoseconds a request. */
  double cost() {
    return (double) cpuNanos / requests;
  }

  /** The part of {@link #cost} outside the kernel. */
  double userCost() {
    return cost() * userShare;
  }

  /** CPU seconds that the server and its load have used together. */
  double used() {
    return cpuNanos / 1e9 + wrkBusy * seconds;
  }

  double rate() {
    return requests / seconds;
  }

  /** The part of its core that the server was busy. */
  double busy() {
    return cpuNanos / 1e9 / seconds;
  }
}
