package io.github.epollo.runtime.loop;

import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Chance;
import io.github.epollo.runtime.future.Waker;
import java.lang.Thread.UncaughtExceptionHandler;
import org.jspecify.annotations.Nullable;

/** Stands for the loop's own thread outside any task: it must not wait, and the stackless tasks polled on it share its budget. */
final class LoopAwaiter extends Awaiter implements LoopMember {
  private final Loop loop;
  private @Nullable UncaughtExceptionHandler handler; // what the loop's thread had before
  private int budget = TaskThread.OPERATION_BUDGET; // loop's thread

  LoopAwaiter(Loop loop) {
    this.loop = loop;
  }

  void run(Runnable body) {
    Thread thread = Thread.currentThread();
    UncaughtExceptionHandler before = thread.getUncaughtExceptionHandler();
    handler = before == thread.getThreadGroup() ? null : before;
    markOn(thread);
    try {
      runAs(this, body);
    } finally {
      unmark(thread, handler);
    }
  }

  @Override
  protected void uncaughtException(Thread thread, Throwable failure) {
    UncaughtExceptionHandler own = handler;
    if (own != null) {
      own.uncaughtException(thread, failure);
    } else {
      super.uncaughtException(thread, failure);
    }
  }

  /** Called before each piece of work that the loop runs. */
  void refillBudget() {
    budget = TaskThread.OPERATION_BUDGET;
  }

  @Override
  public Loop loop() {
    return loop;
  }

  @Override
  protected @Nullable Thread thread() {
    return loop.thread();
  }

  @Override
  protected Chance chance() {
    return loop.chance();
  }

  @Override
  protected void doPark(Object awaited) {
    throw new IllegalStateException("cannot wait for " + awaited + " on the thread of " + loop
        + " itself, it would stop every task: answer \"pending\" and keep the waker, or wait in a task (Tasks.spawn)");
  }

  @Override
  protected boolean spend(Waker waker) {
    if (--budget > 0) {
      return true;
    }
    waker.wake();
    return false;
  }

  @Override
  public void wake() {
    // nobody waits with it
  }
}
