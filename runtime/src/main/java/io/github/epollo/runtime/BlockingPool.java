package io.github.epollo.runtime;

import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The platform threads on which a runtime makes blocking calls: no more than so many, made when needed, ended when idle. Or the executor that the user gave instead.
 *
 * <p><b>Threading:</b> any.
 */
final class BlockingPool {
  private static final System.Logger LOG = System.getLogger("io.github.epollo");

  private final String name;
  private final EpolloOptions options;
  private final AtomicInteger queued = new AtomicInteger();
  private final Set<BlockingJob<?>> active = ConcurrentHashMap.newKeySet(); // touched by threads that may block only
  private final @Nullable BlockingThreads own;
  private final Executor executor;
  private volatile boolean closed;

  BlockingPool(String name, EpolloOptions options, Pinning pinning) {
    this.name = name;
    this.options = options;
    Executor given = options.blockingExecutor();
    if (given == null) {
      BlockingThreads pool = new BlockingThreads(name + "-blocking", options.blockingThreads(),
          options.blockingKeepAlive(), pinning);
      this.own = pool;
      this.executor = pool;
    } else {
      this.own = null;
      this.executor = given;
    }
  }

  <T extends @Nullable Object> BlockingJob<T> job(Callable<? extends T> body) {
    return new BlockingJob<>(this, body);
  }

  /** Has {@code job} run; or refuses it. */
  void submit(BlockingJob<?> job) {
    queued.incrementAndGet();
    Work work = new Work(job);
    if (BlockingThreads.mustNotCall(executor)) {
      Thread _ = Thread.startVirtualThread(() -> execute(work));
    } else {
      execute(work);
    }
  }

  /** A submitted job waits for a thread no more: it has one, was refused, or nobody wants it. */
  void leftQueue() {
    queued.decrementAndGet();
  }

  private void execute(Work work) {
    if (closed) {
      work.job.refuse(refusal(null));
      return;
    }
    try {
      executor.execute(work);
    } catch (Throwable t) { // the machine may have no thread left
      work.job.refuse(closed ? refusal(t) : t);
    }
  }

  private IllegalStateException refusal(@Nullable Throwable cause) {
    return new IllegalStateException("cannot make a blocking call: " + name + " is closed", cause);
  }

  /** What a thread of the pool does. */
  private final class Work implements Runnable {
    final BlockingJob<?> job;

    Work(BlockingJob<?> job) {
      this.job = job;
    }

    @Override
    public void run() {
      active.add(job);
      try {
        if (closed) {
          cancelled();
        } else {
          job.run();
        }
      } finally {
        active.remove(job);
      }
    }

    void cancelled() {
      job.refuse(new CancellationException(name + " was closed before " + job + " had a thread"));
    }
  }

  BlockingStats stats() {
    BlockingThreads threads = own;
    return new BlockingStats(threads == null ? 0 : threads.alive(), active.size(), queued.get());
  }

  void report(Throwable failure) {
    options.uncaught(null, failure);
  }

  /** Cancels what waits, interrupts what runs, and waits up to {@code nanos} for it; names what is left then. On a thread that may block. */
  void close(long nanos) {
    closed = true;
    BlockingThreads pool = own;
    if (pool == null) {
      return; // what the user's executor runs is the user's to stop
    }
    for (Runnable waiting : pool.shutdownNow()) {
      ((Work) waiting).cancelled();
    }
    boolean interrupted = false;
    try {
      if (!pool.awaitTermination(nanos)) {
        warn();
      }
    } catch (InterruptedException e) {
      interrupted = true; // whoever wants it over at once gets that
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void warn() {
    List<Thread> left = active.stream().map(BlockingJob::worker).filter(Objects::nonNull).toList();
    if (!left.isEmpty()) {
      LOG.log(Level.WARNING, () -> name + " closed, but " + left.size() + " of its blocking calls did not end: "
          + left.stream().limit(20).map(BlockingPool::describe).collect(Collectors.joining(", ")));
    }
  }

  private static String describe(Thread thread) {
    StackTraceElement[] stack = thread.getStackTrace();
    return thread.getName() + (stack.length == 0 ? "" : " (at " + stack[0] + ")");
  }
}
