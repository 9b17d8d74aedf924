package io.github.epollo.runtime.future;

import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** {@link Future#fromExecutor}. */
final class ExecutorFuture<T extends @Nullable Object> extends AbstractFuture<T> {
  private final Executor executor;
  private final Work work;
  private boolean submitted;

  // The poll writes waker, then asks whether the work is done; the work is done, and then reads waker. So one of the two sees the other.
  private volatile @Nullable Waker waker;

  ExecutorFuture(Executor executor, Callable<? extends T> callable) {
    this.executor = Objects.requireNonNull(executor, "executor");
    this.work = new Work(Objects.requireNonNull(callable, "callable"));
  }

  @Override
  protected Poll<T> advance(Waker waker) {
    this.waker = waker;
    if (!submitted) {
      submitted = true;
      submit();
    }
    return switch (work.state()) {
      case RUNNING -> Poll.pending();
      case SUCCESS -> Poll.ready(work.resultNow());
      case FAILED -> Poll.failed(work.exceptionNow());
      case CANCELLED -> Poll.failed(new CancellationException("the executor cancelled the work"));
    };
  }

  /** A pool has locks, and a loop's thread must not wait for one: it may be meant for a task of that loop next. */
  private void submit() {
    if (executor instanceof ExecutorService && Awaiter.bound() != null && !Thread.currentThread().isVirtual()) {
      Thread _ = Thread.startVirtualThread(() -> {
        try {
          executor.execute(work);
        } catch (Throwable t) {
          work.setException(t);
        }
      });
    } else {
      executor.execute(work);
    }
  }

  @Override
  protected void release() {
    waker = null;
    boolean _ = work.cancel(true); // does nothing if it is done
  }

  private final class Work extends FutureTask<T> {
    @SuppressWarnings("unchecked") // a callable only gives values
    Work(Callable<? extends T> callable) {
      super((Callable<T>) callable);
    }

    @Override
    protected void setException(Throwable t) {
      super.setException(t);
    }

    @Override
    protected void done() {
      Waker waiting = waker;
      if (waiting != null) {
        waiting.wake();
      }
    }
  }
}
