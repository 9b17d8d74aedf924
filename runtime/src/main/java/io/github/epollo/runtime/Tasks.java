package io.github.epollo.runtime;

import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.loop.Loop;
import io.github.epollo.runtime.loop.TaskThread;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** What a task can do with tasks: spawn others, know itself, let others run. For use inside a runtime; outside, see {@link Epollo}. */
public final class Tasks {
  private Tasks() {}

  /**
   * Starts {@code body} as a task of the current loop; under the loop carrier it runs when the caller next waits or yields.
   *
   * @throws IllegalStateException outside any runtime
   */
  public static <T extends @Nullable Object> Task<T> spawn(Callable<T> body) {
    return Epollo.current().spawn(body);
  }

  /** As {@link #spawn(Callable)}, for a body without a result. */
  public static Task<@Nullable Void> spawn(Body body) {
    return Epollo.current().spawn(body);
  }

  /** As {@link #spawn(Callable)}; the name appears in messages, thread dumps and debuggers. */
  public static <T extends @Nullable Object> Task<T> spawn(String name, Callable<T> body) {
    return Epollo.current().spawn(name, body);
  }

  /** As {@link #spawn(String, Callable)}, for a body without a result. */
  public static Task<@Nullable Void> spawn(String name, Body body) {
    return Epollo.current().spawn(name, body);
  }

  /** Starts {@code future} as a task without a stack: the loop polls it, on its own thread, and owns it from here on. */
  public static <T extends @Nullable Object> Task<T> spawn(Future<T> future) {
    return Epollo.current().spawn(future);
  }

  /**
   * Starts {@code body} as a task that runs on {@code loop} and on no other; see {@link Epollo#spawnOn(Loop, Callable)}.
   *
   * @throws IllegalArgumentException if {@code loop} belongs to another runtime
   * @throws IllegalStateException outside any runtime
   */
  public static <T extends @Nullable Object> Task<T> spawnOn(Loop loop, Callable<T> body) {
    return Epollo.current().spawnOn(loop, body);
  }

  /** As {@link #spawnOn(Loop, Callable)}, for a body without a result. */
  public static Task<@Nullable Void> spawnOn(Loop loop, Body body) {
    return Epollo.current().spawnOn(loop, body);
  }

  /**
   * Makes a call that would hold the loop, on a thread of the runtime's pool for such calls, and waits for its result: native code, long computations, file I/O. For calls that only wait
   * there is no need of it: what blocks in the JDK parks the task.
   *
   * {@snippet class="io.github.epollo.runtime.BlockingSnippetsTest" region="blocking"}
   *
   * <p>How many threads there are is for {@link EpolloOptions#withBlockingThreads} to say; calls beyond that wait for one. The body runs outside of the runtime: it cannot spawn tasks or use timers.
   *
   * <p><b>Cancellation:</b> if the task is cancelled, or a deadline around it passes, the body's thread is interrupted; the exception is thrown once the body has ended, so that nobody uses what the
   * caller releases then. A body that ignores interrupts is waited for. A result that comes too late is closed if it is {@link AutoCloseable}, and else dropped.
   *
   * @throws RuntimeException what the body throws, as {@link Future#await} describes
   * @throws CancellationException if the task was cancelled, or the runtime was closed before there was a thread for the body
   * @throws io.github.epollo.runtime.future.DeadlineExceededException if a deadline around the caller passed
   * @throws IllegalStateException outside any runtime, or if the runtime is closed
   */
  public static <T extends @Nullable Object> T blocking(Callable<T> body) {
    return Epollo.current().blocking(body);
  }

  /**
   * The future twin of {@link #blocking}: nothing happens before the first poll.
   *
   * <p><b>Cancellation:</b> closing the future interrupts the body's thread, and does not wait for it; a body that has not begun never does. A result that comes too late is closed if it is
   * {@link AutoCloseable}, and else dropped.
   *
   * @throws IllegalStateException outside any runtime
   */
  public static <T extends @Nullable Object> Future<T> blockingAsync(Callable<T> body) {
    return Epollo.current().blockingAsync(body);
  }

  /**
   * Returns the task whose code the caller is.
   *
   * @throws IllegalStateException outside a task of straight-line code
   */
  public static Task<?> current() {
    Task<?> task = StraightTask.currentOrNull();
    if (task == null) {
      throw new IllegalStateException(
          Thread.currentThread() + " is not a task: call this in a body given to Epollo.run or spawn");
    }
    return task;
  }

  /**
   * Lets the other ready tasks run before the caller goes on. The loop looks for I/O in between from time to time, however often its tasks yield. Where the JDK's scheduler carries the tasks and has one processor only, a task that does
   * nothing but yield may keep the others waiting: that scheduler looks first where it has just found work.
   *
   * @throws CancellationException if the task was cancelled
   * @throws IllegalStateException outside a task of straight-line code
   */
  public static void yieldNow() {
    TaskThread thread = TaskThread.currentOrNull();
    if (thread == null) {
      throw new IllegalStateException(Thread.currentThread() + " is not a task and has nobody to yield to"
          + (Loop.currentOrNull() == null ? "" : "; return from the poll instead"));
    }
    thread.yieldNow();
  }

  /**
   * Runs {@code body}, and lets nothing from around it stop it: for clean-up code that must get to its end though it waits, such as a last message to a
   * peer.
   *
   * {@snippet class="io.github.epollo.runtime.SnippetsTest" region="shield"}
   *
   * <p>Cancelling the task, and deadlines around the shield, neither stop an await in the body nor interrupt a call of the JDK there. They are not lost: the
   * first await after the shield throws, and the first blocking call of the JDK is interrupted. Deadlines set inside the shield work, and a shield that waits
   * for others should have one. An interrupt that the thread has on entering waits until afterwards, too; {@link Thread#interrupt} during the shield hits it.
   *
   * <p><b>Threading:</b> only the caller's own waiting is shielded, not the tasks that it spawns. On a thread that is no task, only the interrupt status
   * is held back.
   *
   * <p><b>Cancellation:</b> is held back until the body has ended, and so is {@code cancel().await()} of the task.
   *
   * @return what the body returned
   * @throws X what the body throws
   */
  public static <T extends @Nullable Object, X extends Exception> T shield(CheckedCallable<T, X> body) throws X {
    Objects.requireNonNull(body, "body");
    Awaiter awaiter = Awaiter.current();
    boolean interrupted = awaiter.enterShield();
    try {
      return body.call();
    } finally {
      awaiter.exitShield(interrupted);
    }
  }

  /**
   * As {@link #shield(CheckedCallable)}, for a body without a result.
   *
   * @throws X what the body throws
   */
  public static <X extends Exception> void shield(CheckedBody<X> body) throws X {
    Objects.requireNonNull(body, "body");
    CheckedCallable<@Nullable Void, X> callable = () -> {
      body.run();
      return null;
    };
    shield(callable);
  }
}
