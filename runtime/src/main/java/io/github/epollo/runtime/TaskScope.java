package io.github.epollo.runtime;

import io.github.epollo.runtime.ScopeChildren.Ending;
import io.github.epollo.runtime.ScopeChildren.Phase;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.loop.Loop;
import io.github.epollo.runtime.loop.SleepProvider;
import io.github.epollo.runtime.loop.TaskThread;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that end before the code that started them goes on: opened in try-with-resources, and whatever way the block is left, its children have ended by then, {@code finally} blocks and all.
 *
 * {@snippet class="io.github.epollo.runtime.ScopeSnippetsTest" region="scope"}
 *
 * <p>What the end of one child means for the others, and what {@link #join} returns, is for the {@link ScopePolicy} to say; by default all must succeed. The children are
 * {@linkplain Task tasks}: join the scope first, then take their results. A task that the owner joins earlier may be one that was cancelled because another has failed; that failure is then
 * suppressed in the {@link CancellationException}, as {@link #close} throws it.
 *
 * <p>A scope belongs to the task that opens it, its owner: it joins and closes it. Scopes of one owner are closed in the reverse order of opening; the language sees to that. The children run on the owner's runtime.
 *
 * <p><b>Threading:</b> {@code spawn} and {@link #cancel} may be called from any thread, by children for one; the rest by the owner.
 *
 * @param <T> the type of the children's results
 * @param <R> the type of the scope's result
 */
public final class TaskScope<T extends @Nullable Object, R extends @Nullable Object> implements AutoCloseable {
  private final Epollo epollo;
  private final StraightTask<?> owner;
  private final @Nullable TaskScope<?, ?> outer; // of the same owner; its thread
  private final String name;
  private final ScopePolicy<T, R> policy;
  private final @Nullable Duration timeout;
  private final CarriedValues carried;
  private final ScopeChildren children = new ScopeChildren();
  private boolean decided; // as is brokenPolicy: written by whoever calls the policy, published by the lock of children
  private @Nullable Throwable brokenPolicy;

  private TaskScope(StraightTask<?> owner, ScopePolicy<T, R> policy, ScopeOptions options) {
    this.epollo = owner.epollo;
    this.owner = owner;
    this.outer = owner.innermost();
    this.policy = policy;
    String given = options.name();
    this.name = "scope " + (given != null ? given : "of " + owner);
    this.timeout = options.timeout();
    TaskScope<?, ?> around = outer != null ? outer : owner.scope();
    this.carried = CarriedValues.capture(around != null ? around.carried : CarriedValues.NONE, options.carried());
  }

  /**
   * Opens a scope whose children must all succeed: the first failure cancels the others, and {@link #join} throws it.
   *
   * @throws IllegalStateException if the caller is no task with a stack
   */
  public static TaskScope<@Nullable Object, @Nullable Void> open() {
    return open(new AllSucceed.WithoutResult());
  }

  /**
   * Opens a scope with another policy.
   *
   * @throws IllegalStateException if the caller is no task with a stack
   */
  public static <T extends @Nullable Object, R extends @Nullable Object> TaskScope<T, R> open(
      ScopePolicy<T, R> policy) {
    return open(policy, UnaryOperator.identity());
  }

  /**
   * As {@link #open(ScopePolicy)}, with options: {@code open(policy, o -> o.withTimeout(limit))}.
   *
   * @throws IllegalStateException if the caller is no task with a stack; or for lack of the module {@code epollo-timers}
   */
  public static <T extends @Nullable Object, R extends @Nullable Object> TaskScope<T, R> open(ScopePolicy<T, R> policy,
      UnaryOperator<ScopeOptions> options) {
    Objects.requireNonNull(policy, "policy");
    ScopeOptions chosen = Objects.requireNonNull(options.apply(ScopeOptions.DEFAULTS), "options");
    StraightTask<?> owner = StraightTask.currentOrNull();
    if (owner == null) {
      throw new IllegalStateException("cannot open a scope on " + Thread.currentThread() + ": "
          + (Loop.currentOrNull() == null
              ? "it is no task; open it in the body of Epollo.run(...), or in one given to call(...) or spawn(...) of a runtime that Epollo.start() returned"
              : "a future that the loop polls has no code that could wait for the children; use Tasks.spawn(() -> ...)"));
    }
    TaskScope<T, R> scope = new TaskScope<>(owner, policy, chosen);
    scope.startTimer();
    owner.setInnermost(scope);
    return scope;
  }

  private void startTimer() {
    Duration limit = timeout;
    if (limit == null) {
      return;
    }
    Future<Boolean> timer = SleepProvider.get().sleepAsync(limit).map(_ -> {
      cancel(Ending.TIMED_OUT);
      return true;
    });
    boolean started = false;
    try {
      Task<?> _ = start(new PolledTask<>(epollo, epollo.loopOfNew(), false, timer), true);
      started = true;
    } finally {
      if (!started) {
        timer.close();
      }
    }
  }

  /**
   * Starts {@code body} as a child. In a scope whose children were cancelled it runs up to its first await.
   *
   * @throws IllegalStateException if the scope is closed, or has been joined
   */
  public <U extends T> Task<U> spawn(Callable<U> body) {
    return start(straight(null, body), false);
  }

  /** As {@link #spawn(Callable)}, for a body without a result: for the policy it is null. */
  @SuppressWarnings("unchecked") // null is of any type; the policies for which it is no result are not used with bodies that have none
  public Task<@Nullable Void> spawn(Body body) {
    return (Task<@Nullable Void>) start((Task<T>) straight(null, Epollo.callable(body)), false);
  }

  /** As {@link #spawn(Callable)}; the name appears in messages, thread dumps and debuggers. */
  public <U extends T> Task<U> spawn(String name, Callable<U> body) {
    return start(straight(Objects.requireNonNull(name, "name"), body), false);
  }

  /** As {@link #spawn(String, Callable)}, for a body without a result. */
  @SuppressWarnings("unchecked") // as above
  public Task<@Nullable Void> spawn(String name, Body body) {
    return (Task<@Nullable Void>) start(
        (Task<T>) straight(Objects.requireNonNull(name, "name"), Epollo.callable(body)), false);
  }

  /** Starts {@code future} as a child without a stack: the loop polls it, on its own thread, and owns it from here on. */
  public <U extends T> Task<U> spawn(Future<U> future) {
    return start(new PolledTask<>(epollo, epollo.loopOfNew(), false, future), false);
  }

  /**
   * Starts a child that serves the others, such as one that reports progress: {@link #join} does not wait for it, the policy is not told of it, and it is cancelled
   * when the scope is closed. Its failure goes to the runtime's uncaught-exception handler.
   *
   * @throws IllegalStateException if the scope is closed, or has been joined
   */
  public Task<@Nullable Void> spawnBackground(Body body) {
    return start(straight(null, Epollo.callable(body)), true);
  }

  /** As {@link #spawnBackground(Body)}; the name appears in messages, thread dumps and debuggers. */
  public Task<@Nullable Void> spawnBackground(String name, Body body) {
    return start(straight(Objects.requireNonNull(name, "name"), Epollo.callable(body)), true);
  }

  private <U extends @Nullable Object> StraightTask<U> straight(@Nullable String name, Callable<U> body) {
    Objects.requireNonNull(body, "body");
    StraightTask<U> task = new StraightTask<>(epollo, epollo.loopOfNew(), false, name, carried.around(body));
    task.setScope(this);
    return task;
  }

  private <U extends @Nullable Object> Task<U> start(Task<U> task, boolean background) {
    @SuppressWarnings("unchecked") // a background task's result is nobody's
    ScopeChild<U> child = new ScopeChild<>((TaskScope<? super U, ?>) this, task, background);
    Poll<U> _ = task.poll(child); // pending: it has not begun
    Phase phase = children.add(child);
    if (phase != Phase.OPEN) {
      throw new IllegalStateException("cannot spawn " + task + " in " + name + ": it "
          + (phase == Phase.JOINED ? "has been joined" : "is closed") + "; open another scope");
    }
    boolean started = false;
    try {
      epollo.start(task, () -> children.started(child));
      started = true;
    } finally {
      if (!started) {
        wake(children.remove(child));
      }
    }
    return task;
  }

  /** A child's end, on the thread where it ended. */
  void ended(ScopeChild<?> child) {
    if (!children.enqueueEnded(child)) {
      return; // whoever calls the policy goes on with this one
    }
    for (ScopeChild<?> next = children.nextEnded(); next != null; next = children.nextEnded()) {
      if (next.background) {
        report(next.task);
      } else {
        boolean end;
        try {
          end = next.tell();
        } catch (Throwable t) {
          end = true;
          brokenPolicy = brokenPolicy == null ? t : brokenPolicy;
        }
        if (end) {
          decided = true;
          cancel(Ending.DECIDED);
        }
      }
      wake(children.remove(next));
    }
  }

  boolean tell(Task<? extends T> task) throws Exception {
    return policy.onEnd(task, task.outcome());
  }

  private void report(Task<?> task) {
    Throwable failure = task.outcome().failure();
    if (failure != null && Task.isNews(failure)) {
      epollo.options().uncaught(task, failure);
    }
  }

  private void wake(List<Waker> wakers) {
    for (Waker waker : wakers) {
      try {
        waker.wake();
      } catch (Throwable t) {
        epollo.options().uncaught(null, t);
      }
    }
  }

  private void cancel(Ending reason) {
    children.end(reason).forEach(Task::requestCancel);
  }

  /**
   * Cancels all children, background tasks too, and those that are spawned from now on. {@link #join} then throws {@link CancellationException}, unless the policy had decided before.
   *
   * @return a future that is ready when all children have ended; closing it stops the waiting only. A child that awaits it gets an {@link IllegalStateException}
   */
  public Future<@Nullable Void> cancel() {
    cancel(Ending.CANCELLED);
    return allEnded();
  }

  private Future<@Nullable Void> allEnded() {
    return new ScopeEnd<>(this, true, _ -> Poll.ready(null));
  }

  /**
   * Waits until all children but background tasks have ended, also where the first of them decides: none runs any more when this returns or throws. Then nothing can be spawned in the scope.
   *
   * <p><b>Cancellation:</b> if the owner is cancelled meanwhile, or a deadline around it passes, the children are cancelled and waited for; then the exception is thrown, and failures of the
   * children are suppressed in it.
   *
   * @return the result that the policy has made
   * @throws RuntimeException the failure that the policy has made, as {@link Future#await} describes
   * @throws DeadlineExceededException if the scope's time has passed, or a deadline around the owner
   * @throws CancellationException if the scope was cancelled, or its owner
   * @throws IllegalStateException if the caller is not the owner, or the scope was joined before, or is closed
   */
  public R join() {
    Future<R> end = joinAsync();
    try {
      return end.await();
    } catch (RuntimeException e) {
      if (children.phase() == Phase.OPEN) { // the waiting was stopped
        leave(e);
      }
      throw e;
    }
  }

  /**
   * The future twin of {@link #join}, for the owner. Closing it stops the waiting and not the children; those end with the scope.
   *
   * @throws IllegalStateException if the caller is not the owner, or the scope was joined before, or is closed
   */
  public Future<R> joinAsync() {
    checkOwner("join");
    Phase phase = children.phase();
    if (phase != Phase.OPEN) {
      throw joinedBefore(phase);
    }
    return new ScopeEnd<>(this, false,
        before -> before == Phase.OPEN ? conclude() : Poll.failed(joinedBefore(before)));
  }

  private IllegalStateException joinedBefore(Phase phase) {
    return new IllegalStateException("cannot join " + name + ": it "
        + (phase == Phase.JOINED ? "has been joined before; keep the result" : "is closed"));
  }

  /** How the scope has ended. */
  private Poll<R> conclude() {
    RuntimeException stopped = switch (children.ending()) {
      case CANCELLED -> new CancellationException(name + " was cancelled");
      case TIMED_OUT -> new DeadlineExceededException("deadline of " + timeout + " passed in " + name);
      case null, default -> null;
    };
    Poll<R> result;
    try {
      if (brokenPolicy != null) {
        result = Poll.failed(brokenPolicy);
      } else {
        result = Poll.ready(policy.result());
      }
    } catch (Throwable t) {
      result = Poll.failed(t);
    }
    if (stopped == null) {
      return result;
    }
    drop(result, stopped);
    return Poll.failed(stopped);
  }

  /** What happens to a result that nobody takes. */
  private static void drop(Poll<?> result, Throwable instead) {
    try {
      if (result instanceof Poll.Ready<?>(AutoCloseable value)) {
        value.close();
      } else if (result instanceof Poll.Failed<?>(Throwable cause) && Task.isNews(cause)) {
        Failures.suppress(instead, cause);
      }
    } catch (Throwable t) {
      Failures.suppress(instead, t);
    }
  }

  /** The owner stops waiting, for {@code reason}. */
  private void leave(RuntimeException reason) {
    try {
      if (endAll(Phase.JOINED) == Phase.OPEN && decided) {
        drop(conclude(), reason);
      }
    } catch (RuntimeException e) {
      Failures.suppress(reason, e);
    }
  }

  /** Cancels all children and waits for them, whatever happens, and moves on to {@code next}; answers the phase before. */
  private Phase endAll(Phase next) {
    cancel(Ending.LEFT);
    boolean interrupted = false;
    try {
      while (true) {
        Phase before = children.enter(next);
        if (before != null) {
          return before;
        }
        try {
          Tasks.shield(() -> {
            allEnded().await();
          });
        } catch (CancellationException e) {
          interrupted = true; // by Thread.interrupt, which no shield holds back: it must wait, too
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Ends the scope: cancels the children that are left, and waits for them. Idempotent.
   *
   * <p><b>Cancellation:</b> is held back until the children have ended.
   *
   * @throws CompletionException if the policy had a failure that no {@code join} has thrown; try-with-resources suppresses it in what the block has thrown
   * @throws IllegalStateException if the caller is not the owner; or scopes that were opened later are still open: they are closed first
   */
  @Override
  public void close() {
    if (children.phase() == Phase.CLOSED) {
      return;
    }
    checkOwner("close");
    RuntimeException failure = owner.innermost() == this ? null : closeInner();
    Phase before = endAll(Phase.CLOSED);
    owner.setInnermost(outer);
    if (before == Phase.OPEN) {
      failure = abandoned(failure);
    }
    if (failure != null) {
      throw failure;
    }
  }

  private RuntimeException closeInner() {
    TaskScope<?, ?> inner = owner.innermost();
    IllegalStateException e = new IllegalStateException("cannot close " + name + " before " + inner
        + ", which was opened after it: close scopes in reverse order, by try-with-resources");
    for (; inner != null && inner != this; inner = owner.innermost()) {
      try {
        inner.close();
      } catch (RuntimeException t) {
        Failures.suppress(e, t);
      }
      if (owner.innermost() == inner) {
        break; // it cannot be closed, and the reason was noted
      }
    }
    return e;
  }

  /** On closing a scope that nobody has joined. */
  private @Nullable RuntimeException abandoned(@Nullable RuntimeException failure) {
    boolean told = decided || children.ending() == Ending.TIMED_OUT;
    if (told && conclude() instanceof Poll.Failed<?>(Throwable cause) && Task.isNews(cause)) {
      // Never the exception itself: if the block has thrown it, too, it cannot be suppressed in itself.
      CompletionException e = new CompletionException(name + " has failed, and was closed without a join", cause);
      if (failure == null) {
        return e;
      }
      Failures.suppress(failure, e);
    }
    return failure;
  }

  private void checkOwner(String what) {
    StraightTask<?> current = StraightTask.currentOrNull();
    if (current != owner) {
      throw new IllegalStateException("cannot " + what + " " + name + " from "
          + (current != null ? current : Thread.currentThread()) + ": only " + owner + ", which opened it, can");
    }
  }

  /** Throws if whoever waits for the children is one of them, or a child of one. */
  void checkWaiter(Waker waiter) {
    StraightTask<?> task = waiter instanceof TaskThread thread && thread.body() instanceof StraightTask<?> straight
        ? straight
        : null;
    while (task != null) {
      TaskScope<?, ?> scope = task.scope();
      if (scope == this) {
        throw new IllegalStateException("a task in " + name + " cannot wait for its end: it would wait for itself");
      }
      task = scope == null ? null : scope.owner;
    }
  }

  ScopeChildren children() {
    return children;
  }

  @Override
  public String toString() {
    return name;
  }
}
