package io.github.epollo.runtime.future;

import java.util.concurrent.locks.LockSupport;

/** Waits on a thread that is no task: a platform thread, or a virtual thread of the JDK's. */
final class ThreadAwaiter extends Awaiter {
  private final Thread thread;

  ThreadAwaiter(Thread thread) {
    this.thread = thread;
  }

  @Override
  protected Thread thread() {
    return thread;
  }

  @Override
  protected void doPark(Object awaited) {
    LockSupport.park(awaited);
  }

  @Override
  public void wake() {
    LockSupport.unpark(thread);
  }
}
