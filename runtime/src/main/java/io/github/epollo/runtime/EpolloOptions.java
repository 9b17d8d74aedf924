package io.github.epollo.runtime;

import io.github.epollo.runtime.future.Chance;
import io.github.epollo.runtime.kernel.Kernel;
import io.github.epollo.runtime.kernel.LinuxKernel;
import io.github.epollo.runtime.loop.CarrierChoice;
import io.github.epollo.runtime.loop.OffLoop;
import io.github.epollo.runtime.loop.ReadyOrder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a runtime is set up. Immutable: each {@code with...} returns a changed copy. Begin with {@link #defaults()}.
 */
public final class EpolloOptions {
  private static final System.Logger LOG = System.getLogger("io.github.epollo");
  private static final int MAX_LOOPS = 1024;
  private static final EpolloOptions DEFAULTS = new EpolloOptions(null, CarrierChoice.AUTOMATIC,
      Duration.ofSeconds(5), EpolloOptions::log, LinuxKernel::get, ReadyOrder.ARRIVAL, null,
      new Loops(1, false, Duration.ZERO, null, false, 0),
      new Blocking(64, Duration.ofSeconds(10), null), Map.of());

  private final @Nullable String name;
  private final CarrierChoice carrier;
  private final Duration closeTimeout;
  private final BiConsumer<@Nullable Task<?>, Throwable> uncaughtHandler;
  private final Supplier<? extends Kernel> kernel;
  private final ReadyOrder readyOrder;
  private final @Nullable Long seed;
  private final Loops loops;
  private final Blocking blocking;
  private final Map<Class<?>, Object> modules;

  private record Loops(int count, boolean pinned, Duration limit, @Nullable Consumer<HeldLoop> watchdog,
      boolean histograms, int leaks) {}

  private record Blocking(int threads, Duration keepAlive, @Nullable Executor executor) {}

  private EpolloOptions(
      @Nullable String name,
      CarrierChoice carrier,
      Duration closeTimeout,
      BiConsumer<@Nullable Task<?>, Throwable> uncaughtHandler,
      Supplier<? extends Kernel> kernel,
      ReadyOrder readyOrder,
      @Nullable Long seed,
      Loops loops,
      Blocking blocking,
      Map<Class<?>, Object> modules) {
    this.name = name;
    this.carrier = carrier;
    this.closeTimeout = closeTimeout;
    this.uncaughtHandler = uncaughtHandler;
    this.kernel = kernel;
    this.readyOrder = readyOrder;
    this.seed = seed;
    this.loops = loops;
    this.blocking = blocking;
    this.modules = modules;
  }

  /** The options that {@link Epollo#run} uses when none are given. */
  public static EpolloOptions defaults() {
    return DEFAULTS;
  }

  /** The name in messages and in the names of threads, just as it is; by default "epollo-" and a number of the runtime's own. */
  public EpolloOptions withName(String name) {
    Objects.requireNonNull(name, "name");
    return new EpolloOptions(name, carrier, closeTimeout, uncaughtHandler, kernel, readyOrder, seed, loops, blocking,
        modules);
  }

  /** Where tasks run; by default on the loop's own thread if the JVM allows it. */
  public EpolloOptions withCarrier(CarrierChoice carrier) {
    Objects.requireNonNull(carrier, "carrier");
    return new EpolloOptions(name, carrier, closeTimeout, uncaughtHandler, kernel, readyOrder, seed, loops, blocking,
        modules);
  }

  /**
   * How long {@link Epollo#close} waits for tasks to end after it has cancelled them; 5 seconds by default.
   *
   * @throws IllegalArgumentException if negative
   */
  public EpolloOptions withCloseTimeout(Duration closeTimeout) {
    if (closeTimeout.isNegative()) {
      throw new IllegalArgumentException(
          "negative close timeout: " + closeTimeout + "; use Duration.ZERO not to wait at all");
    }
    return new EpolloOptions(name, carrier, closeTimeout, uncaughtHandler, kernel, readyOrder, seed, loops, blocking,
        modules);
  }

  /**
   * What is told a failure that nobody waits for: the task, or null if foreign code that a loop called threw it, and the failure. Called on the
   * thread where it happened; by default it logs a warning with the task's name.
   */
  public EpolloOptions withUncaughtHandler(BiConsumer<@Nullable Task<?>, Throwable> uncaughtHandler) {
    Objects.requireNonNull(uncaughtHandler, "uncaughtHandler");
    return new EpolloOptions(name, carrier, closeTimeout, uncaughtHandler, kernel, readyOrder, seed, loops, blocking,
        modules);
  }

  /** The kernel to call, instead of Linux: a simulated one, or one that counts calls. */
  public EpolloOptions withKernel(Kernel kernel) {
    Objects.requireNonNull(kernel, "kernel");
    return new EpolloOptions(name, carrier, closeTimeout, uncaughtHandler, () -> kernel, readyOrder, seed, loops,
        blocking, modules);
  }

  /** Which ready task runs next, instead of the one that has waited longest: for tests that draw the order from a seed. */
  public EpolloOptions withReadyOrder(ReadyOrder readyOrder) {
    Objects.requireNonNull(readyOrder, "readyOrder");
    return new EpolloOptions(name, carrier, closeTimeout, uncaughtHandler, kernel, readyOrder, seed, loops, blocking,
        modules);
  }

  /**
   * What the runtime's random choices are drawn from, by {@link Chance}: which of several futures a race looks at first, how long
   * a retry pauses. By default it is another for each runtime; a test gives one to see the same choices again.
   */
  public EpolloOptions withSeed(long seed) {
    return new EpolloOptions(name, carrier, closeTimeout, uncaughtHandler, kernel, readyOrder, seed, loops, blocking,
        modules);
  }

  /**
   * How many loops the runtime has, each with a thread, an epoll instance and timers of its own; 1 by default, and one for each processor with {@link Epollo#builder}. {@link
   * Epollo#local} always has one.
   *
   * @throws IllegalArgumentException if not from 1 to {@value #MAX_LOOPS}
   */
  public EpolloOptions withLoops(int count) {
    if (count < 1 || count > MAX_LOOPS) {
      throw new IllegalArgumentException(
          "cannot run " + count + " loops: give at least 1, and at most " + MAX_LOOPS
              + "; one for each processor is plenty");
    }
    return withLoops(
        new Loops(count, loops.pinned(), loops.limit(), loops.watchdog(), loops.histograms(), loops.leaks()));
  }

  /**
   * Whether each loop's thread is confined to a processor of its own, by their order among those that the process may use; off by default. If there are fewer of them than loops, some share one. The thread that calls {@link Epollo#run} is left
   * as it is. Threads of the JDK's that a task starts inherit the processor of its loop.
   */
  public EpolloOptions withPinnedLoops(boolean pinned) {
    return withLoops(
        new Loops(loops.count(), pinned, loops.limit(), loops.watchdog(), loops.histograms(), loops.leaks()));
  }

  /**
   * Logs a warning when a loop has run one and the same work for longer than {@code limit}, with the task and its stack; off by default. See {@link #withWatchdog(Duration, Consumer)}.
   *
   * @throws IllegalArgumentException if {@code limit} is not positive
   */
  public EpolloOptions withWatchdog(Duration limit) {
    return withWatchdog(limit, held -> LOG.log(System.Logger.Level.WARNING, held::toString));
  }

  /**
   * Tells {@code handler} when a loop has run one and the same work for longer than {@code limit}: once for each such work, on a thread that does nothing else and looks every 5 ms while something goes on.
   * What it throws goes to the uncaught-exception handler.
   *
   * @throws IllegalArgumentException if {@code limit} is not positive
   */
  public EpolloOptions withWatchdog(Duration limit, Consumer<HeldLoop> handler) {
    if (!limit.isPositive()) {
      throw new IllegalArgumentException(
          "watchdog's limit of " + limit + ": it must be longer than zero, such as Duration.ofMillis(100)");
    }
    Objects.requireNonNull(handler, "handler");
    return withLoops(new Loops(loops.count(), loops.pinned(), limit, handler, loops.histograms(), loops.leaks()));
  }

  /**
   * Whether the loops measure how long their turns take and how long ready work waits ({@link io.github.epollo.runtime.loop.LoopMetrics}); off by default. It costs two looks at the clock a turn, and two for each work that is sampled.
   */
  public EpolloOptions withHistograms(boolean histograms) {
    return withLoops(
        new Loops(loops.count(), loops.pinned(), loops.limit(), loops.watchdog(), histograms, loops.leaks()));
  }

  /**
   * Of how many sockets, files and other awaited descriptors one remembers where it was opened; 0, the default, if none does. Of those a warning with that place is logged when the object that was to close one
   * is lost without that, once the garbage collector has found out, and when one is still open as the runtime closes. 1 is for tests; each that is remembered keeps a stack trace.
   *
   * @throws IllegalArgumentException if negative
   */
  public EpolloOptions withLeakTracking(int every) {
    if (every < 0) {
      throw new IllegalArgumentException(
          "cannot track one of " + every + " descriptors: 1 tracks all, 100 one of a hundred, and 0 none");
    }
    return withLoops(
        new Loops(loops.count(), loops.pinned(), loops.limit(), loops.watchdog(), loops.histograms(), every));
  }

  private EpolloOptions withLoops(Loops changed) {
    return new EpolloOptions(name, carrier, closeTimeout, uncaughtHandler, kernel, readyOrder, seed, changed, blocking,
        modules);
  }

  /**
   * How many threads there may be at most for blocking calls ({@link Tasks#blocking}); 64 by default. Calls beyond that wait for a thread.
   *
   * @throws IllegalArgumentException if not positive
   */
  public EpolloOptions withBlockingThreads(int max) {
    if (max <= 0) {
      throw new IllegalArgumentException(
          "cannot make blocking calls on " + max
              + " threads: give at least 1; without such calls there are no threads anyway");
    }
    return withBlocking(new Blocking(max, blocking.keepAlive(), blocking.executor()));
  }

  /**
   * How long a thread for blocking calls is kept when there is nothing to do; 10 seconds by default.
   *
   * @throws IllegalArgumentException if not positive
   */
  public EpolloOptions withBlockingKeepAlive(Duration keepAlive) {
    if (!keepAlive.isPositive()) {
      throw new IllegalArgumentException("keep-alive of " + keepAlive + ": it must be longer than zero");
    }
    return withBlocking(new Blocking(blocking.threads(), keepAlive, blocking.executor()));
  }

  /**
   * What makes blocking calls, instead of threads of the runtime's own. It stays the caller's to shut down. It must not run the call in {@code execute}, nor drop what it has accepted. An {@link
   * java.util.concurrent.ExecutorService} may lock, as pools do, and is never asked by a loop's own thread; any other executor is, and must not wait.
   */
  public EpolloOptions withBlockingExecutor(Executor executor) {
    Objects.requireNonNull(executor, "executor");
    return withBlocking(new Blocking(blocking.threads(), blocking.keepAlive(), executor));
  }

  private EpolloOptions withBlocking(Blocking changed) {
    return new EpolloOptions(name, carrier, closeTimeout, uncaughtHandler, kernel, readyOrder, seed, loops, changed,
        modules);
  }

  /**
   * Options of a module that builds on the runtime, such as {@code FileOptions}; they replace those of the same type that were given before.
   *
   * @param type the class that the module asks for, by {@link Epollo#option}
   */
  public <T> EpolloOptions with(Class<T> type, T options) {
    Map<Class<?>, Object> changed = new HashMap<>(modules);
    changed.put(Objects.requireNonNull(type, "type"), Objects.requireNonNull(options, "options"));
    return new EpolloOptions(name, carrier, closeTimeout, uncaughtHandler, kernel, readyOrder, seed, loops,
        blocking, Map.copyOf(changed));
  }

  <T> @Nullable T module(Class<T> type) {
    return type.cast(modules.get(type));
  }

  int blockingThreads() {
    return blocking.threads();
  }

  Duration blockingKeepAlive() {
    return blocking.keepAlive();
  }

  @Nullable
  Executor blockingExecutor() {
    return blocking.executor();
  }

  /** The given name, or null. */
  @Nullable
  String name() {
    return name;
  }

  CarrierChoice carrier() {
    return carrier;
  }

  Duration closeTimeout() {
    return closeTimeout;
  }

  Kernel kernel() {
    return kernel.get();
  }

  ReadyOrder readyOrder() {
    return readyOrder;
  }

  int loops() {
    return loops.count();
  }

  Duration watchdogLimit() {
    return loops.limit();
  }

  /** Null if nobody wants to know. */
  @Nullable
  Consumer<HeldLoop> watchdog() {
    return loops.watchdog();
  }

  boolean hasHistograms() {
    return loops.histograms();
  }

  /** 0 if none is tracked. */
  int leakTracking() {
    return loops.leaks();
  }

  boolean pinsLoops() {
    return loops.pinned();
  }

  /** What the choices of the loop with {@code index} are drawn from. */
  Chance chance(int index) {
    return new Chance(seed != null ? seed + index : new Random().nextLong());
  }

  /** Tells the handler; what that throws is logged. Does not throw: a loop must not end by a report. */
  void uncaught(@Nullable Task<?> task, Throwable failure) {
    try {
      uncaughtHandler.accept(task, failure);
    } catch (Throwable t) {
      try {
        failure.addSuppressed(t);
        log(task, failure);
      } catch (Throwable unloggable) {
        System.err.println((name == null ? "epollo" : name) + ": " + failure + " could not be reported");
      }
    }
  }

  private static void log(@Nullable Task<?> task, Throwable failure) {
    OffLoop.run(() -> logHere(task, failure));
  }

  private static void logHere(@Nullable Task<?> task, Throwable failure) {
    LOG.log(System.Logger.Level.WARNING,
        task == null ? "a waker or submitted work failed" : task + " failed, and nobody waits for it", failure);
  }
}
