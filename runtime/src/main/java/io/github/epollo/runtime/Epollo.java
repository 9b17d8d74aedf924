package io.github.epollo.runtime;

import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.loop.CarrierChoice;
import io.github.epollo.runtime.loop.Loop;
import io.github.epollo.runtime.loop.LoopLocal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The runtime: a loop and the tasks on it. There are three ways to have one.
 *
 * <ul>
 *   <li>{@link #run(Body)} runs a body, and whatever it spawns, on the calling thread, and ends with it: for {@code main} methods and tests.
 *   <li>{@link #start()} puts the loop on a daemon thread of its own; tasks are spawned into it from anywhere until it is closed.
 *   <li>{@link #local()} is a loop on the calling thread, run by {@link #call(Callable)}, that promises that no two of its tasks ever run at once.
 * </ul>
 *
 * {@snippet class="io.github.epollo.runtime.SnippetsTest" region="run"}
 *
 * {@snippet class="io.github.epollo.runtime.SnippetsTest" region="start"}
 *
 * <p>Except in the last case tasks may run in parallel, as threads do: what they share needs the usual care.
 *
 * <p><b>Threading:</b> every method may be called from any thread, but for {@link #local()}'s limits.
 */
public final class Epollo implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("io.github.epollo");
  private static final AtomicLong RUNTIMES = new AtomicLong();
  private static final Duration GRACE = Duration.ofSeconds(1);
  private static final LoopLocal<AtomicReference<@Nullable Epollo>> OWNER = new LoopLocal<>(
      _ -> new AtomicReference<>());

  /*
   *   OPEN    -> CLOSING // close: tasks are cancelled, also those spawned from now on
   *   CLOSING -> CLOSED  // all tasks have ended, or the limit has passed; nothing can be spawned
   */
  private enum State {
    OPEN, CLOSING, CLOSED
  }

  private final EpolloOptions options;
  private final String name;
  private final Loop loop;
  private final @Nullable Thread caller; // the thread that runs the loop in call() and close(); null if the loop has its own
  private final Set<Task<?>> tasks = ConcurrentHashMap.newKeySet();
  private final AtomicLong spawned = new AtomicLong();
  private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);
  private final CountDownLatch closed = new CountDownLatch(1);

  private Epollo(EpolloOptions options, @Nullable Thread caller) {
    this.options = options;
    this.name = options.name() + "-" + RUNTIMES.incrementAndGet();
    this.caller = caller;
    try {
      this.loop = new Loop(name, options.kernel(), options.carrier(), t -> options.uncaught(null, t));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + name, e);
    }
    OWNER.get(loop).set(this);
  }

  /**
   * Runs {@code body} as a task on a loop of the calling thread, and returns when it has ended. Tasks that it leaves behind are cancelled, as by {@link
   * #close}.
   *
   * <p>Interrupting the calling thread has no effect; cancel the task instead.
   *
   * @throws RuntimeException what the body throws, as {@link Future#await} describes
   * @throws IllegalStateException inside a task, or on a virtual thread
   * @throws UncheckedIOException if the kernel refuses an epoll instance, an eventfd or a timerfd
   */
  public static void run(Body body) {
    run(EpolloOptions.defaults(), body);
  }

  /** As {@link #run(Body)}, and returns what the body returns. */
  public static <T extends @Nullable Object> T run(Callable<T> body) {
    return run(EpolloOptions.defaults(), body);
  }

  /** As {@link #run(Body)}, with options. */
  public static void run(EpolloOptions options, Body body) {
    run(options, callable(body));
  }

  /** As {@link #run(Callable)}, with options. */
  public static <T extends @Nullable Object> T run(EpolloOptions options, Callable<T> body) {
    try (Epollo epollo = onCallingThread("Epollo.run", options)) {
      return epollo.call(body);
    }
  }

  /** Starts a loop on a daemon thread of its own. Close it to end it. */
  public static Epollo start() {
    return start(EpolloOptions.defaults());
  }

  /** As {@link #start()}, with options. */
  public static Epollo start(EpolloOptions options) {
    Epollo epollo = new Epollo(options, null);
    Thread.ofPlatform().daemon().name(epollo.name).inheritInheritableThreadLocals(false).start(epollo::runOwnThread);
    return epollo;
  }

  /**
   * Creates a loop on the calling thread whose tasks never run at the same time as one another, so that what they share needs no lock. It runs during
   * {@link #call(Callable)} and {@link #close}, which only this thread may call.
   *
   * @throws IllegalStateException if the JVM does not let the loop carry tasks (the message names the flag), inside a task, or on a virtual thread
   */
  public static Epollo local() {
    return local(EpolloOptions.defaults());
  }

  /** As {@link #local()}, with options; the choice of the carrier is always {@link CarrierChoice#LOOP}. */
  public static Epollo local(EpolloOptions options) {
    return onCallingThread("Epollo.local", options.withCarrier(CarrierChoice.LOOP));
  }

  private static Epollo onCallingThread(String method, EpolloOptions options) {
    Thread caller = Thread.currentThread();
    Loop loop = Loop.currentOrNull();
    if (loop != null) {
      throw new IllegalStateException("cannot call " + method + " inside " + loop
          + ", it would stop that loop: use Tasks.spawn(...).join(), or just call the code");
    }
    if (caller.isVirtual()) {
      throw new IllegalStateException(
          "cannot call " + method + " on " + caller + ": a loop needs a platform thread; use Epollo.start()");
    }
    return new Epollo(options, caller);
  }

  static Epollo current() {
    Epollo epollo = OWNER.get(Loop.current()).get();
    if (epollo == null) {
      throw new IllegalStateException(Loop.current() + " belongs to no runtime");
    }
    return epollo;
  }

  /**
   * Starts {@code body} as a task of this runtime.
   *
   * @throws IllegalStateException if the runtime is closed
   */
  public <T extends @Nullable Object> Task<T> spawn(Callable<T> body) {
    return start(new StraightTask<>(this, loop, nextName(), false, body));
  }

  /** As {@link #spawn(Callable)}, for a body without a result. */
  public Task<@Nullable Void> spawn(Body body) {
    return spawn(callable(body));
  }

  /** As {@link #spawn(Callable)}; the name appears in messages, thread dumps and debuggers. */
  public <T extends @Nullable Object> Task<T> spawn(String name, Callable<T> body) {
    return start(new StraightTask<>(this, loop, name, true, body));
  }

  /** As {@link #spawn(String, Callable)}, for a body without a result. */
  public Task<@Nullable Void> spawn(String name, Body body) {
    return spawn(name, callable(body));
  }

  /** Starts {@code future} as a task without a stack: the loop polls it, on its own thread, and owns it from here on. */
  public <T extends @Nullable Object> Task<T> spawn(Future<T> future) {
    return start(new PolledTask<>(this, loop, nextName(), future));
  }

  /**
   * Runs {@code body} as a task and waits for its result. A runtime on the calling thread runs its loop meanwhile, and only then.
   *
   * @throws RuntimeException what the body throws, as {@link Future#await} describes
   * @throws DeadlineExceededException if a deadline around the caller passed
   * @throws IllegalStateException if the runtime is closed, or belongs to another thread
   */
  public <T extends @Nullable Object> T call(Callable<T> body) {
    if (caller != null) {
      checkCaller("call");
    }
    StraightTask<T> task = new StraightTask<>(this, loop, nextName(), false, body);
    task.markAsked();
    start(task);
    if (caller != null) {
      try (Future<T> end = task.joinAsync()) {
        if (end.poll(this::wakeLoop) instanceof Poll.Pending) {
          loop.runUntil(task::isDone, Long.MAX_VALUE);
        }
      }
    }
    return task.join();
  }

  /** As {@link #call(Callable)}, for a body without a result. */
  public void call(Body body) {
    call(callable(body));
  }

  /** The loop of this runtime. */
  public Loop loop() {
    return loop;
  }

  private static Callable<@Nullable Void> callable(Body body) {
    Objects.requireNonNull(body, "body");
    return () -> {
      body.run();
      return null;
    };
  }

  private String nextName() {
    return Long.toString(spawned.incrementAndGet());
  }

  private <T extends Task<?>> T start(T task) {
    tasks.add(task);
    State s = state.get();
    if (s == State.CLOSED) {
      tasks.remove(task);
      throw new IllegalStateException("cannot spawn " + task + ": " + name + " is closed");
    }
    if (s == State.CLOSING) {
      task.requestCancel(); // it runs up to its first await, so that what it was handed is released
    }
    task.start();
    return task;
  }

  void ended(Task<?> task) {
    tasks.remove(task);
    if (state.get() != State.OPEN) {
      wakeLoop(); // it may be waiting for just this
    }
  }

  /** Makes the loop ask once more whether it is done. */
  private void wakeLoop() {
    if (!loop.isOnThread()) {
      loop.execute(() -> {});
    }
  }

  EpolloOptions options() {
    return options;
  }

  /** Throws if the caller is the thread that would have to run the loop for {@code task} to end, and is not running it. */
  void checkDriven(Task<?> task) {
    if (caller == Thread.currentThread() && Loop.currentOrNull() != loop) {
      throw new IllegalStateException("cannot wait for " + task + " here: this thread runs the loop of " + name
          + " only during call(...); wait inside its body");
    }
  }

  private void checkCaller(String method) {
    if (Thread.currentThread() != caller) {
      throw new IllegalStateException("cannot " + method + " on " + Thread.currentThread() + ": " + name
          + " belongs to " + caller + "; use spawn, or Epollo.start()");
    }
    if (Loop.currentOrNull() != null) {
      throw new IllegalStateException(
          "cannot " + method + " inside " + Loop.currentOrNull() + ", it would stop that loop");
    }
  }

  /**
   * Cancels the tasks that are left, waits for them to end, up to the limit that the options set, logs the names of those that did not, and closes the
   * loop and everything still registered with it. Idempotent; from several threads, all of them wait.
   *
   * <p>Called by a task of this runtime, it only begins the closing and returns: that task is cancelled like the others.
   */
  @Override
  public void close() {
    boolean first = state.compareAndSet(State.OPEN, State.CLOSING);
    if (Loop.currentOrNull() == loop) {
      if (first) {
        tasks.forEach(Task::requestCancel);
        wakeLoop(); // so that its owner sees the new state
      }
      return;
    }
    if (caller == Thread.currentThread()) {
      closeLoop();
    } else if (caller == null) {
      if (first) {
        wakeLoop();
      }
      awaitClosed();
    } else {
      checkCaller("close");
    }
  }

  private void runOwnThread() {
    loop.runUntil(() -> state.get() != State.OPEN, Long.MAX_VALUE);
    closeLoop();
  }

  /** On the loop's thread, while the loop does not run. */
  private void closeLoop() {
    if (state.get() == State.CLOSED) {
      return;
    }
    state.set(State.CLOSING);
    tasks.forEach(Task::requestCancel);
    loop.runUntil(tasks::isEmpty, deadline(options.closeTimeout()));
    state.set(State.CLOSED);
    if (!tasks.isEmpty()) {
      LOG.log(Level.WARNING, () -> name + " closed, but " + tasks.size() + " of its tasks did not end within "
          + options.closeTimeout() + ": " + describe());
    }
    loop.close();
    closed.countDown();
  }

  private long deadline(Duration limit) {
    long nanos = limit.compareTo(Duration.ofNanos(Long.MAX_VALUE)) >= 0 ? Long.MAX_VALUE : limit.toNanos();
    long deadline = loop.now() + nanos;
    return nanos == Long.MAX_VALUE ? Long.MAX_VALUE : deadline;
  }

  private void awaitClosed() {
    Duration limit = options.closeTimeout().plus(GRACE);
    boolean interrupted = false;
    try {
      long end = loop.now() + TimeUnit.NANOSECONDS.convert(limit);
      while (true) {
        try {
          if (!closed.await(end - loop.now(), TimeUnit.NANOSECONDS)) {
            LOG.log(Level.WARNING, () -> name + " could not be closed within " + limit
                + ": something holds its loop's thread; its tasks: " + describe());
          }
          return;
        } catch (InterruptedException e) {
          interrupted = true; // closing goes on; whoever interrupted learns of it afterwards
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private String describe() {
    return tasks.stream().limit(20).map(Epollo::describe).collect(Collectors.joining(", "));
  }

  private static String describe(Task<?> task) {
    String awaited = task.awaited();
    return task + (awaited == null ? " (not waiting)" : " (waiting for " + awaited + ")");
  }

  @Override
  public String toString() {
    return name + " (" + state.get() + ", " + tasks.size() + " tasks)";
  }
}
