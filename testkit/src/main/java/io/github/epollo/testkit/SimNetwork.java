package io.github.epollo.testkit;

import io.github.epollo.testkit.sim.Links;
import io.github.epollo.testkit.sim.SimHost;
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

  /**
   * Sets the time that everything takes between any two hosts, in one direction.
   *
   * @throws IllegalArgumentException if negative
   */
  public void latency(Duration latency) {
    long nanos = requireNotNegative("latency", latency);
    change(links -> links.latency(nanos));
  }

  /**
   * Sets the time that everything takes between {@code a} and {@code b}, in one direction. What is on its way is not overtaken.
   *
   * @throws IllegalArgumentException if negative
   */
  public void latency(SimKernel a, SimKernel b, Duration latency) {
    long nanos = requireNotNegative("latency", latency);
    change(links -> {
      links.latency(a.host(), b.host(), nanos);
      links.latency(b.host(), a.host(), nanos);
    });
  }

  private static long requireNotNegative(String name, Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("negative " + name + ": " + duration + "; use Duration.ZERO for none");
    }
    return duration.toNanos();
  }

  /** Cuts the link: until {@link #repair}, nothing arrives. Nothing is lost either, since TCP would send it again; a connect fails after 127 s with {@code ETIMEDOUT}. */
  public void partition(SimKernel a, SimKernel b) {
    between(a, b, Links::cut);
  }

  /** Ends every {@link #partition} of the two: what was held back is on its way. */
  public void repair(SimKernel a, SimKernel b) {
    between(a, b, Links::repair);
  }

  /** What is done to the link from one host to another. */
  private interface Change {
    void make(Links links, SimHost from, SimHost to);
  }

  private void between(SimKernel a, SimKernel b, Change change) {
    if (a == b) {
      throw new IllegalArgumentException("a host cannot be cut off from itself: " + a);
    }
    change(links -> {
      change.make(links, a.host(), b.host());
      change.make(links, b.host(), a.host());
    });
  }

  /** Has whatever is sent from now on, from {@code a} to {@code b}, come {@code delay} later, once: what follows it comes after it. */
  void delay(SimKernel a, SimKernel b, Duration delay) {
    change(links -> links.delay(a.host(), b.host(), delay.toNanos()));
  }

  /**
   * A {@link #partition(SimKernel, SimKernel) partition} that ends by itself, unless another one lasts longer.
   *
   * @throws IllegalArgumentException if {@code duration} is negative
   */
  public void partition(SimKernel a, SimKernel b, Duration duration) {
    long nanos = requireNotNegative("duration of a partition", duration);
    between(a, b, (links, from, to) -> links.cut(from, to, nanos));
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
