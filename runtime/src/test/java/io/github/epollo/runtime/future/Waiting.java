package io.github.epollo.runtime.future;

import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.ThrowingConsumer;

/** An awaiter on the test's own thread; a test can stop whoever cancels it half way. */
class Waiting extends Awaiter {
  private final Thread thread = Thread.currentThread();

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

  /** Runs {@code body} with this as the current awaiter. */
  void run(ThrowingConsumer<Waiting> body) {
    runAs(this, () -> body.accept(this));
  }
}
