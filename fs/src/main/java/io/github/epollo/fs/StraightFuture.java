package io.github.epollo.fs;

import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The future twin of code in direct style: a task runs it from the first poll on. Closing the future cancels the task, and does not wait until it has cleaned up. */
final class StraightFuture<T extends @Nullable Object> extends AbstractFuture<T> {
  /*
   *   RUNNING -> DONE   // the code has returned
   *   RUNNING -> CLOSED // closed: the code is cancelled; if it returns all the same, its task undoes that
   *   DONE    -> TAKEN  // polled
   *   DONE    -> CLOSED // closed: a new task undoes what the code has done
   */
  private enum State {
    RUNNING, DONE, TAKEN, CLOSED
  }

  private final String name;
  private final Callable<T> code;
  private final @Nullable Undo<T> undo;
  private final AtomicReference<State> state = new AtomicReference<>(State.RUNNING);
  private @Nullable Task<T> task;
  private @Nullable Future<T> end;

  /**
   * A future of what {@code code} returns.
   *
   * @param name what messages and dumps call it
   * @param undo is given a result that nobody takes; null if that is nothing that must not stay
   */
  StraightFuture(String name, Callable<T> code, @Nullable Undo<T> undo) {
    this.name = name;
    this.code = code;
    this.undo = undo;
  }

  @Override
  protected Poll<T> advance(Waker waker) {
    Future<T> awaited = end;
    if (awaited == null) {
      Task<T> started = Tasks.spawn(name, this::run);
      task = started;
      awaited = started.joinAsync();
      end = awaited;
    }
    Poll<T> poll = awaited.poll(waker);
    if (poll instanceof Poll.Ready) {
      state.set(State.TAKEN);
    }
    return poll;
  }

  private T run() throws Exception {
    T result = code.call();
    if (!state.compareAndSet(State.RUNNING, State.DONE) && undo != null) {
      Tasks.shield(() -> undo.of(result));
    }
    return result;
  }

  @Override
  protected void release() {
    if (end != null) {
      end.close();
    }
    if (task == null || state.get() == State.TAKEN) {
      return;
    }
    task.close();
    if (state.getAndSet(State.CLOSED) == State.DONE && undo != null) {
      Task<T> done = task;
      Task<@Nullable Void> _ = Tasks.spawn("undo " + name, () -> Tasks.shield(() -> undo.of(done.join())));
    }
  }

  @Override
  public String toString() {
    return name;
  }

  /**
   * Undoes what code has done.
   *
   * @param <T> its result
   */
  @FunctionalInterface
  interface Undo<T extends @Nullable Object> {
    /**
     * Undoes what {@code result} stands for; may wait.
     *
     * @throws IOException if it fails; the runtime is told
     */
    void of(T result) throws IOException;
  }
}
