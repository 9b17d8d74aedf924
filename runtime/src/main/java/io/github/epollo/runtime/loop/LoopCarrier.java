package io.github.epollo.runtime.loop;

import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;

/** Tasks are virtual threads whose scheduler is the loop: it runs them in place, one after another. */
final class LoopCarrier implements Carrier {
  private final ThreadFactory pinned;
  private final ThreadFactory movable;

  /**
   * Creates the carrier of a loop.
   *
   * @param loop runs work on its own thread
   * @param movable lets other loops run it as well
   */
  LoopCarrier(Executor loop, Executor movable) {
    this.pinned = VirtualThreads.builder(loop).factory();
    this.movable = VirtualThreads.builder(movable).factory();
  }

  @Override
  public Thread newThread(Runnable body, boolean pinned) {
    return (pinned ? this.pinned : movable).newThread(body);
  }

  @Override
  public boolean park(Thread current, Object awaited) {
    return VirtualThreads.park(current);
  }

  @Override
  public boolean carriesOnLoop() {
    return true;
  }

  @Override
  public String toString() {
    return "loop carrier";
  }
}
