package io.github.epollo.timers;

import io.github.epollo.runtime.driver.Direction;
import io.github.epollo.runtime.driver.Interest;
import io.github.epollo.runtime.driver.Registration;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.kernel.Clocks;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.Fd;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.loop.Loop;
import io.github.epollo.runtime.loop.LoopLocal;
import io.github.epollo.runtime.loop.WaitHook;
import io.github.epollo.timers.wheel.Ticks;
import io.github.epollo.timers.wheel.TimerWheel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The timers of one loop: a wheel of entries, and the timerfd that ends the loop's wait.
 *
 * <p>Arming, moving and cancelling only touch the wheel. Right before the loop waits:
 *
 * <ol>
 *   <li>if the timerfd is set for the earliest deadline or an earlier time, nothing is done, not even the clock is read;
 *   <li>else what is due fires, at most {@link #BATCH} entries here and as many when the timerfd expires, so that a storm of timers does not keep I/O waiting;
 *   <li>if more is due, the loop is kept from waiting; if not, and it may wait, the timerfd is set for the earliest deadline.
 * </ol>
 *
 * <p>A cancelled entry does not set the timerfd back: it expires for nothing, once, and is then set for what is really next.
 *
 * <p>The clock is read where a deadline is counted from now: an older time would make it early. Whether one has passed is asked of the latest time that
 * the loop's thread has read, since an older time makes it only late; whoever arms a timer that has passed in between is woken by the loop at once. The loop itself
 * reads the clock when the timerfd has expired, and before it goes on without a wait: else busy tasks would keep timers from firing.
 *
 * <p><b>Ground rules.</b> Everything is the loop's thread's, except {@link #now}, {@link #lastSeen}, {@link #isPassed}, {@link #isDue}, {@link #isClosed}, {@link #isOnThread} and {@link #submit}.
 */
final class LoopTimers implements WaitHook, Waker {
  /** How many entries fire, or move within the wheel, before the loop looks for I/O again. */
  static final int BATCH = 1024;

  private static final VarHandle REACHED;

  static {
    try {
      REACHED = MethodHandles.lookup().findVarHandle(LoopTimers.class, "reached", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final LoopLocal<LoopTimers> TIMERS = new LoopLocal<>(LoopTimers::open);

  private final Loop loop;
  private final Registration timerfd;
  private final TimerWheel wheel = new TimerWheel();
  private final Ticks ticks;
  private final MemorySegment expirations = Arena.ofAuto().allocate(ValueLayout.JAVA_LONG); // lives as long as this object

  private final Runnable expiry = this::wake;

  private volatile long reached; // the latest time that the loop's thread has seen; written by it, in release mode

  private long setFor = Ticks.NEVER; // the tick for which the timerfd is set; NEVER: it is not
  private int left; // when the loop ended; published by closed
  private volatile boolean closed;

  private LoopTimers(Loop loop, Registration timerfd) {
    this.loop = loop;
    this.timerfd = timerfd;
    long now = loop.now();
    this.reached = now;
    this.ticks = new Ticks(now);
  }

  /** The timers of the loop that the caller runs on or belongs to. */
  static LoopTimers current() {
    return of(Loop.current());
  }

  static LoopTimers of(Loop loop) {
    return TIMERS.get(loop);
  }

  private static LoopTimers open(Loop loop) {
    int number = loop.kernel().timerfdCreate(Clocks.MONOTONIC, FileFlags.TFD_NONBLOCK | FileFlags.TFD_CLOEXEC);
    if (number < 0) {
      throw new UncheckedIOException("cannot keep timers on " + loop,
          Errno.toIOException("timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK|TFD_CLOEXEC)", -number));
    }
    LoopTimers timers;
    try {
      timers = new LoopTimers(loop, loop.ownDriver().register(new Fd(loop.kernel(), number), Interest.READ)); // closed with the driver
    } catch (IOException e) {
      if (loop.isClosed()) {
        throw new IllegalStateException("cannot keep timers on " + loop + ": its runtime is closed", e);
      }
      throw new UncheckedIOException("cannot keep timers on " + loop, e);
    }
    timers.listen();
    loop.addWaitHook(timers);
    loop.addGauge("timers", timers::armed);
    return timers;
  }

  Loop loop() {
    return loop;
  }

  /** How many entries are armed, but for those that never pass; once the loop has ended, how many were then. */
  int armed() {
    return closed ? left : wheel.size();
  }

  /** The same, of {@code loop}; 0 if it has no timers. */
  static int armed(Loop loop) {
    LoopTimers timers = TIMERS.getIfPresent(loop);
    return timers == null ? 0 : timers.armed();
  }

  /** Reads the loop's clock, which for timers never goes back: what has fired stays due. From any thread. */
  long now() {
    long time = loop.now();
    return isOnThread() ? reach(time) : later(time, reached);
  }

  /** The latest time that was read on the loop's thread: not later than now, and not before anything that has fired. From any thread. */
  long lastSeen() {
    return reached;
  }

  /** Whether {@code deadline} has passed at {@link #lastSeen}: true once its entry has fired. From any thread. */
  boolean isPassed(long deadline) {
    return Deadlines.isReached(deadline, reached);
  }

  /** Whether to count {@code deadline} as passed. On the loop's thread the wheel tells at once what has passed meanwhile; elsewhere that takes a round trip, so the clock is read. */
  boolean isDue(long deadline) {
    return isPassed(deadline) || (!isOnThread() && Deadlines.isReached(deadline, now()));
  }

  /** Whether the loop has ended: nothing fires any more. */
  boolean isClosed() {
    return closed;
  }

  boolean isOnThread() {
    return loop.isOnThread();
  }

  /** Has {@code entry} run on the loop's thread; from any other. */
  void submit(TimerEntry entry) {
    loop.execute(entry);
  }

  /** Makes the wheel agree with what {@code entry} wants. */
  void update(TimerEntry entry) {
    assert isOnThread();
    if (closed) {
      entry.fire(); // who waits finds out
      return;
    }
    long deadline = entry.isWanted() ? entry.deadline() : Deadlines.NEVER;
    if (deadline == Deadlines.NEVER) {
      wheel.remove(entry);
    } else {
      wheel.put(entry, ticks.roundUp(deadline));
    }
  }

  /** As {@link #update}, where the loop may have ended since: it then runs its work on other threads. */
  void updateSubmitted(TimerEntry entry) {
    if (isOnThread()) {
      update(entry);
    } else {
      closed = true; // before the waiter is woken, which reads it
      entry.fire();
    }
  }

  @Override
  public void beforeWait(boolean mayBlock) {
    if (!isUnset()) { // 1
      return;
    }
    fireReached(mayBlock ? reached : now()); // 2
    if (isUnset() && mayBlock && !wheel.isBehind()) { // 3
      set(wheel.earliest());
    }
  }

  /** Whether the timerfd expires too late for the earliest deadline, or not at all. */
  private boolean isUnset() {
    return wheel.earliest() < setFor;
  }

  /** The timerfd has expired, or was closed with the driver. */
  @Override
  public void wake() {
    if (timerfd.isClosed()) {
      close();
      return;
    }
    if (!isOnThread()) {
      loop.execute(expiry); // another loop has looked for our events: this one's thread is held, and its timers with it
      return;
    }
    long passed = setFor;
    listen();
    long now = now();
    if (ticks.roundDown(now) < passed) {
      if (passed == Ticks.NEVER || !hasExpired()) {
        return; // woken without need
      }
      // The clock was read going back. The kernel's timer is right: were it set again, it would expire at once, and the loop would spin.
      long time = ticks.toNanos(passed);
      if (time == Deadlines.toTimerfd(time)) {
        now = reach(time);
      }
    }
    setFor = Ticks.NEVER;
    fireReached(now);
  }

  /** Waits for the next expiry: each one after a timerfd_settime is an edge of its own, so the fd is not read. */
  private void listen() {
    timerfd.wouldBlock(Direction.READ, timerfd.readiness());
    boolean _ = timerfd.pollReady(Direction.READ, this);
  }

  private void fireReached(long now) {
    wheel.advance(ticks.roundDown(now), BATCH);
    while (wheel.take() instanceof TimerEntry entry) {
      fire(entry);
    }
    if (wheel.isBehind()) {
      loop.execute(LoopTimers::goOn);
    }
  }

  /** Work that keeps the loop from waiting, so that its next turn fires the next batch. */
  private static void goOn() {}

  /** The wheel is consistent here: the waker may arm, move and cancel any entry. */
  private void fire(TimerEntry entry) {
    try {
      entry.fire();
    } catch (RuntimeException | Error failure) {
      loop.execute(() -> {
        throw failure; // reports it
      });
    }
  }

  /** On the loop's thread. */
  private long reach(long time) {
    long latest = reached;
    if (time - latest > 0) {
      REACHED.setRelease(this, time); // before anything fires; pairs with lastSeen() and isPassed()
      return time;
    }
    return latest;
  }

  private static long later(long a, long b) {
    return a - b >= 0 ? a : b;
  }

  private void set(long tick) {
    Fd fd = timerfd.fd();
    if (!fd.acquire()) {
      return;
    }
    try {
      long time = Deadlines.toTimerfd(ticks.toNanos(tick));
      int result = loop.kernel().timerfdSettime(fd.number(), time);
      if (result < 0) {
        throw new IllegalStateException("cannot set the timer of " + loop,
            Errno.toIOException("timerfd_settime(" + fd + ", " + time + " ns)", -result));
      }
      setFor = tick;
    } finally {
      fd.release();
    }
  }

  private boolean hasExpired() {
    Fd fd = timerfd.fd();
    if (!fd.acquire()) {
      return false;
    }
    try {
      return loop.kernel().read(fd.number(), expirations.address(), Long.BYTES) == Long.BYTES;
    } finally {
      fd.release();
    }
  }

  /** The loop ends. Whoever still waits is woken, and finds that out. */
  private void close() {
    left = wheel.size();
    closed = true;
    while (wheel.takeAny() instanceof TimerEntry entry) {
      fire(entry);
    }
  }
}
