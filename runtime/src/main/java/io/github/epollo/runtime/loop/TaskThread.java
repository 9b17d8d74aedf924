package io.github.epollo.runtime.loop;

import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Chance;
import io.github.epollo.runtime.future.Waker;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The virtual thread of a task that is straight-line code, and the waker of that task.
 *
 * <p><b>Threading:</b> as {@link Awaiter} says; {@link #start} may be called from any thread, once.
 */
public final class TaskThread extends Awaiter implements LoopMember {
  /** Operations that find their data ready before the task lets others run. */
  static final int OPERATION_BUDGET = 128;

  private final Loop loop;
  private final Thread thread;
  private final Runnable body;
  private int budget = OPERATION_BUDGET; // task's thread

  /**
   * Creates the thread, not started.
   *
   * @param pinned whether no other loop may run it
   * @param name the thread's; null for none
   * @param body what it runs; its {@code toString} goes into messages
   */
  public TaskThread(Loop loop, boolean pinned, @Nullable String name, Runnable body) {
    this.loop = loop;
    this.body = body;
    this.thread = loop.carrier().newThread(() -> runAs(this, body), pinned);
    markOn(thread);
    if (name != null) {
      thread.setName(name);
    }
  }

  /** Makes the body ready to run on the loop. */
  public void start() {
    thread.start();
  }

  /** What the thread runs. */
  public Runnable body() {
    return body;
  }

  @Override
  public Loop loop() {
    return loop;
  }

  @Override
  public Thread thread() {
    return thread;
  }

  @Override
  protected Chance chance() {
    return loop.chance();
  }

  @Override
  protected void doPark(Object awaited) {
    if (Thread.currentThread() != thread) {
      throw new IllegalStateException(
          "cannot wait as " + this + " on " + Thread.currentThread() + ": use Awaiter.current()");
    }
    if (!loop.carrier().park(thread, awaited)) {
      throw new IllegalStateException("cannot wait for " + awaited + " here: " + this
          + " is pinned to its loop by a native frame or a class initializer on its stack; wait before or after it, or in another task");
    }
    budget = OPERATION_BUDGET;
  }

  /** Does not throw where the task is to stop: that is for the await around the poll, where no combinator can mistake it for a failure. */
  @Override
  protected boolean spend(Waker waker) {
    if (--budget > 0) {
      return true;
    }
    budget = OPERATION_BUDGET;
    Thread current = Thread.currentThread();
    if (current.isVirtual()) {
      Thread.yield();
    }
    if (current == thread && mustStop()) {
      waker.wake();
      return false;
    }
    return true;
  }

  @Override
  public void wake() {
    LockSupport.unpark(thread);
  }

  /** Lets the other ready tasks, and on a loop that carries its tasks its I/O, go first; the current thread is this one. */
  public void yieldNow() {
    checkStopped("its turn");
    budget = OPERATION_BUDGET;
    Thread.yield();
  }

  /** The task thread of the caller, or null if it is none. */
  public static @Nullable TaskThread currentOrNull() {
    return bound() instanceof TaskThread task && task.thread == Thread.currentThread() ? task : null;
  }

  @Override
  public String toString() {
    return body.toString();
  }
}
