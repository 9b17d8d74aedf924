package io.github.epollo.runtime.loop;

import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A thread that looks, while something goes on, whether each loop makes progress. One that does not is held by a task that does not let go. Of several loops another then looks for its events, and runs what of
 * its work may move: the loop itself cannot say so, and the others may all wait. And who wants to know is told, once it takes too long.
 *
 * <p>When all loops wait, it waits, too: an idle runtime does nothing.
 *
 * <p><b>Threading:</b> any.
 */
final class LoopWatch {
  private static final long TICK_NANOS = 5_000_000; // 5 ms: a loop counts as held after two, at the latest
  private static final long HELD_TICK_NANOS = 1_000_000; // 1 ms: how often a loop that is held is helped
  private static final long NEVER_SEEN = -1;
  private static final int QUIET_TICKS = 100; // half a second without any progress

  /*
   * No loop starts unnoticed: the thread writes dormant and then looks at the loops; a loop writes that it is awake and then reads dormant. All of that is volatile, so one of the two sees the other.
   */
  private final LoopGroup group;
  private final long limit; // nanoseconds after which the listener is told
  private final @Nullable HoldListener listener;
  private volatile boolean dormant;
  private volatile boolean ended;
  private volatile @Nullable Thread thread;

  // The thread's own, by the index of the loop.
  private final long[] seen; // progress
  private final long[] since; // when that was seen first
  private final boolean[] told;
  private int first; // the loop to look at first

  /**
   * Creates what watches over {@code group}; not started.
   *
   * @param listener is told of loops that make no progress for {@code limit} nanoseconds; null if nobody wants to know
   */
  LoopWatch(LoopGroup group, long limit, @Nullable HoldListener listener) {
    this.group = group;
    this.limit = limit;
    this.listener = listener;
    this.seen = new long[group.size()];
    this.since = new long[group.size()];
    this.told = new boolean[group.size()];
    Arrays.fill(seen, NEVER_SEEN);
  }

  void start(String name) {
    thread = Thread.ofPlatform().daemon().name(name).inheritInheritableThreadLocals(false).start(this::run);
  }

  void end() {
    ended = true;
    LockSupport.unpark(thread);
  }

  /** Called by a loop that has waited. */
  void somebodyIsAwake() {
    if (dormant) {
      dormant = false;
      LockSupport.unpark(thread);
    }
  }

  private void run() {
    int quiet = 0;
    while (!ended) {
      boolean anyHeld = look();
      quiet = isAnyBusy() ? 0 : quiet + 1;
      if (quiet > QUIET_TICKS) {
        sleepUntilSomebodyIsAwake();
        quiet = 0;
      } else {
        LockSupport.parkNanos(this, anyHeld && group.size() > 1 ? HELD_TICK_NANOS : TICK_NANOS);
      }
    }
  }

  private void sleepUntilSomebodyIsAwake() {
    dormant = true;
    while (dormant && !ended && !isAnyBusy()) {
      LockSupport.park(this);
    }
    dormant = false;
  }

  private boolean isAnyBusy() {
    for (int i = 0; i < seen.length; i++) {
      if (group.loop(i).isBusy()) {
        return true;
      }
    }
    return false;
  }

  /** Has a loop helped that has made no progress since the last look; if there are several, each in its turn. Answers whether there is one. */
  boolean look() {
    Loop held = null;
    first = (first + 1) % seen.length;
    for (int i = 0; i < seen.length; i++) {
      int index = (first + i) % seen.length;
      Loop loop = group.loop(index);
      boolean isHeld = makesNoProgress(loop, index);
      loop.setHeld(isHeld);
      if (isHeld && held == null) {
        held = loop;
      }
    }
    if (held != null && group.size() > 1) {
      group.announceHeld(held);
    }
    return held != null;
  }

  private boolean makesNoProgress(Loop loop, int index) {
    long progress = loop.progress();
    if (progress != seen[index] || !loop.isBusy()) {
      seen[index] = progress;
      told[index] = false;
      since[index] = listener == null ? 0 : loop.now();
      return false;
    }
    if (listener != null && !told[index]) {
      long nanos = loop.now() - since[index];
      if (nanos >= limit) {
        told[index] = true;
        tell(listener, loop, nanos);
      }
    }
    return true;
  }

  private static void tell(HoldListener listener, Loop loop, long nanos) {
    try {
      listener.held(loop, nanos);
    } catch (Throwable t) {
      loop.report(t);
    }
  }
}
