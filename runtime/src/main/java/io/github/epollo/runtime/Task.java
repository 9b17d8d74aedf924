package io.github.epollo.runtime;

import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Outcome;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.loop.Loop;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A spawned computation: it runs whether or not anybody waits for it, and can be joined and cancelled from anywhere.
 *
 * <p>A failure reaches everyone who joins. If nobody has asked for the result when the task fails, the runtime's uncaught-exception handler is
 * told; a later {@code join} still throws.
 *
 * {@snippet class="io.github.epollo.runtime.SnippetsTest" region="cancel"}
 *
 * <p><b>Threading:</b> every method may be called from any thread. Unlike other futures, a task may be awaited by many, and polled after it has
 * finished.
 *
 * @param <T> the type of the result
 */
public abstract sealed class Task<T extends @Nullable Object> implements Future<T> permits StraightTask, PolledTask {
  /*
   * waiting:  null | Waker | Waker[]   who waits, each once
   *           DONE                     final; outcome was written before
   *
   *   null -> Waker -> Waker[] -> ... -> null   // poll, forget
   *   any -> DONE                               // complete, which wakes who was there
   */
  private static final Object DONE = new Object();

  private static final VarHandle WAITING;

  static {
    try {
      WAITING = MethodHandles.lookup().findVarHandle(Task.class, "waiting", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final Epollo epollo;
  final Loop loop;
  final TaskSet.Place place = new TaskSet.Place();
  private final long serial;
  private final @Nullable String name; // null: the serial number, which becomes a string when somebody asks
  private volatile @Nullable Object waiting;
  private @Nullable Poll<T> outcome; // published by waiting = DONE
  private volatile boolean asked;
  private volatile boolean admitted;
  private @Nullable Object flightEvent; // written before the task is started, read when it ends

  Task(Epollo epollo, Loop loop, @Nullable String name) {
    this.epollo = epollo;
    this.loop = loop;
    this.serial = epollo.nextSerial();
    this.name = name;
  }

  /** Grows with each task of the runtime. */
  final long serial() {
    return serial;
  }

  /** The loop that the task belongs to: what it opens is registered there, and its timers run there. */
  public final Loop loop() {
    return loop;
  }

  /** The name that the task was spawned with, or one made up. */
  public final String name() {
    return name != null ? name : Long.toString(serial);
  }

  /** Whether the task has ended, {@code finally} blocks and all. */
  public final boolean isDone() {
    return waiting == DONE;
  }

  /**
   * Waits for the result.
   *
   * <p><b>Cancellation:</b> if the waiting task is cancelled, this one goes on; nothing is lost.
   *
   * @return the result
   * @throws RuntimeException the task's failure, as {@link Future#await} describes
   * @throws CancellationException if this task was cancelled, or the waiting one
   * @throws DeadlineExceededException if a deadline around the caller passed
   * @throws IllegalStateException if a task waits for itself, or the thread that has to run the task's loop waits outside of it
   */
  public final T join() {
    return joinAsync().await();
  }

  /** The same as {@link #join}. */
  @Override
  public final T await() {
    return join();
  }

  /** The future twin of {@link #join}: closing it stops the waiting, not the task. */
  public final Future<T> joinAsync() {
    return new Join<>() {
      @Override
      Poll<T> answer(Poll<T> outcome) {
        return outcome;
      }
    };
  }

  /**
   * Asks the task to stop: its next await throws {@link CancellationException}, once; what it waits for in the JDK is interrupted. Its {@code
   * finally} blocks run, and may await. Takes effect at once and only once; also on a task that has not begun, which then runs up to its first await.
   *
   * @return a future that is ready when the task has ended, however it ended
   */
  public final Future<@Nullable Void> cancel() {
    asked = true;
    requestCancel();
    return new Join<>() {
      @Override
      Poll<@Nullable Void> answer(Poll<T> outcome) {
        return Poll.ready(null);
      }
    };
  }

  /** {@link #cancel}, without waiting for the end: a combinator that owns the task stops it so. */
  @Override
  public final void close() {
    if (!isDone()) {
      asked = true;
      requestCancel();
    }
  }

  /**
   * A stage that completes as this task does; cancelling it cancels the task. What depends on the stage runs where the task ends: for a task without a
   * stack that is the loop's thread, so it must not block.
   */
  public final CompletionStage<T> toCompletionStage() {
    CompletableFuture<T> stage = new CompletableFuture<>();
    Waker transfer = new Waker() {
      @Override
      public void wake() {
        switch (poll(this)) {
          case Poll.Ready<T>(T value) -> stage.complete(value);
          case Poll.Failed<T>(Throwable cause) -> stage.completeExceptionally(cause);
          case Poll.Pending<T> _ -> {}
        }
      }
    };
    transfer.wake();
    CompletionStage<T> _ = stage.whenComplete((value, failure) -> {
      if (stage.isCancelled()) {
        close();
      }
    });
    return stage;
  }

  @Override
  public final Poll<T> poll(Waker waker) {
    asked = true;
    while (true) {
      Object present = waiting;
      if (present == DONE) {
        return result();
      }
      if (WAITING.compareAndSet(this, present, with(present, waker))) {
        return Poll.pending();
      }
    }
  }

  private void forget(Waker waker) {
    while (true) {
      Object present = waiting;
      if (present == DONE || WAITING.compareAndSet(this, present, without(present, waker))) {
        return;
      }
    }
  }

  private static Object with(@Nullable Object present, Waker waker) {
    if (present == null || present == waker) {
      return waker;
    }
    if (present instanceof Waker other) {
      return new Waker[]{other, waker};
    }
    Waker[] several = (Waker[]) present;
    for (Waker one : several) {
      if (one == waker) { // not equals: a waker that equals another still wakes somebody else
        return several;
      }
    }
    Waker[] more = Arrays.copyOf(several, several.length + 1);
    more[several.length] = waker;
    return more;
  }

  private static @Nullable Object without(@Nullable Object present, Waker waker) {
    if (present == waker) {
      return null;
    }
    if (present instanceof Waker[] several) {
      Waker[] fewer = Arrays.stream(several).filter(w -> w != waker).toArray(Waker[]::new);
      return fewer.length == 0 ? null : fewer;
    }
    return present;
  }

  private Poll<T> result() {
    Poll<T> result = outcome;
    if (result == null) {
      throw new IllegalStateException(this + " is done without an outcome");
    }
    return result;
  }

  /** How the task has ended. */
  final Outcome<T> outcome() {
    if (waiting == DONE && outcome instanceof Outcome<T> end) { // reading waiting publishes it
      return end;
    }
    throw new IllegalStateException(this + " has not ended");
  }

  /** Ends the task; called once, by the code that ran it. */
  final void complete(Poll<T> result) {
    outcome = result;
    if (flightEvent != null) {
      FlightRecording.taskEnds(this, flightEvent, result);
    }
    Object waiters = WAITING.getAndSet(this, DONE);
    try {
      if (result instanceof Poll.Failed<T>(Throwable cause) && !asked && isNews(cause)) {
        epollo.options().uncaught(this, cause);
      }
      if (waiters instanceof Waker waker) {
        wake(waker);
      } else if (waiters instanceof Waker[] several) {
        for (Waker waker : several) {
          wake(waker);
        }
      }
    } finally {
      epollo.ended(this); // last: whoever waits for the runtime to close finds all of this done
    }
  }

  /** A cancellation is none, unless a failure hides in it: of clean-up code, or of a scope that was left because of it. */
  static boolean isNews(Throwable failure) {
    return !(failure instanceof CancellationException) || failure.getSuppressed().length > 0;
  }

  private void wake(Waker waker) {
    try {
      waker.wake();
    } catch (Throwable t) {
      epollo.options().uncaught(this, t);
    }
  }

  /** Says that somebody will ask for the outcome, so that a failure is not reported elsewhere. */
  final void markAsked() {
    asked = true;
  }

  /** Makes the code of this task stop at its next await; idempotent, from any thread. */
  abstract void requestCancel();

  /** Says that the runtime has taken the task and is about to start it. */
  final void markAdmitted() {
    flightEvent = FlightRecording.taskBegins();
    admitted = true;
  }

  /** Whether the runtime has taken the task; one that is being refused was not taken. */
  final boolean isAdmitted() {
    return admitted;
  }

  /** Makes the task ready for the first time. */
  abstract void start();

  /** What the task waits for right now, in words; null if it is not known to wait. */
  abstract @Nullable String awaited();

  /** The thread whose stack is the task's; null if it has none. */
  abstract @Nullable Thread thread();

  /** Throws if {@code waiter} waits for this task in vain. */
  void checkJoinable(Waker waiter) {
    if (!isDone()) {
      epollo.checkDriven(this);
    }
  }

  @Override
  public String toString() {
    return "task " + name();
  }

  /** Waits for the end of the task. */
  private abstract class Join<R extends @Nullable Object> extends AbstractFuture<R> {
    private @Nullable Waker waker;

    /** What to make of the task's outcome. */
    abstract Poll<R> answer(Poll<T> outcome);

    @Override
    protected Poll<R> advance(Waker waker) {
      checkJoinable(waker);
      Waker before = this.waker;
      if (before != null && before != waker) {
        forget(before);
      }
      this.waker = waker;
      Poll<T> poll = Task.this.poll(waker);
      return poll instanceof Poll.Pending ? Poll.pending() : answer(poll);
    }

    @Override
    protected void release() {
      if (waker != null) {
        forget(waker);
      }
    }

    @Override
    public String toString() {
      return "the end of " + Task.this;
    }
  }
}
