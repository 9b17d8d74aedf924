package io.github.epollo.runtime;

import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.loop.SleepProvider;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Ends a server in order: on SIGTERM or SIGINT it stops accepting, what is under way may come to its end within a limit, and what has not by then is cancelled. A second signal ends the JVM at once.
 *
 * {@snippet class="io.github.epollo.runtime.ShutdownSnippetsTest" region="server"}
 *
 * <p>The body is the server: it registers what is to be closed first, and returns when nothing is under way any more; a {@link TaskScope} around the requests sees to that. Call {@link #run} in
 * the body of {@link Epollo#run}, or in {@link Epollo#call} of a runtime that {@link Epollo#start()} returned.
 *
 * <p><b>Threading:</b> any.
 */
public final class GracefulShutdown {
  private static final System.Logger LOG = System.getLogger("io.github.epollo");
  private static final List<String> SIGNALS = List.of("TERM", "INT");
  private static final int EXIT_BY_SIGNAL = 128;

  private final Duration limit;
  private final Queue<AutoCloseable> hooks = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean signalled = new AtomicBoolean();
  private volatile boolean stopping; // written, then waker is read; the waiting task writes that first, and then reads this
  private volatile @Nullable Waker waker;
  private volatile boolean cutOff;

  private GracefulShutdown(Duration limit) {
    this.limit = limit;
  }

  /**
   * Runs {@code server} as a task and returns its result. On the first signal the {@linkplain #closeFirst hooks} run, and the server has {@code limit} to end; then it is cancelled and
   * waited for. On the second signal the JVM halts, with the exit code 128 + the number of the signal. Afterwards signals do what they did before.
   *
   * <p>Needs the module {@code epollo-timers}, and {@code jdk.unsupported}, which applications on the class path have.
   *
   * <p><b>Cancellation:</b> the server is cancelled and waited for.
   *
   * @return what the server returned, be it because of a signal or not
   * @throws RuntimeException what the server throws, as {@link Future#await} describes
   * @throws DeadlineExceededException if the server was cancelled because the limit had passed
   * @throws IllegalArgumentException if {@code limit} is negative
   * @throws IllegalStateException outside a task, or if the JVM lets nobody handle signals
   */
  public static <T extends @Nullable Object> T run(Duration limit, Server<T> server) {
    Objects.requireNonNull(server, "server");
    if (limit.isNegative()) {
      throw new IllegalArgumentException("negative limit: " + limit + "; use Duration.ZERO to cancel at once");
    }
    SleepProvider sleeps = SleepProvider.get(); // now, and not on the day of the signal
    GracefulShutdown shutdown = new GracefulShutdown(limit);
    try (TaskScope<T, List<T>> scope = TaskScope.open(ScopePolicy.<T>allSucceed(), o -> o.withName("of the server"));
        Signals _ = new Signals(SIGNALS, shutdown::signalled)) {
      Task<T> main = scope.spawn("server", () -> server.run(shutdown));
      scope.spawnBackground("graceful shutdown", () -> shutdown.endInOrder(main, sleeps));
      try {
        return scope.join().getFirst();
      } catch (RuntimeException e) {
        throw shutdown.cutOff ? shutdown.tooLate(e) : e;
      }
    }
  }

  private DeadlineExceededException tooLate(RuntimeException cause) {
    DeadlineExceededException e = new DeadlineExceededException(
        "deadline of " + limit + " for the shutdown passed, and the server was cancelled");
    e.initCause(cause);
    return e;
  }

  private void endInOrder(Task<?> main, SleepProvider sleeps) {
    Future<@Nullable Void> signal = Future.fromPoll(waker -> {
      this.waker = waker;
      return stopping ? Poll.ready(null) : Poll.pending();
    });
    signal.await();
    try (var closing = TaskScope.open(ScopePolicy.supervise())) {
      closing.spawn(this::runHooks); // the limit counts from here, also for hooks that wait
      sleeps.sleepAsync(limit).await();
      cutOff = true;
      main.close();
    }
  }

  private void runHooks() {
    for (AutoCloseable hook = hooks.poll(); hook != null; hook = hooks.poll()) {
      try {
        hook.close();
      } catch (Throwable e) { // the others are still to be closed
        LOG.log(Level.WARNING, "could not close " + hook + " for the shutdown", e);
      }
    }
  }

  /**
   * Has {@code hook} closed as soon as the shutdown begins, in the order of these calls: a listener, so that nobody new comes. If it has begun already, it is closed at once. What {@code
   * close} throws is logged.
   *
   * @return {@code hook}
   */
  public <C extends AutoCloseable> C closeFirst(C hook) {
    Objects.requireNonNull(hook, "hook");
    hooks.add(hook);
    if (stopping) {
      runHooks();
    }
    return hook;
  }

  /** Begins the shutdown as the first signal does. Does not wait; calling it again does nothing. */
  public void stop() {
    stopping = true;
    Waker waiting = waker;
    if (waiting != null) {
      waiting.wake();
    }
  }

  /** Whether the shutdown has begun: a reason not to keep an idle connection open. */
  public boolean isStopping() {
    return stopping;
  }

  private void signalled(int number) {
    if (signalled.getAndSet(true)) {
      Runtime.getRuntime().halt(EXIT_BY_SIGNAL + number);
    }
    stop();
  }

  /**
   * A server, as {@link GracefulShutdown} runs it.
   *
   * @param <T> the type of its result
   */
  @FunctionalInterface
  public interface Server<T extends @Nullable Object> {
    /**
     * Serves until nobody is left to be served.
     *
     * @throws Exception if it fails
     */
    T run(GracefulShutdown shutdown) throws Exception;
  }
}
