package io.github.epollo.runtime;

import io.github.epollo.runtime.loop.OffLoop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Daemon platform threads for calls that block: no more than so many, made when needed, ended when idle.
 *
 * <p><b>Threading:</b> any, but for {@link #mustNotCall}.
 */
final class BlockingThreads implements Executor {
  private final String name;
  private final Pinning pinning;
  private final AtomicInteger made = new AtomicInteger();
  private final AtomicInteger alive = new AtomicInteger();
  private final ThreadPoolExecutor pool;

  /** Threads named {@code name} and a number. */
  BlockingThreads(String name, int max, Duration keepAlive, Pinning pinning) {
    this.name = name;
    this.pinning = pinning;
    this.pool = new ThreadPoolExecutor(max, max, keepAlive.toNanos(), TimeUnit.NANOSECONDS,
        new LinkedBlockingQueue<>(), this::newThread);
    pool.allowCoreThreadTimeOut(true);
  }

  private Thread newThread(Runnable work) {
    return Thread.ofPlatform().daemon().name(name + "-" + made.incrementAndGet())
        .inheritInheritableThreadLocals(false).unstarted(() -> {
          alive.incrementAndGet();
          try {
            pinning.unpin(); // a thread inherits the processors of the one that makes it
            work.run();
          } finally {
            alive.decrementAndGet();
          }
        });
  }

  /**
   * Has {@code work} run.
   *
   * @throws java.util.concurrent.RejectedExecutionException after {@link #shutdown}
   */
  @Override
  public void execute(Runnable work) {
    pool.execute(work);
  }

  /** Whether the caller is a loop's own thread and {@code executor} has locks; see {@link OffLoop}. */
  static boolean mustNotCall(Executor executor) {
    return (executor instanceof BlockingThreads || executor instanceof ExecutorService) && OffLoop.isNeeded();
  }

  /** How many threads there are. */
  int alive() {
    return alive.get();
  }

  /** Takes no more work; what was taken is done. */
  void shutdown() {
    pool.shutdown();
  }

  /** Takes no more work, interrupts what runs, and hands back what has not begun. */
  List<Runnable> shutdownNow() {
    return pool.shutdownNow();
  }

  /** Waits up to {@code nanos} for the end; whether it came. On a thread that may block. */
  boolean awaitTermination(long nanos) throws InterruptedException {
    return pool.awaitTermination(nanos, TimeUnit.NANOSECONDS);
  }
}
