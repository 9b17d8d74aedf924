package io.github.epollo.runtime;

import io.github.epollo.runtime.loop.Loop;
import io.github.epollo.runtime.loop.LoopGroup;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * On which loop a new task starts: on the one that runs the caller, so that what belongs together stays together; from outside, on the one with the fewest tasks.
 *
 * <p><b>Threading:</b> any.
 */
final class Placement {
  /** Counters from one loop's to the next, so that each has a cache line of its own. */
  private static final int STRIDE = 16;

  private final LoopGroup loops;
  private final AtomicIntegerArray tasks; // how many each loop has

  Placement(LoopGroup loops) {
    this.loops = loops;
    this.tasks = new AtomicIntegerArray(loops.size() * STRIDE);
  }

  /** Where a task that the caller spawns is to start. */
  Loop ofNew() {
    if (loops.size() == 1) {
      return loops.first();
    }
    Loop running = loops.running(); // not the caller's own loop, should it have been taken over by another
    if (running != null) {
      return running;
    }
    Loop own = Loop.currentOrNull();
    return own != null && loops.contains(own) ? own : leastLoaded();
  }

  /** The loop with the fewest tasks. */
  Loop leastLoaded() {
    Loop least = loops.first();
    for (Loop loop : loops.loops()) {
      if (tasks(loop) < tasks(least)) {
        least = loop;
      }
    }
    return least;
  }

  /** How many tasks belong to {@code loop}. */
  int tasks(Loop loop) {
    return tasks.get(loop.index() * STRIDE);
  }

  void began(Loop loop) {
    if (loops.size() > 1) {
      tasks.getAndIncrement(loop.index() * STRIDE);
    }
  }

  void ended(Loop loop) {
    if (loops.size() > 1) {
      tasks.getAndDecrement(loop.index() * STRIDE);
    }
  }
}
