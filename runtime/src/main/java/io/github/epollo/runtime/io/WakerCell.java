package io.github.epollo.runtime.io;

import io.github.epollo.runtime.future.Waker;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The one who waits for something, if anybody does.
 *
 * <p>Who may have to wait stores first and looks at what it waits for afterwards; who changes that changes it first and wakes afterwards. All of these accesses
 * are volatile, so at least one of the two sees the other.
 */
final class WakerCell {
  private final AtomicReference<@Nullable Waker> waiting = new AtomicReference<>();

  /** Returns false, and stores nothing, if another one waits. */
  boolean store(Waker waker) {
    return waiting.get() == waker || waiting.compareAndSet(null, waker);
  }

  /** Takes {@code waker} out, if it is still there. */
  void forget(Waker waker) {
    waiting.compareAndSet(waker, null);
  }

  /** Takes out and wakes whoever waits. */
  void wake() {
    if (waiting.get() != null) {
      Waker waker = waiting.getAndSet(null);
      if (waker != null) {
        waker.wake();
      }
    }
  }
}
