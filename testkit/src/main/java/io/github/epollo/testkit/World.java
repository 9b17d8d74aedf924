package io.github.epollo.testkit;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What a {@link Simulation} runs in: its time, its network, its hosts.
 *
 * <p><b>Threading:</b> for the code of the simulation.
 */
public final class World {
  private final SimulationRun run;

  World(SimulationRun run) {
    this.run = run;
  }

  /** The seed of this run. */
  public long seed() {
    return run.simulation().seed;
  }

  /** The clock that all hosts share. */
  public VirtualTime time() {
    return run.time();
  }

  /** What connects the hosts. */
  public SimNetwork network() {
    return run.network();
  }

  /** What has happened so far. */
  public Trace trace() {
    return run.trace();
  }

  /** The machine at {@code address}, an IPv4 address such as 10.0.0.2; made when first asked for. */
  public SimKernel host(String address) {
    return run.host(Objects.requireNonNull(address, "address")).kernel();
  }

  /** The disk of the host that the simulation's body runs on. */
  public SimDisk disk() {
    return disk(Simulation.MAIN_HOST);
  }

  /** The disk of the host at {@code address}. */
  public SimDisk disk(String address) {
    return host(address).disk();
  }

  /**
   * Runs {@code body} as the main task of a runtime of its own on the host at {@code address}. It begins when the caller next waits, and is cancelled when the
   * simulation's body ends. If it fails before that and nobody has asked for its end, by {@link HostRun#join}, the simulation fails.
   *
   * <p>What it listens on is there when it has run: {@code world.time().runCurrent()} lets it, before somebody connects.
   *
   * @throws IllegalStateException if that host runs something already, or outside the body of the simulation
   */
  public HostRun start(String address, Simulation.Body body) {
    Objects.requireNonNull(body, "body");
    return run.start(Objects.requireNonNull(address, "address"), body);
  }

  /**
   * The machine at {@code address} loses its power, and is on again at once, with nothing running: {@link #start} begins anew on it. On its disk is what {@link CrashTest} describes, as the
   * seed decides. Its connections are reset at their other ends. What ran there is cancelled, and whatever it still does, nobody sees: not the disk, not the network.
   *
   * @throws IllegalArgumentException if there is no such host, or it is the one that the simulation's body runs on
   */
  public void crash(String address) {
    run.crash(Objects.requireNonNull(address, "address"));
  }

  /** Keeps faults from striking until the result is closed, and all others like it: to look at what should be well by now. */
  public Calm calm() {
    AtomicBoolean closed = new AtomicBoolean();
    run.faults().pause();
    return () -> {
      if (closed.compareAndSet(false, true)) {
        run.faults().resume();
      }
    };
  }

  /** A time without faults; {@link #close} ends it. Idempotent. */
  @FunctionalInterface
  public interface Calm extends AutoCloseable {
    @Override
    void close();
  }
}
