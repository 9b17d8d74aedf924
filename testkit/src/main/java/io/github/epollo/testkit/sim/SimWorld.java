package io.github.epollo.testkit.sim;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Waker;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a simulation consists of: time, what is to happen, the loops, the hosts and the links between them.
 *
 * <p>Time stands still while anybody runs. When all loops wait and nothing is ready, the world is idle: then whoever waits for that is woken; or, if nobody does and time is
 * automatic, the clock jumps to whatever happens next.
 *
 * <p><b>Threading:</b> everything between {@link #lock} and {@link #unlock}, unless it says otherwise. Unlocking delivers what was sent meanwhile and lets loops go on.
 */
public final class SimWorld {
  private final WorldLock lock = new WorldLock();
  private final WorldClock clock;
  private final Agenda agenda = new Agenda();
  private final Loops loops = new Loops(this);
  private final Links links = new Links(this);
  private final List<SimHost> hosts = new ArrayList<>();
  private final List<Idleness> waiting = new ArrayList<>();
  private Chooser chooser = Chooser.FIRST;
  private boolean automatic = true;
  private int holds;
  private int waking; // wakers that are being called
  private long ids;
  private int ghosts;

  /** Creates a world whose clocks begin at the given times. */
  public SimWorld(long origin, long wallOrigin) {
    this.clock = new WorldClock(origin, wallOrigin);
  }

  /** Has one loop run at a time; {@code chooser} decides which is next. Before the first loop starts. */
  public void serialise(Chooser chooser) {
    lock();
    try {
      this.chooser = chooser;
      loops.serialise();
    } finally {
      unlock();
    }
  }

  /**
   * Announces a thread that will run a loop: it calls {@link Participant#begin} first of all, and {@link Participant#close} in the end. Announce all before the first of them is
   * started: who is there decides who is chosen. Not locked.
   */
  public Participant enter() {
    lock();
    try {
      return loops.enter();
    } finally {
      unlock();
    }
  }

  WorldClock clock() {
    return clock;
  }

  Agenda agenda() {
    return agenda;
  }

  Loops loops() {
    return loops;
  }

  /** The links between the hosts. */
  public Links links() {
    return links;
  }

  List<SimHost> hosts() {
    return hosts;
  }

  /** A number that no living host has. */
  int nextGhost() {
    return --ghosts;
  }

  long nextId() {
    return ids++;
  }

  /** One of {@code count} possibilities, as the chooser has it. */
  public int choose(int count) {
    int choice = count < 2 ? 0 : chooser.choose(count);
    if (choice < 0 || choice >= Math.max(1, count)) {
      throw new IllegalStateException(chooser + " chose " + choice + " of " + count);
    }
    return choice;
  }

  /** Begins a change of the world. */
  public void lock() {
    lock.lock();
  }

  /** Ends it, with all that follows from it. */
  public void unlock() {
    Waker waker;
    try {
      waker = settle();
    } finally {
      lock.unlock();
    }
    if (waker != null) {
      try {
        waker.wake();
      } finally {
        lock();
        waking--;
        unlock();
      }
    }
  }

  /** Delivers, lets loops go on, and moves time if it is automatic; returns a waker to call without the lock. */
  private @Nullable Waker settle() {
    while (true) {
      links.deliver();
      if (waking > 0 || !loops.dispatch()) {
        return null;
      }
      if (!waiting.isEmpty()) {
        Waker waker = waiting.removeFirst().reach();
        loops.resumeCurrent(); // the waker may make work for the very loop that was about to wait
        waking++;
        return waker;
      }
      if (!movesByItself() || loops.isEmpty() || !happenNext(null)) {
        return null;
      }
    }
  }

  /** Moves the clock to what happens next and lets it happen; false if there is nothing, up to {@code limit}. */
  boolean happenNext(@Nullable Long limit) {
    Agenda.Entry entry = agenda.next();
    Participant waiter = loops.next();
    if (entry == null && waiter == null) {
      return false;
    }
    boolean entryFirst = waiter == null || (entry != null && entry.time() - waiter.deadline() <= 0);
    long time = entryFirst && entry != null ? entry.time() : waiter == null ? 0 : waiter.deadline();
    if (limit != null && time - limit > 0) {
      return false;
    }
    if (time - clock.now() > 0) {
      clock.moveTo(time);
    }
    if (entryFirst) {
      agenda.happen();
    }
    return true;
  }

  /** What happens next, for messages. */
  String next() {
    Agenda.Entry entry = agenda.next();
    return entry == null ? String.valueOf(loops.next()) : entry.name();
  }

  /** Wakes {@code idleness} when the world is idle; at once if it is. */
  void awaitIdle(Idleness idleness) {
    links.deliver();
    if (waking == 0 && waiting.isEmpty() && loops.dispatch()) {
      Waker _ = idleness.reach();
    } else if (!waiting.contains(idleness)) {
      waiting.add(idleness);
    }
  }

  void forget(Idleness idleness) {
    waiting.remove(idleness);
  }

  /** A future of the moment when every loop waits and nothing is ready. Not locked. */
  public Future<@Nullable Void> idle() {
    return new Idleness(this);
  }

  /** Whether the clock jumps by itself. */
  public boolean isAutomatic() {
    return automatic;
  }

  /** Whether the clock jumps by itself, and nobody keeps it from that. */
  public boolean movesByItself() {
    return automatic && holds == 0;
  }

  /** Has the clock jump by itself when the world is idle, or not. */
  public void setAutomatic(boolean automatic) {
    this.automatic = automatic;
  }

  /** Changes how many there are that keep the clock from jumping by itself. */
  public void hold(int change) {
    holds += change;
  }

  /** The monotonic clock in nanoseconds. */
  public long now() {
    return clock.now();
  }

  /** Moves the clock to {@code limit} at most: to what happens next, which then happens. False if it is there. */
  public boolean step(long limit) {
    if (happenNext(limit)) {
      return true;
    }
    if (limit - clock.now() > 0) {
      clock.moveTo(limit);
    }
    return false;
  }

  /** Moves the clock to what happens next; answers what that was, or null if there is nothing. */
  public @Nullable String step() {
    String name = next();
    return happenNext(null) ? name : null;
  }

  /** The clock leaps: all that was to happen meanwhile happens now. */
  public void jump(long nanos) {
    clock.moveTo(clock.now() + nanos);
    for (Agenda.Entry e = agenda.next(); e != null && e.time() - clock.now() <= 0; e = agenda.next()) {
      agenda.happen();
    }
  }

  /** Plans {@code event} in {@code nanos} from now. Not locked. */
  public void plan(long nanos, String name, Runnable event) {
    lock();
    try {
      Agenda.Entry _ = agenda.plan(clock.now() + nanos, name, event);
    } finally {
      unlock();
    }
  }

  /** Plans {@code event} in {@code nanos} from now; the result takes it off again, and does nothing once it has happened. */
  public Runnable planned(long nanos, String name, Runnable event) {
    return agenda.plan(clock.now() + nanos, name, event)::cancel;
  }

  /** Sets the wall clock, and nothing else. */
  public void stepWall(long nanos) {
    clock.stepWall(nanos);
  }

  /** Whether every loop waits, nothing is ready, and nothing is to come by itself. Not locked. */
  public boolean isStuck() {
    lock();
    try {
      return waking == 0 && waiting.isEmpty() && !loops.isEmpty() && loops.areAllWaiting()
          && (!movesByItself() || (agenda.next() == null && loops.next() == null));
    } finally {
      unlock();
    }
  }

  /** Ends every wait, now and later, with an IllegalStateException: the loops fail. Not locked. */
  public void abort(String reason) {
    lock();
    try {
      loops.abort(reason);
    } finally {
      unlock();
    }
  }

  /** What everybody waits for: for messages. */
  @Override
  public String toString() {
    return "time " + clock.now() + ", loops " + loops + ", next " + next();
  }
}
