package io.github.epollo.testkit.sim;

import io.github.epollo.runtime.kernel.EpollEvents;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.testkit.sim.Participant.State;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The threads that run loops: who runs, who waits, and who is next. A thread becomes a participant when it calls epoll_wait(2) for the first time, or by {@link #enter}.
 *
 * <p>Parallel: everybody whose wait is over goes on at once. Serialised: one runs at a time, and only when it waits the next is chosen.
 */
final class Loops {
  /** How often in a row a serialised loop may poll without waiting while others are ready. */
  private static final int POLLS = 64;

  private final SimWorld world;
  private final List<Participant> participants = new ArrayList<>(); // in the order in which they came or began to wait
  private final List<SimEpoll> unstarted = new ArrayList<>(); // nobody has waited with them yet: their loops are about to start
  private boolean serialised;
  private int polls;

  Loops(SimWorld world) {
    this.world = world;
  }

  void serialise() {
    serialised = true;
  }

  /** Announces a thread that will call {@link Participant#begin}. Its turn may come before it does: the others then wait for it, however long its start takes. */
  Participant enter() {
    Participant participant = new Participant(world, true, null);
    participants.add(participant);
    return participant;
  }

  void leave(Participant participant) {
    participant.state(State.GONE);
    participants.remove(participant);
  }

  void created(SimEpoll epoll) {
    unstarted.add(epoll);
  }

  /** Another instance watches {@code epoll}: it is no loop's. */
  void nested(SimEpoll epoll) {
    unstarted.remove(epoll);
  }

  /** {@code epoll} was closed: who ran its loop runs a loop no more. */
  void closed(SimEpoll epoll) {
    unstarted.remove(epoll);
    for (Participant p : List.copyOf(participants)) {
      if (p.epoll() == epoll && !p.isEntered() && p.state() == State.RUNNING) {
        leave(p);
      }
    }
  }

  int epollWait(SimEpoll epoll, long eventsAddress, int maxEvents, int timeoutMillis) {
    if (maxEvents <= 0) {
      return -Errno.EINVAL;
    }
    Participant self = current();
    self.epoll(epoll);
    unstarted.remove(epoll);
    EpollEvents events = EpollEvents.at(eventsAddress, maxEvents);
    if (timeoutMillis == 0 && !mustYield(self)) {
      return epoll.collect(events);
    }
    if (!serialised && epoll.hasReady()) {
      return epoll.collect(events);
    }
    polls = 0;
    participants.remove(self);
    participants.add(self); // whoever has waited longest comes first
    self.wait(timeoutMillis < 0, world.clock().now() + timeoutMillis * 1_000_000L);
    world.unlock();
    self.awaitGrant();
    world.lock();
    return epoll.collect(events);
  }

  /** Whether a loop that only polls must let others run: when they could, every now and then. */
  private boolean mustYield(Participant self) {
    if (!serialised || due(self).isEmpty()) {
      return false;
    }
    return ++polls >= POLLS || world.choose(2) == 1;
  }

  private Participant current() {
    Participant known = known();
    if (known != null) {
      return known;
    }
    Participant participant = new Participant(world, false, Thread.currentThread());
    participants.add(participant);
    return participant;
  }

  private @Nullable Participant known() {
    Thread thread = Thread.currentThread();
    for (Participant p : participants) {
      if (p.thread() == thread) {
        return p;
      }
    }
    return null;
  }

  /** The calling thread waits for idleness: if it has run a loop, that does not count as running. Answers the participant to {@link Participant#grant} afterwards, or null. */
  @Nullable
  Participant pause() {
    Participant self = known();
    if (self == null || self.state() != State.RUNNING) {
      return null;
    }
    self.state(State.PAUSED);
    return self;
  }

  private List<Participant> due(@Nullable Participant except) {
    List<Participant> due = new ArrayList<>();
    for (Participant p : participants) {
      if (p != except && p.isDue(world.clock().now())) {
        due.add(p);
      }
    }
    return due;
  }

  private boolean isSomebodyRunning() {
    return !unstarted.isEmpty() || participants.stream().anyMatch(p -> p.state() == State.RUNNING);
  }

  boolean isWaitedFor(SimEpoll epoll) {
    return participants.stream().anyMatch(p -> p.epoll() == epoll && p.state() == State.WAITING);
  }

  /** Lets those run that can; returns whether the world is idle: nobody runs, and nobody can. */
  boolean dispatch() {
    if (!serialised) {
      due(null).forEach(Participant::grant);
      return !isSomebodyRunning();
    }
    if (isSomebodyRunning()) {
      return false;
    }
    List<Participant> due = due(null);
    if (due.isEmpty()) {
      return true;
    }
    due.get(world.choose(due.size())).grant();
    return false;
  }

  boolean isEmpty() {
    return participants.isEmpty();
  }

  /** The participant whose wait ends first by itself, or null. */
  @Nullable
  Participant next() {
    Participant next = null;
    for (Participant p : participants) {
      if (p.hasDeadline() && (next == null || p.deadline() - next.deadline() < 0)) {
        next = p;
      }
    }
    return next;
  }

  /** If the calling thread is about to wait, it goes on instead: it has something to do. */
  void resumeCurrent() {
    Participant self = known();
    if (self != null && self.state() == State.WAITING) {
      self.grant();
    }
  }

  @Override
  public String toString() {
    return participants.toString();
  }
}
