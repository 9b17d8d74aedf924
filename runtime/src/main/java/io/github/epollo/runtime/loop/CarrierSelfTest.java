package io.github.epollo.runtime.loop;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Tries, once in a JVM, all that {@link LoopCarrier} relies on: start, park, unpark, yield, pinned, end. The JDK's internals may change under us; then
 * this says so, and tasks run on the JDK's own scheduler.
 */
final class CarrierSelfTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private static final Object LOCK = new Object();
  private static boolean done; // guarded by LOCK
  private static @Nullable String failure; // guarded by LOCK

  private CarrierSelfTest() {}

  /** Why a loop cannot carry tasks in this JVM; null if it can. Runs the test on the first call. */
  static @Nullable String failure() {
    synchronized (LOCK) {
      if (!done) {
        String unavailable = VirtualThreads.unavailableBecause();
        failure = unavailable != null ? unavailable : run();
        done = true;
      }
      return failure;
    }
  }

  private static @Nullable String run() {
    Trial trial = new Trial();
    // A virtual thread cannot carry another, and the caller may be one.
    Thread carrier = Thread.ofPlatform().daemon().name("epollo-self-test").unstarted(trial);
    carrier.start();
    if (!joinUninterrupted(carrier)) {
      return "the self-test of virtual threads on a loop did not end within " + LIMIT.toSeconds() + " s";
    }
    Throwable thrown = trial.thrown;
    return thrown == null ? null : "the self-test of virtual threads on a loop failed: " + thrown;
  }

  /** The answer holds for the whole JVM, so an interrupt that is meant for the caller must not become part of it. */
  private static boolean joinUninterrupted(Thread thread) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return thread.join(LIMIT);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** A loop of one turn at a time, and one virtual thread on it. */
  private static final class Trial implements Runnable {
    private final Queue<Runnable> ready = new ArrayDeque<>();
    private int step;
    private volatile @Nullable Throwable thrown;

    @Override
    public void run() {
      try {
        VirtualThreads.startSocketPollers();
        Thread task = VirtualThreads.builder(ready::add).unstarted(this::task);
        task.start();
        turn("start", 1);
        expect(ready.isEmpty(), "a parked thread is not ready");
        LockSupport.unpark(task);
        turn("unpark", 2);
        turn("yield", 3);
        expect(!task.isAlive(), "a thread that returned has ended");
      } catch (Throwable t) {
        thrown = t;
      }
    }

    private void turn(String cause, int expectedStep) {
      Runnable continuation = ready.poll();
      if (continuation == null) {
        throw new IllegalStateException(cause + " made nothing ready");
      }
      continuation.run();
      expect(thrown == null && step == expectedStep,
          "step " + expectedStep + " after " + cause + ", reached " + step + ", thrown " + thrown);
    }

    private void task() {
      try {
        Thread self = Thread.currentThread();
        Thread carrier = VirtualThreads.currentCarrier();
        step = 1;
        expect(VirtualThreads.park(self), "parked");
        step = 2;
        expect(VirtualThreads.currentCarrier() == carrier, "same carrier");
        expect(!PinnedByInitializer.PARKED, "a class initializer pins");
        Thread.yield();
        step = 3;
      } catch (Throwable t) {
        thrown = t;
      }
    }

    private static void expect(boolean holds, String what) {
      if (!holds) {
        throw new IllegalStateException("expected: " + what);
      }
    }
  }

  /** Parks in its initializer, where a virtual thread is pinned. */
  private static final class PinnedByInitializer {
    static final boolean PARKED = VirtualThreads.park(Thread.currentThread());
  }
}
