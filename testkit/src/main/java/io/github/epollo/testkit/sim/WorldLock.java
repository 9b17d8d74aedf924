package io.github.epollo.testkit.sim;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A lock that spins. A task that meets it held must not be unmounted as by any other lock: its loop would go to sleep meanwhile, and the world would take it for idle. It is
 * held for some microseconds, and never while a thread waits; nor while it takes a lock of the JDK: a task that finds that taken is unmounted, and comes back only by way of a world that is not locked.
 */
final class WorldLock {
  private final AtomicReference<@Nullable Thread> owner = new AtomicReference<>();

  void lock() {
    Thread current = Thread.currentThread();
    if (owner.get() == current) {
      throw new IllegalStateException("the world is locked by " + current + " already");
    }
    while (!owner.compareAndSet(null, current)) {
      Thread.onSpinWait();
    }
  }

  void unlock() {
    owner.set(null);
  }

  boolean isHeld() {
    return owner.get() == Thread.currentThread();
  }
}
