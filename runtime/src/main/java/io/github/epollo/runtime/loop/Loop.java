package io.github.epollo.runtime.loop;

import io.github.epollo.runtime.driver.Driver;
import io.github.epollo.runtime.driver.Interest;
import io.github.epollo.runtime.driver.Registration;
import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Chance;
import io.github.epollo.runtime.kernel.Clocks;
import io.github.epollo.runtime.kernel.Kernel;
import io.github.epollo.runtime.kernel.RestartingKernel;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One thread that does everything: it runs tasks, waits for their I/O, and keeps their timers. Each turn:
 *
 * <ol>
 *   <li>take what other threads have submitted;
 *   <li>run what is ready, and what that makes ready, until nothing is left or the budget is spent; if nothing is, take work from a loop that has more than it can run;
 *   <li>call the wait hooks: timers that are due fire, and the next deadline is armed;
 *   <li>if work is left, look for events; if not, fall asleep: announce it, look for submissions once more, wait for events;
 *   <li>note all events in their registrations, then wake those who wait for them.
 * </ol>
 *
 * <p>The loop blocks in step 4 and nowhere else. Where tasks run elsewhere, steps 4 and 5 are shared with a {@link SidePoller}.
 *
 * <p><b>Threading:</b> {@link #runUntil} and {@link #close} are for the thread that owns the loop; every other method may be called from any thread.
 */
public final class Loop implements Executor, AutoCloseable {
  /** How much ready work runs before the loop looks for events again, if it takes no longer than {@link #READY_NANOS}. */
  static final int READY_BUDGET = 256;

  /** How long ready work runs before the loop looks for events again: as long as 256 pieces that do little, and few that compute. */
  private static final long READY_NANOS = 250_000;

  /** Pieces of ready work between two looks at the clock, and before the first. */
  private static final int PIECES_A_LOOK = 16;

  private static final long NANOS_PER_MILLI = 1_000_000;

  private static final VarHandle PROGRESS;

  static {
    try {
      PROGRESS = MethodHandles.lookup().findVarHandle(Loop.class, "progress", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final LoopGroup group;
  private final int index;
  private final String name;
  private final Kernel kernel;
  private final Driver driver;
  private final Driver own; // the same, if tasks run on the loop's thread
  private final Wakeup wakeup;
  private final ReadyQueue ready;
  private final boolean watched; // if there are others, and where somebody wants to know
  private final @Nullable Thief thief; // null if there are no others
  private final @Nullable LoopTimes times; // null if nobody wants to know
  private final SlowTurns slow;
  private final Carrier carrier;
  private final @Nullable SidePoller side; // null if tasks run on the loop's thread
  private final Chance chance;
  private final Consumer<Throwable> failures;
  private final LoopAwaiter awaiter = new LoopAwaiter(this);
  private final Map<LoopLocal<?>, Object> locals = new ConcurrentHashMap<>();
  private final Map<String, LongSupplier> gauges = new ConcurrentSkipListMap<>();
  private final AtomicBoolean forwarding = new AtomicBoolean();

  private final AtomicReference<WaitHook[]> hooks = new AtomicReference<>(new WaitHook[0]);
  private volatile @Nullable Thread thread;
  private volatile boolean running; // written by the loop's thread
  private volatile boolean ended;
  private volatile boolean held; // written by the watch
  private @Nullable Runnable current; // loop's thread: the work that runs
  private long turns; // loop's thread, as the next three; read elsewhere as a statistic
  private long waits;
  private long runs;
  private long steals;

  private long progress; // written by the loop's thread through PROGRESS

  /**
   * Creates a loop without others; it runs once a thread calls {@link #runUntil}.
   *
   * @param name for messages and the names of threads
   * @param order which ready work runs next
   * @param chance what decides the choices of the code on this loop
   * @param failures is told what work and wakers throw; must not throw itself
   * @throws IOException if the kernel refuses an epoll instance or an eventfd
   * @throws IllegalStateException if the carrier asked for cannot be had in this JVM
   */
  public Loop(String name, Kernel kernel, CarrierChoice choice, ReadyOrder order, Chance chance,
      Consumer<Throwable> failures)
      throws IOException {
    this(LoopGroup.ofOne(), 0, name, kernel, choice, order, chance, failures);
    group.setOnly(this);
  }

  /** As the public constructor, for the loop with {@code index} in {@code group}. */
  Loop(LoopGroup group, int index, String name, Kernel kernel, CarrierChoice choice, ReadyOrder order, Chance chance,
      Consumer<Throwable> failures) throws IOException {
    this.group = group;
    this.index = index;
    this.name = name;
    this.kernel = new RestartingKernel(kernel);
    this.ready = new ReadyQueue(order, group.size() > 1);
    this.watched = group.isWatched();
    this.thief = group.size() > 1 ? new Thief(this, group) : null;
    this.times = group.measures() ? new LoopTimes(this::now) : null;
    this.slow = new SlowTurns(name);
    this.chance = chance;
    this.failures = failures;
    this.carrier = choice.create(this, this::executeMovable);
    this.driver = new Driver(this.kernel, failures, group.leaks());
    Driver own = driver;
    boolean done = false;
    try {
      if (carrier.carriesOnLoop()) {
        this.side = null;
      } else {
        own = new Driver(this.kernel, failures, group.leaks());
        this.side = new SidePoller(own, driver, name);
      }
      this.own = own;
      this.wakeup = new Wakeup(this.kernel);
      Registration _ = own.register(wakeup.fd(), Interest.READ); // closed with the driver
      done = true;
    } finally {
      if (!done) {
        driver.close();
        own.close();
      }
    }
  }

  /**
   * Returns the loop that the caller runs on, or belongs to: the thread-local driver of everything that it opens.
   *
   * @throws IllegalStateException outside any runtime
   */
  public static Loop current() {
    Loop loop = currentOrNull();
    if (loop == null) {
      throw new IllegalStateException("no Epollo runtime on " + Thread.currentThread()
          + ": call this from a task, started with Epollo.run(...) or with spawn(...) of a runtime that Epollo.start() returned");
    }
    return loop;
  }

  /** Returns the loop that the caller runs on or belongs to, or null outside any runtime. */
  public static @Nullable Loop currentOrNull() {
    return Awaiter.bound() instanceof LoopMember member ? member.loop() : null;
  }

  /** The loops of the runtime that this one belongs to. */
  public LoopGroup group() {
    return group;
  }

  /** The place of this loop among those of its runtime, from 0. */
  public int index() {
    return index;
  }

  /** This loop's driver, for whoever adds file descriptors that tasks wait for. Its wakers may be called on any thread. */
  public Driver driver() {
    return driver;
  }

  /** The driver of what is the loop's own business, as timers are: unless this loop is held and another looks for its events, it calls wakers on this loop's thread. The same as {@link #driver} where that runs the tasks as well. */
  public Driver ownDriver() {
    return own;
  }

  /** The kernel under this loop; it never answers EINTR. */
  public Kernel kernel() {
    return kernel;
  }

  Carrier carrier() {
    return carrier;
  }

  Chance chance() {
    return chance;
  }

  /** Whether tasks run on this loop's own thread, so that no two of them run at once. */
  public boolean carriesTasks() {
    return carrier.carriesOnLoop();
  }

  /** The thread that runs the loop; null before it has begun. For its stack, and for statistics. */
  public @Nullable Thread thread() {
    return thread;
  }

  /** Whether the caller runs on this loop's thread: as a task that the loop carries, or under the loop itself. */
  public boolean isOnThread() {
    return VirtualThreads.currentCarrier() == thread;
  }

  /** The time of CLOCK_MONOTONIC in nanoseconds. Only differences mean anything, and it may be negative. */
  public long now() {
    return kernel.clockGettime(Clocks.MONOTONIC);
  }

  /** How many turns the loop has made. */
  public long turns() {
    return turns;
  }

  /** How often the loop has taken work from another that had more than it could run. */
  public long steals() {
    return steals;
  }

  /** What the loop has done and has to do. Costs the loop nothing; looks at all registrations. */
  public LoopMetrics metrics() {
    SortedMap<String, Long> values = new TreeMap<>();
    gauges.forEach((gauge, value) -> values.put(gauge, value.getAsLong()));
    long polls = driver.polls() + (side == null ? 0 : side.polls());
    long events = driver.events() + (side == null ? 0 : side.events());
    int registrations = driver.registrations() + (side == null ? 0 : side.registrations());
    return new LoopMetrics(name, turns, polls, waits, wakeup.notifications(), events, runs, steals,
        ready.depth(), registrations, values, times == null ? null : times.turns(),
        times == null ? null : times.delays());
  }

  /** Makes what a module counts part of {@link #metrics}; {@code value} is asked on any thread, and must not block. Of the same name the last one counts. */
  public void addGauge(String name, LongSupplier value) {
    gauges.put(name, value);
  }

  /** Makes {@code hook} part of each turn. */
  public void addWaitHook(WaitHook hook) {
    WaitHook[] _ = hooks.updateAndGet(before -> {
      WaitHook[] more = Arrays.copyOf(before, before.length + 1);
      more[before.length] = hook;
      return more;
    });
  }

  @SuppressWarnings("unchecked") // a key's value has the key's type
  <T> T local(LoopLocal<T> key) {
    Object value = locals.get(key);
    return (T) (value != null ? value : locals.computeIfAbsent(key, k -> k.initial.apply(this)));
  }

  @SuppressWarnings("unchecked") // a key's value has the key's type
  <T> @Nullable T localIfPresent(LoopLocal<T> key) {
    return (T) locals.get(key);
  }

  /**
   * Makes {@code work} ready: it runs on the loop's thread, in this turn if the caller is on that thread and the turn's budget
   * lasts. It must not block. Takes no lock, and does not throw.
   *
   * <p>Once the loop has ended, the work runs on the JDK's common pool: a virtual thread that somebody started inside a task, with its own business, goes
   * on there.
   */
  @Override
  public void execute(Runnable work) {
    if (!ended && isOnThread()) {
      if (times != null) {
        times.isReady(work);
      }
      ready.addOwn(work);
      return;
    }
    ready.submit(work);
    wakeUp();
  }

  /** After something was submitted. */
  private void wakeUp() {
    if (ended) {
      forwardStrays();
      return;
    }
    try {
      boolean _ = wakeup.wake();
    } catch (RuntimeException e) {
      // The work is in the inbox. The caller may be a thread of the JDK that must not end by this.
      failures.accept(e);
    }
  }

  /** As {@link #execute}, for work that another loop of the group may run as well. */
  public void executeMovable(Runnable work) {
    if (!ended && isOnThread()) {
      if (times != null) {
        times.isReady(work);
      }
      ready.addMovable(work);
      if (thief != null) {
        callForHelp();
      }
      return;
    }
    if (thief == null || !staysElsewhere(work)) {
      ready.submitMovable(work);
      wakeUp();
    }
  }

  /** Work that another loop has taken goes on there if it only yields; and while this loop is held, all work does. */
  private boolean staysElsewhere(Runnable work) {
    Loop running = group.running();
    if (running == null || running == this || running.ended || (running.current != work && !held)) {
      return false;
    }
    running.adopt(work);
    return true;
  }

  private void callForHelp() {
    try {
      group.callForHelp(this);
    } catch (RuntimeException e) {
      failures.accept(e); // of an eventfd of another loop
    }
  }

  /**
   * Runs the loop on the calling thread until {@code done}, which is asked once a turn; whoever changes its answer from another thread must also
   * {@link #execute} something.
   *
   * @param deadline the time ({@link #now}) at which to stop in any case, or {@link Long#MAX_VALUE}
   * @throws IllegalStateException if the calling thread is virtual, or not the one that ran this loop before; if the loop is running or closed
   */
  public void runUntil(BooleanSupplier done, long deadline) {
    Thread current = Thread.currentThread();
    if (current.isVirtual()) {
      throw new IllegalStateException(
          "cannot run " + this + " on a virtual thread: it would block the JDK's carrier; use Epollo.start()");
    }
    if (ended || running) {
      throw new IllegalStateException("cannot run " + this + ": it " + (ended ? "is closed" : "is running already"));
    }
    if (thread != null && thread != current) {
      throw new IllegalStateException("cannot run " + this + " on " + current + ": it belongs to " + thread);
    }
    thread = current;
    running = true;
    try {
      awaiter.run(() -> {
        while (turn(done, deadline)) {
          turns++;
          PROGRESS.setOpaque(this, progress + 1); // pairs with progress()
        }
      });
    } finally {
      running = false;
    }
  }

  /** One turn; false if the loop is to stop. */
  private boolean turn(BooleanSupplier done, long deadline) {
    slow.turnBegins();
    if (times != null) {
      times.turnBegins();
    }
    ready.takeSubmissions(READY_BUDGET); // 1
    if (thief != null) {
      helpTheHeld(thief);
    }
    runReady(); // 2
    if (thief != null) {
      lookForWork(thief);
    }
    boolean idle = !ready.hasOwn();
    callHooks(idle); // 3
    if (times != null) {
      times.turnEnds();
    }
    slow.turnEnds();
    if (done.getAsBoolean()) {
      return false;
    }
    long left = deadline == Long.MAX_VALUE ? Long.MAX_VALUE : deadline - now();
    if (left <= 0) {
      return false;
    }
    if (ready.hasOwn()) { // 4 and 5
      poll(0);
    } else {
      sleep(left);
    }
    return true;
  }

  private void runReady() {
    long start = 0;
    for (int i = 0; i < READY_BUDGET; i++) {
      if (i % PIECES_A_LOOK == 0 && i > 0) {
        long now = now();
        if (i == PIECES_A_LOOK) {
          start = now;
        } else if (now - start > READY_NANOS) {
          return;
        }
      }
      Runnable work = ready.next();
      if (work == null) {
        return;
      }
      runs++;
      if (times != null) {
        times.runs(work);
      }
      awaiter.refillBudget();
      if (watched) {
        current = thief == null ? null : work;
        PROGRESS.setOpaque(this, progress + 1); // pairs with progress()
      }
      runGuarded(work);
    }
  }

  private void lookForWork(Thief thief) {
    current = null;
    boolean stole = !ready.hasOwn() && thief.steal() > 0;
    group.searchEnded();
    if (stole) {
      steals++;
      callForHelp(); // there may be enough for a third
    }
  }

  private void helpTheHeld(Thief thief) {
    Loop held = group.takeHeld(this);
    if (held != null) {
      try {
        thief.help(held);
      } catch (RuntimeException e) {
        failures.accept(e); // its eventfd cannot be written to: that is not the end of this loop
      }
    }
  }

  /** Takes work that another loop had ready. */
  void adopt(Runnable work) {
    ready.addMovable(work);
  }

  /** What other loops may take of this one's ready work; null if nothing moves. */
  @Nullable
  MovableWork movable() {
    return ready.movable();
  }

  /** Grows while the loop makes turns and runs work; from any thread. */
  long progress() {
    return (long) PROGRESS.getOpaque(this);
  }

  /** Tells what foreign code has thrown. */
  void report(Throwable failure) {
    failures.accept(failure);
  }

  /** Whether {@code task}, the thread of a task, is on this loop's thread right now; from any thread. */
  public boolean runs(Thread task) {
    Thread own = thread;
    return own != null && VirtualThreads.carrierOf(task) == own;
  }

  /** Says whether something holds this loop's thread; by the watch. */
  void setHeld(boolean held) {
    this.held = held;
  }

  /** Whether a thread runs the loop and does not wait for events. */
  boolean isBusy() {
    return running && wakeup.isAwake();
  }

  /** Ends the loop's wait, so that it looks around; false if it does not wait. */
  boolean callAwake() {
    return wakeup.wake();
  }

  /** See {@link Wakeup#passOn}. */
  void passWakeUpOn() {
    wakeup.passOn();
  }

  private void callHooks(boolean idle) {
    for (WaitHook hook : hooks.get()) {
      try {
        hook.beforeWait(idle);
      } catch (Throwable t) {
        failures.accept(t);
      }
    }
  }

  private void runGuarded(Runnable work) {
    try {
      work.run();
    } catch (Throwable t) {
      failures.accept(t);
    }
  }

  private void sleep(long left) {
    waits++;
    if (watched) {
      sleepWatched(left);
      return;
    }
    wakeup.fallAsleep();
    try {
      poll(ready.hasSubmissions() ? 0 : toMillisRoundedUp(left));
    } finally {
      wakeup.awake();
    }
  }

  private void poll(int timeoutMillis) {
    if (side == null) {
      driver.poll(timeoutMillis);
    } else {
      side.poll(timeoutMillis);
    }
  }

  private void sleepWatched(long left) {
    wakeup.fallAsleep();
    group.fallsAsleep();
    try {
      boolean isWork = ready.hasSubmissions() || (thief != null && thief.findsWork());
      poll(isWork ? 0 : toMillisRoundedUp(left));
    } finally {
      wakeup.awake();
      group.isAwake();
    }
  }

  /** For epoll_wait(2): never less than asked for, never so much that it overflows. */
  static int toMillisRoundedUp(long nanos) {
    if (nanos == Long.MAX_VALUE) {
      return -1;
    }
    long millis = nanos / NANOS_PER_MILLI + (nanos % NANOS_PER_MILLI > 0 ? 1 : 0);
    return (int) Math.min(millis, Integer.MAX_VALUE);
  }

  /** Whether the loop has ended: nothing can be registered with it any more. */
  public boolean isClosed() {
    return ended;
  }

  /**
   * Ends the loop: closes the {@link LoopLocal} values that can be closed, every registration, the epoll instance and the eventfd. Idempotent.
   *
   * @throws IllegalStateException while the loop runs
   */
  @Override
  public void close() {
    if (ended) {
      return;
    }
    if (running) {
      throw new IllegalStateException("cannot close " + this + " while it runs: close the runtime instead");
    }
    ended = true;
    forwardStrays();
    announceClose();
    locals.values().forEach(this::closeLocal);
    if (side != null) {
      side.close();
    }
    driver.close();
    own.close();
    wakeup.close();
  }

  private void announceClose() {
    for (WaitHook hook : hooks.get()) {
      try {
        hook.beforeClose();
      } catch (Throwable t) {
        failures.accept(t);
      }
    }
  }

  private void closeLocal(Object value) {
    if (value instanceof AutoCloseable closeable) {
      try {
        closeable.close();
      } catch (Throwable t) {
        failures.accept(t);
      }
    }
  }

  private void forwardStrays() {
    // The queue has one consumer at a time. Whoever comes while another forwards has already added its work, so the other looks again.
    while (ready.hasSubmissions() || ready.hasOwn()) {
      if (!forwarding.compareAndSet(false, true)) {
        return;
      }
      List<Runnable> strays = new ArrayList<>();
      ready.drainTo(strays);
      forwarding.set(false);
      strays.forEach(ForkJoinPool.commonPool()::execute);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
