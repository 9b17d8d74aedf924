package io.github.epollo.runtime;

import io.github.epollo.runtime.loop.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * The loops of a runtime beyond its first, each on a daemon thread of its own. The first loop's thread starts and stops them.
 *
 * <p><b>Threading:</b> one thread at a time, but for the loops' own.
 */
final class Followers {
  private final List<Loop> loops;
  private final Pinning pinning;
  private final BiConsumer<Loop, Throwable> failures;
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopping;

  /**
   * Starts nothing yet.
   *
   * @param failures is told, on the loop's thread, what ended a loop before its time
   */
  Followers(List<Loop> loops, Pinning pinning, BiConsumer<Loop, Throwable> failures) {
    this.loops = loops;
    this.pinning = pinning;
    this.failures = failures;
  }

  /** Starts a thread for each loop. If the machine has no thread left, those that are started are stopped, and the loops closed. */
  void start() {
    boolean done = false;
    try {
      for (Loop loop : loops) {
        threads.add(Thread.ofPlatform().daemon().name(loop.toString()).inheritInheritableThreadLocals(false)
            .start(() -> serve(loop)));
      }
      done = true;
    } finally {
      if (!done) {
        stopping = true;
        wakeAll();
        loops.subList(threads.size(), loops.size()).forEach(Loop::close);
      }
    }
  }

  private void serve(Loop loop) {
    try {
      pinning.pin(loop);
      loop.runUntil(() -> stopping, Long.MAX_VALUE);
    } catch (Throwable t) {
      failures.accept(loop, t);
    } finally {
      loop.close(); // what is still ready goes on elsewhere
    }
  }

  private void wakeAll() {
    for (Loop loop : loops) {
      loop.execute(() -> {});
    }
  }

  /** Has the loops end, and waits for that until {@code end} (by {@link Loop#now}); answers those that something holds: they end when it lets go. */
  List<Loop> stop(long end) {
    stopping = true;
    wakeAll();
    List<Loop> held = new ArrayList<>();
    boolean interrupted = false;
    for (int i = 0; i < threads.size(); i++) {
      Loop loop = loops.get(i);
      Thread thread = threads.get(i);
      while (thread.isAlive()) {
        long left = end == Long.MAX_VALUE ? end : end - loop.now();
        if (left <= 0) {
          held.add(loop);
          break;
        }
        try {
          thread.join(Duration.ofNanos(left));
        } catch (InterruptedException e) {
          interrupted = true; // stopping goes on; whoever interrupted learns of it afterwards
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return held;
  }
}
