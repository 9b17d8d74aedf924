package io.github.epollo.runtime.loop;

import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;

/** Tasks are virtual threads whose scheduler is the loop: it runs them in place, one after another. */
final class LoopCarrier implements Carrier {
  private final ThreadFactory threads;

  LoopCarrier(Executor loop) {
    this.threads = VirtualThreads.builder(loop).factory();
  }

  @Override
  public Thread newThread(Runnable body) {
    return threads.newThread(body);
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
