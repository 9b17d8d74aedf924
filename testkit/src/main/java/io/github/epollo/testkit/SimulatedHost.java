package io.github.epollo.testkit;

import java.time.Duration;
import java.util.List;

/** A host of a simulation, and what can happen to it. */
final class SimulatedHost implements Mishaps {
  private static final long LONGEST_DELAY_NANOS = 50_000_000;
  private static final long LONGEST_PARTITION_NANOS = 2_000_000_000;

  private final SimKernel kernel;
  private final SimulationRun run;
  private volatile boolean running;

  SimulatedHost(String address, SimKernel kernel, SimulationRun run) {
    this.kernel = kernel;
    this.run = run;
    kernel.ringEvents(new RingFaults(address, run.faults(), run.trace()));
  }

  SimKernel kernel() {
    return kernel;
  }

  boolean isRunning() {
    return running;
  }

  void setRunning(boolean running) {
    this.running = running;
  }

  @Override
  public void reset(int fd) {
    kernel.resetConnection(fd);
  }

  @Override
  public void delay(FaultDraw draw) {
    run.others(this)
        .forEach(other -> run.network().delay(kernel, other, Duration.ofNanos(draw.amount(LONGEST_DELAY_NANOS))));
  }

  @Override
  public void partition(FaultDraw draw) {
    List<SimKernel> others = run.others(this);
    if (!others.isEmpty()) {
      SimKernel other = others.get((int) draw.amount(others.size()) - 1);
      run.network().partition(kernel, other, Duration.ofNanos(draw.amount(LONGEST_PARTITION_NANOS)));
    }
  }

  @Override
  public boolean canSuspend() {
    return run.time().movesByItself();
  }

  @Override
  public void suspend(long nanos) {
    run.time().jump(Duration.ofNanos(nanos));
  }
}
