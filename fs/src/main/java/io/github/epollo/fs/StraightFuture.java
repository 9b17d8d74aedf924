package io.github.epollo.fs;

import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** The future twin of code in direct style: a task runs it from the first poll on. Closing the future cancels the task, and does not wait until it has cleaned up. */
final class StraightFuture<T extends @Nullable Object> extends AbstractFuture<T> {
  private final String name;
  private final Callable<T> code;
  private @Nullable Task<T> task;
  private @Nullable Future<T> end;

  /** {@code name} is what messages and dumps call it. */
  StraightFuture(String name, Callable<T> code) {
    this.name = name;
    this.code = code;
  }

  @Override
  protected Poll<T> advance(Waker waker) {
    Future<T> awaited = end;
    if (awaited == null) {
      task = Tasks.spawn(name, code);
      awaited = task.joinAsync();
      end = awaited;
    }
    return awaited.poll(waker);
  }

  @Override
  protected void release() {
    if (end != null) {
      end.close();
    }
    if (task != null) {
      task.close();
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
