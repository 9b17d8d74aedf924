package io.github.epollo.runtime;

import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.loop.Loop;
import io.github.epollo.runtime.loop.TaskThread;
import java.nio.channels.ClosedByInterruptException;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** A task that is straight-line code on a virtual thread. */
final class StraightTask<T extends @Nullable Object> extends Task<T> implements Runnable {
  private final Callable<? extends T> body;
  private final TaskThread thread;
  private @Nullable TaskScope<?, ?> scope; // that it is a child of; written before the start
  private @Nullable TaskScope<?, ?> innermost; // of those that it has open; its thread

  /** A null name stands for one made up, which the thread does not get. */
  StraightTask(Epollo epollo, Loop loop, boolean pinned, @Nullable String name, Callable<? extends T> body) {
    super(epollo, loop, name);
    this.body = Objects.requireNonNull(body, "body");
    this.thread = new TaskThread(loop, pinned, name == null ? null : "task " + name, this);
  }

  /** The task whose code the caller is, or null. */
  static @Nullable StraightTask<?> currentOrNull() {
    TaskThread current = TaskThread.currentOrNull();
    return current != null && current.body() instanceof StraightTask<?> task ? task : null;
  }

  @Override
  void start() {
    thread.start();
  }

  @Override
  public void run() {
    Poll<T> result;
    try {
      result = Poll.ready(body.call());
    } catch (InterruptedException | ClosedByInterruptException e) {
      // A blocking call of the JDK noticed the cancellation.
      result = Poll.failed(thread.isCancelled() ? cancelled(e) : e);
    } catch (Throwable t) {
      result = Poll.failed(t);
    }
    if (innermost != null) {
      closeScopes();
    }
    complete(result);
  }

  /** The body has lost a scope: its tasks are not to outlive this one. */
  private void closeScopes() {
    IllegalStateException lost = new IllegalStateException(
        this + " has left " + innermost + " open; it is closed now: open scopes in try-with-resources");
    for (TaskScope<?, ?> left = innermost; left != null; left = innermost) {
      try {
        left.close();
      } catch (RuntimeException e) {
        lost.addSuppressed(e);
      }
      if (innermost == left) {
        break; // it cannot be closed, and the reason was noted
      }
    }
    epollo.options().uncaught(this, lost);
  }

  @Nullable
  TaskScope<?, ?> scope() {
    return scope;
  }

  void setScope(TaskScope<?, ?> scope) {
    this.scope = scope;
  }

  @Nullable
  TaskScope<?, ?> innermost() {
    return innermost;
  }

  void setInnermost(@Nullable TaskScope<?, ?> innermost) {
    this.innermost = innermost;
  }

  private CancellationException cancelled(Exception cause) {
    CancellationException e = new CancellationException(this + " was cancelled");
    e.initCause(cause);
    return e;
  }

  @Override
  void requestCancel() {
    thread.cancel();
  }

  @Override
  @Nullable
  String awaited() {
    Object awaited = thread.awaited();
    return awaited == null ? null : awaited.toString();
  }

  @Override
  Thread thread() {
    return thread.thread();
  }

  @Override
  void checkJoinable(Waker waiter) {
    if (waiter == thread && !isDone()) {
      throw new IllegalStateException(
          this + " cannot wait for its own end: it would wait for ever; return from its body instead");
    }
    super.checkJoinable(waiter);
  }
}
