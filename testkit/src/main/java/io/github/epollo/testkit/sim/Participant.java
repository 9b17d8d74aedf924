package io.github.epollo.testkit.sim;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A thread that runs a loop, seen from the world: it runs, or it waits in epoll_wait(2). */
public final class Participant implements AutoCloseable {
  /*
   *   STARTING -> RUNNING  // serialised: its first turn is granted
   *   RUNNING  -> WAITING  // epoll_wait
   *   WAITING  -> RUNNING  // an event is ready, the time-out has passed, or somebody who waited for idleness is woken
   *   RUNNING  -> PAUSED   // the thread itself waits for idleness, outside any loop
   *   PAUSED   -> RUNNING  // the world is idle
   *   RUNNING  -> GONE     // close, or its epoll instance was closed
   */
  enum State {
    STARTING, RUNNING, WAITING, PAUSED, GONE
  }

  private final SimWorld world;
  private final boolean entered;
  private @Nullable Thread thread;
  private @Nullable SimEpoll epoll;
  private State state;
  private boolean endless;
  private long deadline;
  private volatile boolean granted; // written by whoever holds the lock, read by the thread that waits

  Participant(SimWorld world, boolean entered, @Nullable Thread thread) {
    this.world = world;
    this.entered = entered;
    this.thread = thread;
    this.state = entered ? State.STARTING : State.RUNNING;
  }

  /** Binds the calling thread to this place, and waits for its first turn. */
  public void begin() {
    world.lock();
    try {
      thread = Thread.currentThread();
    } finally {
      world.unlock();
    }
    awaitGrant();
  }

  /** The thread has ended, or has nothing to do with this world any more. Idempotent. */
  @Override
  public void close() {
    world.lock();
    try {
      world.loops().leave(this);
    } finally {
      world.unlock();
    }
  }

  boolean isEntered() {
    return entered;
  }

  State state() {
    return state;
  }

  void state(State state) {
    this.state = state;
  }

  @Nullable
  Thread thread() {
    return thread;
  }

  @Nullable
  SimEpoll epoll() {
    return epoll;
  }

  void epoll(SimEpoll epoll) {
    this.epoll = epoll;
  }

  void wait(boolean endless, long deadline) {
    this.endless = endless;
    this.deadline = deadline;
    this.granted = false;
    this.state = State.WAITING;
  }

  /** Whether it can go on now. */
  boolean isDue(long now) {
    if (state == State.STARTING) {
      return true;
    }
    SimEpoll waited = epoll;
    return state == State.WAITING && waited != null
        && (waited.hasReady() || !waited.isOpen() || (!endless && deadline - now <= 0));
  }

  /** Whether its wait ends at some time by itself. */
  boolean hasDeadline() {
    return state == State.WAITING && !endless;
  }

  long deadline() {
    return deadline;
  }

  void grant() {
    state = State.RUNNING;
    granted = true;
    LockSupport.unpark(thread);
  }

  /** Waits for {@link #grant}, outside the lock. An interrupt does not end it, and is kept, as in epoll_wait(2). */
  void awaitGrant() {
    boolean interrupted = false;
    while (!granted) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String toString() {
    return thread + " (" + state + (state == State.WAITING && !endless ? " until " + deadline : "") + ")";
  }
}
