package io.github.epollo.testkit.sim;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;

/** What travels between hosts: in order, each link with its latency; what a cut link holds back is delivered when it is repaired. */
public final class Links {
  private record Ends(int from, int to) {}

  private static final class Link {
    private long latency;
    private long delay; // for what is sent next
    private boolean cut; // until it is repaired
    private boolean cutForAWhile;
    private long cutUntil; // counts only while cut for a while
    private final ArrayDeque<Runnable> packets = new ArrayDeque<>(); // sent and not arrived, in order
    private int inFlight; // how many of them have a time at which one arrives; the first, whichever was sent with that time
    private int held; // how many of them have none before the link is repaired
    private long latest; // when what was sent last arrives; counts only while something is in flight

    boolean isCut() {
      return cut || cutForAWhile;
    }
  }

  private final SimWorld world;
  private final Map<Ends, Link> links = new LinkedHashMap<>();
  private final ArrayDeque<Runnable> arrived = new ArrayDeque<>();
  private long latency;

  Links(SimWorld world) {
    this.world = world;
  }

  private Link link(SimHost from, SimHost to) {
    return links.computeIfAbsent(new Ends(from.number(), to.number()), ends -> {
      Link link = new Link();
      link.latency = ends.from == ends.to ? 0 : latency;
      return link;
    });
  }

  /** Has {@code arrival} happen at {@code to}: after the latency, and after all that was sent this way before; without latency before the system call returns. */
  void send(SimHost from, SimHost to, Runnable arrival) {
    Link link = link(from, to);
    link.packets.add(arrival);
    if (link.isCut()) {
      link.held++;
    } else {
      forward(from, to, link);
    }
  }

  /** Gives one more packet of {@code link} a time to arrive. */
  private void forward(SimHost from, SimHost to, Link link) {
    long time = world.clock().now() + link.latency + link.delay;
    if (link.inFlight == 0 && link.latency + link.delay == 0) {
      arrived.add(link.packets.remove());
      return;
    }
    if (link.inFlight > 0 && link.latest - time > 0) {
      time = link.latest;
    }
    link.latest = time;
    link.delay = 0;
    link.inFlight++;
    Agenda.Entry _ = world.agenda().plan(time, "a packet from " + from + " to " + to, () -> {
      link.inFlight--;
      if (link.isCut()) {
        link.held++;
      } else {
        arrived.add(link.packets.remove());
      }
    });
  }

  /** Lets happen what has arrived, and what that sends without latency. */
  void deliver() {
    for (Runnable arrival = arrived.poll(); arrival != null; arrival = arrived.poll()) {
      arrival.run();
    }
  }

  /** The latency of all links that have none of their own, in one direction. */
  public void latency(long nanos) {
    latency = nanos;
    links.forEach((ends, link) -> link.latency = ends.from == ends.to ? 0 : nanos);
  }

  /** The latency from one host to another, in nanoseconds. */
  public void latency(SimHost from, SimHost to, long nanos) {
    link(from, to).latency = nanos;
  }

  /** Has what is sent next arrive {@code nanos} later than it would; what follows does not overtake it. */
  public void delay(SimHost from, SimHost to, long nanos) {
    Link link = link(from, to);
    link.delay = nanos;
  }

  /** Cuts the link from one host to another until it is repaired. */
  public void cut(SimHost from, SimHost to) {
    link(from, to).cut = true;
  }

  /** Cuts the link from one host to another for {@code nanos} at least: a cut that lasts longer is not made shorter. */
  public void cut(SimHost from, SimHost to, long nanos) {
    Link link = link(from, to);
    long until = world.clock().now() + nanos;
    if (!link.cutForAWhile || until - link.cutUntil > 0) {
      link.cutUntil = until;
    }
    link.cutForAWhile = true;
    Agenda.Entry _ = world.agenda().plan(until, "the repair of the link from " + from + " to " + to, () -> {
      if (link.cutForAWhile && world.clock().now() - link.cutUntil >= 0) {
        link.cutForAWhile = false;
        release(from, to, link);
      }
    });
  }

  /** Ends all cuts of the link from one host to another. */
  public void repair(SimHost from, SimHost to) {
    Link link = link(from, to);
    link.cut = false;
    link.cutForAWhile = false;
    release(from, to, link);
  }

  private void release(SimHost from, SimHost to, Link link) {
    for (; !link.isCut() && link.held > 0; link.held--) {
      forward(from, to, link);
    }
  }
}
