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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The timers of one loop: a queue of entries, and the timerfd that ends the loop's wait.
 *
 * <p>Arming, moving and cancelling only touch the queue. Right before the loop waits:
 *
 * <ol>
 *   <li>if the timerfd is set for the earliest deadline or an earlier time, nothing is done, not even the clock is read;
 *   <li>else what is due fires, at most {@link #BATCH} entries a turn, so that a storm of timers does not keep I/O waiting;
 *   <li>if more is due, the loop is kept from waiting; if not, and it may wait, the timerfd is set for the earliest deadline.
 * </ol>
 *
 * <p>A cancelled entry does not set the timerfd back: it expires for nothing, once, and is then set for what is really next.
 *
 * <p><b>Ground rules.</b> Everything is the loop's thread's, except {@link #now}, {@link #isClosed}, {@link #isOnThread} and {@link #submit}.
 */
final class LoopTimers implements WaitHook, Waker {
  /** How many entries fire before the loop looks for I/O again. */
  static final int BATCH = 1024;

  private static final LoopLocal<LoopTimers> TIMERS = new LoopLocal<>(LoopTimers::open);

  private final Loop loop;
  private final Registration timerfd;
  private final TimerQueue queue = new TimerQueue();
  private final MemorySegment expirations = Arena.ofAuto().allocate(ValueLayout.JAVA_LONG); // lives as long as this object

  private long setFor = Deadlines.NEVER; // the deadline for which the timerfd is set; NEVER: it is not
  private volatile long reached; // the latest time seen; written by the loop's thread before it fires, read by now()
  private volatile boolean closed;

  private LoopTimers(Loop loop, Registration timerfd) {
    this.loop = loop;
    this.timerfd = timerfd;
    this.reached = loop.now();
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
      timers = new LoopTimers(loop, loop.driver().register(new Fd(loop.kernel(), number), Interest.READ)); // closed with the driver
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep timers on " + loop, e);
    }
    timers.listen();
    loop.addWaitHook(timers);
    return timers;
  }

  Loop loop() {
    return loop;
  }

  TimerQueue queue() {
    return queue;
  }

  /** The loop's time, which for timers never goes back: what has fired stays due. From any thread. */
  long now() {
    return later(loop.now(), reached);
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

  /** Makes the queue agree with what {@code entry} wants. */
  void update(TimerEntry entry) {
    assert isOnThread();
    if (closed) {
      entry.fire(); // who waits finds out
    } else if (entry.isWanted()) {
      queue.put(entry, entry.deadline());
    } else {
      queue.remove(entry);
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
    long now = observe();
    fireReached(now); // 2
    if (isUnset() && mayBlock && !isMoreReached(now)) { // 3
      set(queue.earliest());
    }
  }

  /** Whether the timerfd expires too late for the earliest deadline, or not at all. */
  private boolean isUnset() {
    return Deadlines.isEarlier(queue.earliest(), setFor);
  }

  /** The timerfd has expired, or was closed with the driver. */
  @Override
  public void wake() {
    if (timerfd.isClosed()) {
      close();
      return;
    }
    long passed = setFor;
    listen();
    long now = observe();
    if (!Deadlines.isReached(passed, now)) {
      if (!hasExpired()) {
        return; // woken without need
      }
      // The clock was read going back. The kernel's timer is right: were it set again, it would expire at once, and the loop would spin.
      if (passed == Deadlines.toTimerfd(passed)) {
        now = reach(passed);
      }
    }
    setFor = Deadlines.NEVER;
    fireReached(now);
  }

  /** Waits for the next expiry: each one after a timerfd_settime is an edge of its own, so the fd is not read. */
  private void listen() {
    timerfd.wouldBlock(Direction.READ, timerfd.readiness());
    boolean _ = timerfd.pollReady(Direction.READ, this);
  }

  private void fireReached(long now) {
    for (int i = 0; i < BATCH; i++) {
      if (!(queue.takeReached(now) instanceof TimerEntry entry)) {
        return;
      }
      fire(entry);
    }
    if (isMoreReached(now)) {
      loop.execute(LoopTimers::goOn);
    }
  }

  /** Work that keeps the loop from waiting, so that its next turn fires the next batch. */
  private static void goOn() {}

  private boolean isMoreReached(long now) {
    return Deadlines.isReached(queue.earliest(), now);
  }

  /** The queue is consistent here: the waker may arm, move and cancel any entry. */
  private void fire(TimerEntry entry) {
    try {
      entry.fire();
    } catch (RuntimeException | Error failure) {
      loop.execute(() -> {
        throw failure; // reports it
      });
    }
  }

  private long observe() {
    return reach(loop.now());
  }

  private long reach(long time) {
    long latest = later(time, reached);
    reached = latest; // before anything fires; pairs with now()
    return latest;
  }

  private static long later(long a, long b) {
    return a - b >= 0 ? a : b;
  }

  private void set(long deadline) {
    Fd fd = timerfd.fd();
    if (!fd.acquire()) {
      return;
    }
    try {
      int result = loop.kernel().timerfdSettime(fd.number(), Deadlines.toTimerfd(deadline));
      if (result < 0) {
        throw new IllegalStateException("cannot set the timer of " + loop,
            Errno.toIOException("timerfd_settime(" + fd + ", " + deadline + " ns)", -result));
      }
      setFor = deadline;
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
    closed = true;
    while (queue.takeFirst() instanceof TimerEntry entry) {
      fire(entry);
    }
  }
}
