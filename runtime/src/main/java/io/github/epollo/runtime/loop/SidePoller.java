package io.github.epollo.runtime.loop;

import io.github.epollo.runtime.driver.Direction;
import io.github.epollo.runtime.driver.Driver;
import io.github.epollo.runtime.driver.EventBatch;
import io.github.epollo.runtime.driver.Registration;
import io.github.epollo.runtime.future.Waker;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Looks for the events of tasks where these run, if that is not the loop's own thread: while there are events, a virtual thread among the tasks takes them, so that a wake-up does not go from one thread to another. When there are none any more,
 * the loop's thread waits for the next.
 *
 * <p>The idea is that of the JDK's sub-pollers ({@code sun.nio.ch.Poller}, mode VTHREAD_POLLERS).
 *
 * <p><b>Threading:</b> {@link #poll} and {@link #close} are for the loop's thread, or for who closes the loop once that has ended.
 */
final class SidePoller implements Waker, AutoCloseable {
  /*
   * The loop's thread waits for the events of its own driver: the eventfd, timers, rings, and the epoll instance of the tasks' driver. That is registered one-shot, so its first event is reported, and those that follow are not.
   *
   *   ARMED  -> ACTIVE // wake, by the loop's thread, once an event was reported: the virtual thread goes on
   *   ACTIVE -> ARMED  // by the virtual thread, when it finds no events: it parks. What came in between is reported when it arms.
   *
   * The virtual thread may not get to run: pinned tasks can hold all threads of the JDK's scheduler. So while it is active, the loop's thread looks after it, each TICK_MILLIS, and if it stands still, looks in its place. Only then: what is woken
   * from outside of the scheduler waits behind all that was woken inside.
   */
  private static final int TICK_MILLIS = 10;

  private final Driver own;
  private final Driver tasks;
  private final Registration nested; // the one's epoll instance in the other
  private final String name;
  private final EventBatch batch = new EventBatch();
  private @Nullable Thread thread; // loop's thread
  private boolean reported; // loop's thread
  private long looksSeen = -1; // loop's thread
  private long reports; // loop's thread; read elsewhere as a statistic
  private volatile boolean active;
  private volatile boolean closed;

  /**
   * Creates one that has seen nothing yet.
   *
   * @param own what the loop's thread waits for
   * @param tasks whose events are looked for
   * @throws IOException if epoll refuses
   */
  SidePoller(Driver own, Driver tasks, String name) throws IOException {
    this.own = own;
    this.tasks = tasks;
    this.name = name;
    this.nested = own.registerOnce(tasks.fd());
    listen();
  }

  private void listen() {
    nested.wouldBlock(Direction.READ, nested.readiness());
    boolean _ = nested.pollReady(Direction.READ, this);
  }

  /** Waits for events of the loop's own driver, or for one of the tasks' driver, whose events it then takes. */
  void poll(int timeoutMillis) {
    boolean wasActive = active;
    boolean ticks = wasActive && (timeoutMillis < 0 || timeoutMillis > TICK_MILLIS);
    int count = own.poll(ticks ? TICK_MILLIS : timeoutMillis);
    if (!reported && wasActive && count == 0 && standsStill() && tasks.poll(0) > 0) {
      LockSupport.unpark(thread); // if it is active only because it could not arm
    }
    if (reported) {
      tasks.poll(0);
      reported = false;
      reports++;
      goOn();
    }
  }

  /** Whether the virtual thread has not looked since this was asked before. */
  private boolean standsStill() {
    long before = looksSeen;
    looksSeen = batch.looks();
    return looksSeen == before;
  }

  /** Called by the loop's own driver. */
  @Override
  public void wake() {
    reported = !closed;
  }

  private void goOn() {
    listen(); // before it can be armed
    active = true;
    if (thread == null) {
      thread = VirtualThreads.defaultBuilder().name(name + "-events").inheritInheritableThreadLocals(false)
          .start(this::run);
    } else {
      LockSupport.unpark(thread);
    }
  }

  private void run() {
    while (!closed) {
      if (tasks.look(batch) > 0) {
        Thread.yield(); // to those that it has woken
      } else {
        active = false; // before the next event can be reported
        if (!nested.rearm()) {
          active = true; // the loop's thread looks
        }
        awaitReport();
      }
    }
  }

  private void awaitReport() {
    do {
      LockSupport.park(this);
    } while (!active && !closed);
  }

  /** How often events were looked for other than by polling the tasks' driver; this and the following from any thread. */
  long polls() {
    return own.polls() + batch.looks();
  }

  /** How many events there were, but for those of the tasks' driver as a whole. */
  long events() {
    return own.events() - reports + batch.events();
  }

  /** How many registrations the loop's own driver has, but for that of the tasks' driver. */
  int registrations() {
    return own.registrations() - 1;
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }
}
