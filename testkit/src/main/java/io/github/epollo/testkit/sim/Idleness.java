package io.github.epollo.testkit.sim;

import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.loop.Loop;
import org.jspecify.annotations.Nullable;

/** The moment when every loop waits and nothing is ready. A task that awaits it does not count as running. */
final class Idleness extends AbstractFuture<@Nullable Void> {
  private final SimWorld world;
  private @Nullable Waker waker; // guarded by the world's lock
  private @Nullable Participant paused; // guarded by the world's lock
  private boolean reached; // guarded by the world's lock

  Idleness(SimWorld world) {
    this.world = world;
  }

  @Override
  protected Poll<@Nullable Void> advance(Waker waker) {
    world.lock();
    try {
      if (!reached) {
        this.waker = waker;
        if (paused == null && Loop.currentOrNull() == null) {
          paused = world.loops().pause();
        }
        world.awaitIdle(this);
      }
      return reached ? Poll.ready(null) : Poll.pending();
    } finally {
      world.unlock();
    }
  }

  /** Called with the world locked; the waker is to be called without. */
  @Nullable
  Waker reach() {
    reached = true;
    resume();
    return waker;
  }

  private void resume() {
    if (paused != null) {
      paused.grant();
      paused = null;
    }
  }

  @Override
  protected void release() {
    world.lock();
    try {
      resume();
      world.forget(this);
    } finally {
      world.unlock();
    }
  }

  @Override
  public String toString() {
    return "the world to be idle";
  }
}
