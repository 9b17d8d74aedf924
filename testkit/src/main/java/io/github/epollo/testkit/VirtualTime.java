package io.github.epollo.testkit;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.testkit.sim.SimWorld;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The clock of simulated hosts. It stands still while anything runs, and while a runtime that exists has not run yet. When every loop waits and nothing is ready, it jumps to whatever happens next; or, if it is not automatic, it
 * waits for somebody to move it.
 *
 * <p><b>Threading:</b> every method may be called from any thread; those that let others run wait for them: in a task they park the task, a plain thread is blocked.
 */
public final class VirtualTime {
  private static final int MAX_STEPS = 1_000_000;

  private final SimWorld world;

  VirtualTime(SimWorld world) {
    this.world = world;
  }

  private <T extends @Nullable Object> T locked(Supplier<T> call) {
    world.lock();
    try {
      return call.get();
    } finally {
      world.unlock();
    }
  }

  private void locked(Runnable call) {
    @Nullable Void _ = locked(() -> {
      call.run();
      return null;
    });
  }

  /** CLOCK_MONOTONIC, in nanoseconds. */
  public long now() {
    return locked(world::now);
  }

  /** Whether the clock jumps by itself when nothing is ready; it does by default. */
  public boolean isAutomatic() {
    return locked(world::isAutomatic);
  }

  /** As {@link #isAutomatic}, and nobody holds it. */
  boolean movesByItself() {
    return locked(world::movesByItself);
  }

  /** Has the clock jump by itself, or wait for {@link #advance}. */
  public void setAutomatic(boolean automatic) {
    locked(() -> world.setAutomatic(automatic));
  }

  /** Keeps the clock from jumping by itself until the hold is closed: while a test prepares something, for one. */
  public Hold hold() {
    locked(() -> world.hold(1));
    return new Hold(world);
  }

  /** See {@link VirtualTime#hold}. */
  public static final class Hold implements AutoCloseable {
    private final SimWorld world;
    private final AtomicBoolean closed = new AtomicBoolean();

    Hold(SimWorld world) {
      this.world = world;
    }

    /** Ends the hold. Idempotent. */
    @Override
    public void close() {
      if (closed.compareAndSet(false, true)) {
        world.lock();
        try {
          world.hold(-1);
        } finally {
          world.unlock();
        }
      }
    }
  }

  /**
   * Lets {@code duration} pass: everything that is ready runs, then the clock moves to each deadline on the way, and everything that this makes ready runs before it moves on.
   *
   * <p>Timers are never early, and rounded up to their ticks of 1024 ns: a sleep of a second has not ended after {@code advance} of a second, but a microsecond or two later.
   *
   * <p><b>Cancellation:</b> the clock stays where it is.
   *
   * @throws IllegalArgumentException if {@code duration} is negative
   */
  public void advance(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("time does not go back: " + duration);
    }
    try (Hold _ = hold()) {
      long end = now() + duration.toNanos();
      do {
        runCurrent();
      } while (locked(() -> world.step(end)));
      runCurrent();
    }
  }

  /**
   * Lets time pass until nothing is ready and nothing is to come.
   *
   * @throws IllegalStateException after a million steps: something begins anew each time
   */
  public void advanceUntilIdle() {
    advanceUntilIdle(MAX_STEPS);
  }

  void advanceUntilIdle(int maxSteps) {
    try (Hold _ = hold()) {
      String step = null;
      for (int i = 0; i < maxSteps; i++) {
        runCurrent();
        step = locked(() -> world.step());
        if (step == null) {
          return;
        }
      }
      throw new IllegalStateException("still not idle after " + maxSteps + " steps; the last was " + step
          + ": something begins anew each time, so use advance(...)");
    }
  }

  /** Lets everything run that is ready now. */
  public void runCurrent() {
    try (Hold _ = hold(); Future<@Nullable Void> idle = world.idle()) {
      idle.await();
    }
  }

  /** The process was stopped (SIGSTOP), or its virtual machine paused, for {@code duration}: the clock leaps, and everything that was due meanwhile is due at once. */
  public void jump(Duration duration) {
    locked(() -> world.jump(duration.toNanos()));
  }

  /** Sets CLOCK_REALTIME forward, or back if {@code duration} is negative; timers do not care. */
  public void stepWallClock(Duration duration) {
    locked(() -> world.stepWall(duration.toNanos()));
  }
}
