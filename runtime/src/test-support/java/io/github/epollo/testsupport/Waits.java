package io.github.epollo.testsupport;

import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.loop.Loop;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Waiting without sleeping, in tasks: the others run meanwhile. */
public final class Waits {
  private static final long LIMIT_NANOS = 20_000_000_000L;

  private Waits() {}

  /** Lets the other tasks run until {@code condition} holds. */
  public static void until(String what, Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + LIMIT_NANOS;
    while (!condition.call()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("not within 20 s: " + what);
      }
      pause();
    }
  }

  /** Lets the other tasks run until the thread that {@code thread} answers, once it does, waits for something. */
  public static void untilParked(Supplier<@Nullable Thread> thread) throws Exception {
    until("the task waits", () -> {
      Thread there = thread.get();
      return there != null && there.getState() == Thread.State.WAITING;
    });
  }

  /** Lets other tasks of the caller's loop run, if it is a task. */
  private static void pause() {
    if (Loop.currentOrNull() != null) {
      Tasks.yieldNow();
    } else {
      Thread.yield();
    }
  }
}
