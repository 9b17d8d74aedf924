package io.github.epollo.testkit;

import io.github.epollo.testkit.sim.Links;
import io.github.epollo.testkit.sim.SimWorld;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Hosts and the links between them. Without latency, which is the default, what is sent arrives before the call returns, as on the loopback interface; each host has a
 * loopback interface of its own ({@code 127.0.0.1}, {@code ::1}), which nothing here slows or cuts.
 *
 * <p><b>Threading:</b> every method may be called from any thread.
 */
public final class SimNetwork {
  private static final long ORIGIN = 1_000_000_000_000L; // some time after boot
  private static final long WALL_ORIGIN = 1_767_225_600_000_000_000L; // 2026-01-01T00:00:00Z

  private final SimWorld world;
  private final VirtualTime time;

  /** A network without hosts, whose clock moves by itself. */
  public SimNetwork() {
    this(new SimWorld(ORIGIN, WALL_ORIGIN));
  }

  /** As {@link #SimNetwork()}, with a monotonic clock that begins at {@code origin} nanoseconds. Timers need it positive, as Linux has it. */
  public SimNetwork(long origin) {
    this(new SimWorld(origin, WALL_ORIGIN));
  }

  SimNetwork(SimWorld world) {
    this.world = world;
    this.time = new VirtualTime(world);
  }

  SimWorld world() {
    return world;
  }

  /** The time of all hosts. */
  public VirtualTime time() {
    return time;
  }

  /**
   * Adds a host.
   *
   * @param address its IPv4 address, such as {@code 10.0.0.2}
   * @throws IllegalArgumentException if that is none, or taken
   */
  public SimKernel host(String address) {
    return new SimKernel(this, address);
  }

  /** Sets the time that everything takes between any two hosts, in one direction. */
  public void latency(Duration latency) {
    change(links -> links.latency(latency.toNanos()));
  }

  /** Sets the time that everything takes between {@code a} and {@code b}, in one direction. What is on its way is not overtaken. */
  public void latency(SimKernel a, SimKernel b, Duration latency) {
    change(links -> {
      links.latency(a.host(), b.host(), latency.toNanos());
      links.latency(b.host(), a.host(), latency.toNanos());
    });
  }

  /** Cuts the link: until {@link #repair}, nothing arrives. Nothing is lost either, since TCP would send it again; a connect fails after 127 s with {@code ETIMEDOUT}. */
  public void partition(SimKernel a, SimKernel b) {
    cut(a, b, true);
  }

  /** Ends a {@link #partition}: what was held back is on its way. */
  public void repair(SimKernel a, SimKernel b) {
    cut(a, b, false);
  }

  private void cut(SimKernel a, SimKernel b, boolean cut) {
    if (a == b) {
      throw new IllegalArgumentException("a host cannot be cut off from itself: " + a);
    }
    change(links -> {
      links.cut(a.host(), b.host(), cut);
      links.cut(b.host(), a.host(), cut);
    });
  }

  /** Resets all connections between the two, at both ends. */
  public void reset(SimKernel a, SimKernel b) {
    change(_ -> a.host().resetConnectionsTo(b.host()));
  }

  private void change(Consumer<Links> change) {
    world.lock();
    try {
      change.accept(world.links());
    } finally {
      world.unlock();
    }
  }
}
