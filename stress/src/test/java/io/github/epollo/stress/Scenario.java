package io.github.epollo.stress;

import java.nio.ByteBuffer;
import java.util.function.IntSupplier;

/** A few operations on a few threads, and what must be true when all have ended. Has a constructor without arguments, and starts from nothing in every run. */
public abstract class Scenario implements Runnable, IntSupplier {
  /** Outside the heap: what stands there the checker does not put back after each run. */
  private final ByteBuffer runs = ByteBuffer.allocateDirect(Integer.BYTES);

  /** Does the operations and checks what follows. */
  protected abstract void play();

  @Override
  public final void run() {
    runs.putInt(0, runs.getInt(0) + 1);
    play();
  }

  /** How often it ran. */
  @Override
  public final int getAsInt() {
    return runs.getInt(0);
  }

  /** Runs {@code steps}, each on a thread of its own, to their ends. What one of them throws is thrown. */
  protected static void together(Runnable... steps) {
    Step[] bodies = new Step[steps.length];
    Thread[] threads = new Thread[steps.length]; // the checker looks for calls of methods of Thread, not of a subclass
    for (int i = 0; i < steps.length; i++) {
      bodies[i] = new Step(steps[i]);
      threads[i] = bodies[i];
    }
    for (Thread thread : threads) {
      thread.start();
    }
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    for (Step body : bodies) {
      if (body.thrown != null) {
        throw new AssertionError(body.thrown.toString(), body.thrown);
      }
    }
  }

  /** A thread with a field: what it refers to is what the checker takes for shared. It does not see what the JDK's part of a thread refers to. */
  private static final class Step extends Thread {
    private final Runnable body;
    private Throwable thrown;

    Step(Runnable body) {
      this.body = body;
    }

    @Override
    public void run() {
      try {
        body.run();
      } catch (Throwable t) {
        thrown = t;
      }
    }
  }

  /** Fails with {@code violation} unless {@code condition} holds. */
  protected static void require(boolean condition, String violation) {
    if (!condition) {
      throw new AssertionError(violation);
    }
  }
}
