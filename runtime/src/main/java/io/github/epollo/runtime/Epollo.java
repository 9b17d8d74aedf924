package io.github.epollo.runtime;

import io.github.epollo.runtime.driver.LeakTracker;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.loop.CarrierChoice;
import io.github.epollo.runtime.loop.Loop;
import io.github.epollo.runtime.loop.LoopGroup;
import io.github.epollo.runtime.loop.LoopInsight;
import io.github.epollo.runtime.loop.LoopLocal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
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
  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long FOLLOWER_GRACE_NANOS = GRACE_NANOS / 2;
  private static final LoopLocal<AtomicReference<@Nullable Epollo>> OWNER = new LoopLocal<>(
      _ -> new AtomicReference<>());

  /*
   *   OPEN    -> CLOSING // close: tasks are cancelled, and only they may spawn others, which are cancelled, too
   *   CLOSING -> CLOSED  // all tasks have ended, or the limit has passed; nothing can be spawned
   */
  private enum State {
    OPEN, CLOSING, CLOSED
  }

  private final EpolloOptions options;
  private final String name;
  private final LoopGroup loops;
  private final Loop loop; // the first, whose thread also ends the others
  private final Pinning pinning;
  private final Followers followers;
  private final Placement placement;
  private final @Nullable Thread caller; // the thread that runs the first loop in call() and close(); null if that has its own
  private final TaskSet tasks = new TaskSet();
  private final AtomicInteger alive = new AtomicInteger(); // how many tasks there are
  private final BlockingPool blocking;
  private final ThreadGroups moreThreads;
  private final AtomicLong spawned = new AtomicLong();
  private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);
  private final CountDownLatch closed = new CountDownLatch(1);
  private boolean loopFailed; // loop's thread

  private Epollo(EpolloOptions options, @Nullable Thread caller) {
    this.options = options;
    String given = options.name();
    this.name = given != null ? given : "epollo-" + RUNTIMES.incrementAndGet();
    this.caller = caller;
    try {
      this.loops = LoopGroup.create(options.loops(), name, options.kernel(), options.carrier(), options.readyOrder(),
          options::chance, t -> options.uncaught(null, t), insight());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + name, e);
    }
    this.loop = loops.first();
    this.pinning = new Pinning(options);
    this.followers = new Followers(loops.loops().subList(1, loops.size()), pinning, this::followerFailed);
    this.placement = new Placement(loops);
    this.blocking = new BlockingPool(name, options, pinning);
    this.moreThreads = new ThreadGroups(options.blockingKeepAlive(), pinning);
    loops.loops().forEach(l -> OWNER.get(l).set(this));
    Runtimes.add(this);
    FlightRecording.runtimeStarts();
  }

  private LoopInsight insight() {
    int every = options.leakTracking();
    return new LoopInsight(TimeUnit.NANOSECONDS.convert(options.watchdogLimit()),
        options.watchdog() == null ? null : this::tellOfHeld, options.hasHistograms(),
        every == 0 ? null : new LeakTracker(name, every));
  }

  /**
   * Runs {@code body} as a task on a loop of the calling thread, and returns when it has ended. Tasks that it leaves behind are cancelled, as by {@link
   * #close}.
   *
   * <p>Interrupting the calling thread has no effect; cancel the task instead.
   *
   * @throws RuntimeException what the body throws, as {@link Future#await} describes
   * @throws IllegalStateException inside a task, or on a virtual thread
   * @throws UncheckedIOException if the kernel refuses an epoll instance or an eventfd
   * @throws io.github.epollo.runtime.kernel.UnsupportedPlatformException on anything but Linux, or where native code cannot be loaded
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
    epollo.startThreads(() -> Thread.ofPlatform().daemon().name(epollo.loop.toString())
        .inheritInheritableThreadLocals(false).start(epollo::runOwnThread));
    return epollo;
  }

  /** Begins a runtime with one loop for each processor, or as many as it is told. */
  public static EpolloBuilder builder() {
    return new EpolloBuilder();
  }

  private void startThreads(Runnable first) {
    boolean started = false;
    try {
      followers.start();
      loops.startWatch();
      first.run();
      started = true;
    } finally {
      if (!started) { // the machine has no thread left
        loops.endWatch();
        List<Loop> _ = followers.stop(Long.MAX_VALUE);
        loop.close();
      }
    }
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

  /**
   * As {@link #local()}, with options; the choice of the carrier is always {@link CarrierChoice#LOOP}.
   *
   * @throws IllegalArgumentException if the options ask for several loops
   */
  public static Epollo local(EpolloOptions options) {
    if (options.loops() > 1) {
      throw new IllegalArgumentException("cannot run " + options.loops()
          + " loops in a runtime whose tasks never run at the same time: give it one, or use Epollo.start(...)");
    }
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
    Epollo epollo = new Epollo(options, caller);
    epollo.startThreads(() -> {});
    return epollo;
  }

  /**
   * Returns the runtime of the loop that the caller runs on.
   *
   * @throws IllegalStateException outside any runtime
   */
  public static Epollo current() {
    Epollo epollo = OWNER.get(Loop.current()).get();
    if (epollo == null) {
      throw new IllegalStateException(Loop.current() + " belongs to no runtime");
    }
    return epollo;
  }

  /**
   * Starts {@code body} as a task of this runtime: on the loop that runs the caller, or else on the one with the fewest tasks. Another loop that has nothing to do may run it for a while, but it
   * belongs to that loop ({@link Task#loop}) for good.
   *
   * @throws IllegalStateException if the runtime is closed, or closing and the caller is none of its tasks
   */
  public <T extends @Nullable Object> Task<T> spawn(Callable<T> body) {
    return start(new StraightTask<>(this, loopOfNew(), false, null, body));
  }

  /** As {@link #spawn(Callable)}, for a body without a result. */
  public Task<@Nullable Void> spawn(Body body) {
    return spawn(callable(body));
  }

  /** As {@link #spawn(Callable)}; the name appears in messages, thread dumps and debuggers. */
  public <T extends @Nullable Object> Task<T> spawn(String name, Callable<T> body) {
    return start(new StraightTask<>(this, loopOfNew(), false, Objects.requireNonNull(name, "name"), body));
  }

  /** As {@link #spawn(String, Callable)}, for a body without a result. */
  public Task<@Nullable Void> spawn(String name, Body body) {
    return spawn(name, callable(body));
  }

  /** As {@link #spawn(Callable)}, for a task without a stack: a loop polls {@code future}, on its own thread, and the task owns it from here on. */
  public <T extends @Nullable Object> Task<T> spawn(Future<T> future) {
    return start(new PolledTask<>(this, loopOfNew(), false, future));
  }

  /**
   * Starts {@code body} as a task that runs on {@code loop} and on no other, such as one that serves what was opened there.
   *
   * @throws IllegalArgumentException if {@code loop} belongs to another runtime
   * @throws IllegalStateException if the runtime is closed, or closing and the caller is none of its tasks
   */
  public <T extends @Nullable Object> Task<T> spawnOn(Loop loop, Callable<T> body) {
    return start(new StraightTask<>(this, own(loop), true, null, body));
  }

  /** As {@link #spawnOn(Loop, Callable)}, for a body without a result. */
  public Task<@Nullable Void> spawnOn(Loop loop, Body body) {
    return spawnOn(loop, callable(body));
  }

  /** As {@link #spawnOn(Loop, Callable)}; the name appears in messages, thread dumps and debuggers. */
  public <T extends @Nullable Object> Task<T> spawnOn(Loop loop, String name, Callable<T> body) {
    return start(new StraightTask<>(this, own(loop), true, Objects.requireNonNull(name, "name"), body));
  }

  /** As {@link #spawnOn(Loop, String, Callable)}, for a body without a result. */
  public Task<@Nullable Void> spawnOn(Loop loop, String name, Body body) {
    return spawnOn(loop, name, callable(body));
  }

  /** As {@link #spawnOn(Loop, Callable)}, for a task without a stack: {@code loop} alone polls it. */
  public <T extends @Nullable Object> Task<T> spawnOn(Loop loop, Future<T> future) {
    return start(new PolledTask<>(this, own(loop), true, future));
  }

  private Loop own(Loop loop) {
    if (!loops.contains(loop)) {
      throw new IllegalArgumentException(
          "cannot spawn on " + loop + ": it is no loop of " + name + "; take one of loops()");
    }
    return loop;
  }

  /**
   * Runs {@code body} as a task and waits for its result. A runtime on the calling thread runs its loop meanwhile, and only then.
   *
   * <p><b>Cancellation:</b> if the caller is cancelled while it waits, the body is cancelled, too.
   *
   * @throws RuntimeException what the body throws, as {@link Future#await} describes
   * @throws DeadlineExceededException if a deadline around the caller passed
   * @throws IllegalStateException if the runtime is closed, or belongs to another thread
   */
  public <T extends @Nullable Object> T call(Callable<T> body) {
    if (caller != null) {
      checkCaller("call");
    }
    StraightTask<T> task = new StraightTask<>(this, caller != null ? loop : loopOfNew(), false, null, body);
    task.markAsked();
    start(task);
    if (caller != null) {
      boolean done = false;
      try {
        if (task.poll(this::wakeLoop) instanceof Poll.Pending) {
          loop.runUntil(task::isDone, Long.MAX_VALUE);
        }
        done = true;
      } finally {
        loopFailed = !done;
      }
    }
    try {
      return task.join();
    } finally {
      task.close(); // if the caller was stopped while it waited
    }
  }

  /** As {@link #call(Callable)}, for a body without a result. */
  public void call(Body body) {
    call(callable(body));
  }

  /**
   * Makes a call that blocks, as {@link Tasks#blocking} does, on a thread of this runtime's pool, and waits for its result.
   *
   * <p><b>Cancellation:</b> as there.
   *
   * @throws RuntimeException what the body throws, as {@link Future#await} describes
   * @throws IllegalStateException if the runtime is closed
   */
  public <T extends @Nullable Object> T blocking(Callable<T> body) {
    BlockingJob<T> job = blocking.job(body);
    try {
      return job.await();
    } catch (RuntimeException e) {
      awaitEnd(job, e);
      throw e;
    }
  }

  /** Once the waiting was stopped: the body may use what the caller is about to release. */
  private static void awaitEnd(BlockingJob<?> job, RuntimeException reason) {
    boolean interrupted = false;
    try {
      while (!job.hasEnded()) {
        try {
          Tasks.shield(() -> {
            job.ended().await();
          });
        } catch (CancellationException e) {
          interrupted = true; // by Thread.interrupt, which no shield holds back: it must wait, too
        }
      }
    } catch (RuntimeException e) {
      Failures.suppress(reason, e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * The future twin of {@link #blocking}: nothing happens before the first poll.
   *
   * <p><b>Cancellation:</b> as {@link Tasks#blockingAsync} describes.
   */
  public <T extends @Nullable Object> Future<T> blockingAsync(Callable<T> body) {
    return blocking.job(body);
  }

  /**
   * Threads for blocking calls of one kind, apart from those of {@link #blocking}: for a module whose calls must not wait for the user's. They are daemons named after this runtime and the {@code
   * purpose}, made when needed and ended when idle or with the runtime, which waits for what they run, up to its limit. Where the user gave an executor for blocking calls, that is returned instead.
   *
   * <p><b>Threading:</b> the executor may be used from any thread, a loop's own one too. After the runtime has closed it throws {@link
   * java.util.concurrent.RejectedExecutionException}.
   *
   * @param max the most threads at a time
   * @throws IllegalArgumentException if {@code max} is not positive
   */
  public Executor blockingThreads(String purpose, int max) {
    if (max <= 0) {
      throw new IllegalArgumentException("cannot make blocking calls on " + max + " threads: give at least 1");
    }
    Executor given = options.blockingExecutor();
    return given != null ? ThreadGroups.guarded(given) : moreThreads.create(name + "-" + purpose, max);
  }

  /** The options of a module that the user gave by {@link EpolloOptions#with}, or null. */
  public <T> @Nullable T option(Class<T> type) {
    return options.module(type);
  }

  /** What the blocking calls of this runtime are doing. */
  public BlockingStats blockingStats() {
    return blocking.stats();
  }

  /** The loop of this runtime, the first if there are several. */
  public Loop loop() {
    return loop;
  }

  /** The loops of this runtime, by their index. */
  public List<Loop> loops() {
    return loops.loops();
  }

  /** The loop with the fewest tasks; how many those will be is anybody's guess. */
  public Loop leastLoadedLoop() {
    return placement.leastLoaded();
  }

  /** Where a task that the caller spawns is to start. */
  Loop loopOfNew() {
    return placement.ofNew();
  }

  /** Whether the caller runs on one of this runtime's loops, or belongs to one. */
  private boolean isInside() {
    return loops.contains(Loop.currentOrNull());
  }

  static Callable<@Nullable Void> callable(Body body) {
    Objects.requireNonNull(body, "body");
    return () -> {
      body.run();
      return null;
    };
  }

  long nextSerial() {
    return spawned.incrementAndGet();
  }

  private <T extends Task<?>> T start(T task) {
    return start(task, () -> false);
  }

  /** Takes {@code task} in, and makes it ready. Once it can be cancelled, and before it begins, {@code cancelled} is asked whether that is to be done. */
  <T extends Task<?>> T start(T task, BooleanSupplier cancelled) {
    checkAdmitted(task);
    alive.incrementAndGet();
    placement.began(task.loop);
    tasks.add(task);
    boolean started = false;
    try {
      // Again, now that close() sees the task: it is either refused here or waited for there.
      boolean asked = cancelled.getAsBoolean();
      if (checkAdmitted(task) == State.CLOSING || asked) {
        task.requestCancel(); // it runs up to its first await, so that what it was handed is released
      }
      task.markAdmitted();
      task.start();
      started = true;
    } finally {
      if (!started) {
        ended(task); // else close() would wait for it
      }
    }
    return task;
  }

  private State checkAdmitted(Task<?> task) {
    State s = state.get();
    // Others that went on spawning could keep it from ever closing.
    if (s == State.CLOSED || (s == State.CLOSING && !isInside())) {
      throw new IllegalStateException(
          "cannot spawn " + task + ": " + name + (s == State.CLOSED ? " is closed" : " is closing"));
    }
    return s;
  }

  void ended(Task<?> task) {
    if (tasks.remove(task)) {
      placement.ended(task.loop);
      alive.decrementAndGet();
    }
    if (state.get() != State.OPEN) {
      wakeLoop(); // it may be waiting for just this
    }
  }

  /** Makes the first loop ask once more whether it is done. */
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
    if (caller == Thread.currentThread() && !isInside()) {
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
   * Cancels the tasks that are left, waits for them to end, interrupts the blocking calls that are left and waits for those, all of it up to the limit that the options set; logs the
   * names of those that did not end, and closes the loop and everything still registered with it. Idempotent; from several threads, all of them wait.
   *
   * <p>Called by a task of this runtime, it only begins the closing and returns: that task is cancelled like the others.
   */
  @Override
  public void close() {
    if (isInside()) {
      if (state.compareAndSet(State.OPEN, State.CLOSING)) {
        inOrder(tasks.snapshot()).forEach(Task::requestCancel);
        wakeLoop(); // so that its owner sees the new state
      }
    } else if (caller != null) {
      checkCaller("close"); // before the state changes: who may not close must not half close
      closeLoop();
    } else {
      if (state.compareAndSet(State.OPEN, State.CLOSING)) {
        wakeLoop();
      }
      awaitClosed();
    }
  }

  private void runOwnThread() {
    try {
      pinning.pin(loop);
      loop.runUntil(() -> state.get() != State.OPEN, Long.MAX_VALUE);
    } catch (Throwable t) {
      LOG.log(Level.ERROR, name + " has failed: its tasks are cancelled, and it is closed", t);
      state.set(State.CLOSING);
      loopFailed = true;
    }
    closeLoop();
  }

  private void followerFailed(Loop follower, Throwable failure) {
    LOG.log(Level.ERROR, follower + " has failed: the tasks of " + name + " are cancelled, and it is closed", failure);
    state.compareAndSet(State.OPEN, State.CLOSING);
    wakeLoop();
  }

  private boolean hasNoTasks() {
    return alive.get() == 0;
  }

  /** On the loop's thread, while the loop does not run. Whatever goes wrong, the loop is closed in the end and nobody waits for it in vain. */
  private void closeLoop() {
    if (state.get() == State.CLOSED) {
      return;
    }
    state.set(State.CLOSING);
    long end = deadline();
    try {
      inOrder(tasks.snapshot()).forEach(Task::requestCancel);
      if (!loopFailed) {
        loop.runUntil(this::hasNoTasks, end);
        state.set(State.CLOSED);
        loop.runUntil(this::hasNoTasks, end); // again, for a spawn that is just being refused
        warnOfTasksLeft();
      }
    } finally {
      state.set(State.CLOSED);
      try {
        blocking.close(end == Long.MAX_VALUE ? end : Math.max(0, end - loop.now()));
        stopFollowers(end);
        loop.close(); // what is still ready goes on elsewhere
        moreThreads.close(end == Long.MAX_VALUE ? end : Math.max(0, end - loop.now()));
      } finally {
        Runtimes.remove(this);
        closed.countDown();
      }
    }
  }

  private void stopFollowers(long end) {
    loops.endWatch();
    List<Loop> held = followers.stop(end == Long.MAX_VALUE ? end : Math.max(end, loop.now() + FOLLOWER_GRACE_NANOS));
    if (!held.isEmpty()) {
      LOG.log(Level.WARNING, () -> name + " closed, but something holds the threads of " + held);
    }
  }

  private void warnOfTasksLeft() {
    List<Task<?>> left = inOrder(tasks.snapshot()).stream().filter(Task::isAdmitted).toList();
    if (!left.isEmpty()) {
      LOG.log(Level.WARNING, () -> name + " closed, but " + left.size() + " of its tasks did not end within "
          + options.closeTimeout() + ": " + describe(left));
    }
  }

  private long deadline() {
    long nanos = TimeUnit.NANOSECONDS.convert(options.closeTimeout()); // Long.MAX_VALUE if it is longer than that
    return nanos == Long.MAX_VALUE ? Long.MAX_VALUE : loop.now() + nanos;
  }

  private void awaitClosed() {
    long limit = Math.min(TimeUnit.NANOSECONDS.convert(options.closeTimeout()), Long.MAX_VALUE - GRACE_NANOS)
        + GRACE_NANOS;
    boolean interrupted = false;
    try {
      long end = loop.now() + limit;
      while (true) {
        try {
          if (!closed.await(end - loop.now(), TimeUnit.NANOSECONDS)) {
            LOG.log(Level.WARNING, () -> name + " could not be closed within " + Duration.ofNanos(limit)
                + ": something holds its loop's thread; its tasks: " + describe(inOrder(tasks.snapshot())));
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

  /** Oldest first: what happens to tasks one after another is to be the same in each run. */
  private static List<Task<?>> inOrder(Collection<Task<?>> tasks) {
    return tasks.stream().sorted(Comparator.comparingLong(Task::serial)).toList();
  }

  /** {@link #taskDump} as text; the form may change. */
  public String dump() {
    return taskDump().toString();
  }

  /**
   * The tasks that have not ended: name, what each waits for, and its stack.
   *
   * <p><b>Threading:</b> from any thread, also while the loop is stuck.
   */
  public TaskDump taskDump() {
    return TaskDump.of(toString(), tasksInOrder());
  }

  /** Those that have not ended, oldest first. */
  List<Task<?>> tasksInOrder() {
    return inOrder(tasks.snapshot());
  }

  /** The runtimes of this process that are not closed, by their name: for a tool that looks at all of them, with {@link #taskDump} and {@link #metrics}. */
  public static List<Epollo> all() {
    return Runtimes.all();
  }

  /**
   * What the runtime has done and has to do. It is counted in any case, so that asking costs only the caller, who looks at all registrations.
   *
   * <p><b>Threading:</b> from any thread, also while the loop is stuck.
   */
  public RuntimeMetrics metrics() {
    return new RuntimeMetrics(name, alive.get(), spawned.get(), blocking.stats(),
        loops.loops().stream().map(Loop::metrics).toList());
  }

  String name() {
    return name;
  }

  private void tellOfHeld(Loop held, long nanos) {
    Consumer<HeldLoop> watchdog = options.watchdog();
    Task<?> holder = null;
    Thread where = held.thread(); // a task on it has a stack of its own
    for (Task<?> task : tasks.snapshot()) {
      Thread thread = task.thread();
      if (thread != null && held.runs(thread)) {
        holder = task;
        where = thread;
      }
    }
    if (watchdog != null) {
      HeldLoop report = new HeldLoop(held, Duration.ofNanos(nanos), holder,
          where == null ? List.of() : List.of(where.getStackTrace()));
      FlightRecording.loopIsHeld(report);
      watchdog.accept(report);
    }
  }

  private static String describe(Collection<Task<?>> tasks) {
    return tasks.stream().limit(20).map(Epollo::describe).collect(Collectors.joining(", "));
  }

  private static String describe(Task<?> task) {
    String awaited = TaskDump.awaited(task);
    return task + (awaited == null ? " (not waiting)" : " (waiting for " + awaited + ")");
  }

  @Override
  public String toString() {
    return name + " (" + state.get() + ", " + tasks.size() + " tasks)";
  }
}
