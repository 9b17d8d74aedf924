package io.github.epollo.runtime.loop;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A thread that looks, while something goes on, whether each of several loops makes progress. One that does not is held by a task that does not let go: then another loop looks for its events, and runs what of
 * its work may move. The loop itself cannot say so, and the others may all wait.
 *
 * <p>When all loops wait, it waits, too: an idle runtime does nothing.
 *
 * <p><b>Threading:</b> any.
 */
final class Watch {
  private static final long TICK_NANOS = 5_000_000; // 5 ms: a loop counts as held after two, at the latest
  private static final long HELD_TICK_NANOS = 1_000_000; // 1 ms: how often a loop that is held is helped
  private static final int QUIET_TICKS = 100; // half a second without any progress

  /*
   * No loop starts unnoticed: the thread writes dormant and then looks at the loops; a loop writes that it is awake and then reads dormant. All of that is volatile, so one of the two sees the other.
   */
  private final LoopGroup group;
  private final long[] seen; // the loops' progress; the thread's own
  private int first; // the thread's own: the loop to look at first
  private volatile boolean dormant;
  private volatile boolean ended;
  private volatile @Nullable Thread thread;

  Watch(LoopGroup group) {
    this.group = group;
    this.seen = new long[group.size()];
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
      boolean helped = look();
      quiet = isAnyBusy() ? 0 : quiet + 1;
      if (quiet > QUIET_TICKS) {
        sleepUntilSomebodyIsAwake();
        quiet = 0;
      } else {
        LockSupport.parkNanos(this, helped ? HELD_TICK_NANOS : TICK_NANOS);
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
  private boolean look() {
    Loop held = null;
    first = (first + 1) % seen.length;
    for (int i = 0; i < seen.length; i++) {
      int index = (first + i) % seen.length;
      Loop loop = group.loop(index);
      long progress = loop.progress();
      boolean isHeld = loop.isBusy() && progress == seen[index];
      seen[index] = progress;
      loop.setHeld(isHeld);
      if (isHeld && held == null) {
        held = loop;
      }
    }
    if (held != null) {
      group.announceHeld(held);
    }
    return held != null;
  }
}
