package io.github.epollo.runtime;

import io.github.epollo.runtime.loop.Loop;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
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
  private final Pinning pinning;
  private final AtomicInteger made = new AtomicInteger();
  private final AtomicInteger threads = new AtomicInteger();
  private final AtomicInteger queued = new AtomicInteger();
  private final Set<BlockingJob<?>> active = ConcurrentHashMap.newKeySet(); // touched by threads that may block only
  private final @Nullable ThreadPoolExecutor own;
  private final Executor executor;
  private volatile boolean closed;

  BlockingPool(String name, EpolloOptions options, Pinning pinning) {
    this.name = name;
    this.pinning = pinning;
    this.options = options;
    Executor given = options.blockingExecutor();
    this.own = given == null ? create() : null;
    this.executor = given != null ? given : this::executeOnOwn;
  }

  private ThreadPoolExecutor create() {
    int max = options.blockingThreads();
    ThreadPoolExecutor pool = new ThreadPoolExecutor(max, max, options.blockingKeepAlive().toNanos(),
        TimeUnit.NANOSECONDS, new LinkedBlockingQueue<>(), this::newThread);
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  private Thread newThread(Runnable work) {
    return Thread.ofPlatform().daemon().name(name + "-blocking-" + made.incrementAndGet())
        .inheritInheritableThreadLocals(false).unstarted(() -> {
          threads.incrementAndGet();
          try {
            pinning.unpin();
            work.run();
          } finally {
            threads.decrementAndGet();
          }
        });
  }

  /** The executor locks. A loop's thread must not wait for a lock that one of its tasks waits for, too. */
  private void executeOnOwn(Runnable work) {
    ThreadPoolExecutor pool = own;
    if (pool == null) {
      throw new IllegalStateException("no pool");
    }
    if (Loop.currentOrNull() != null && !Thread.currentThread().isVirtual()) {
      Thread _ = Thread.startVirtualThread(() -> execute(pool, (Work) work));
    } else {
      pool.execute(work);
    }
  }

  <T extends @Nullable Object> BlockingJob<T> job(Callable<? extends T> body) {
    return new BlockingJob<>(this, body);
  }

  /** Has {@code job} run; or refuses it. */
  void submit(BlockingJob<?> job) {
    queued.incrementAndGet();
    execute(executor, new Work(job));
  }

  /** A submitted job waits for a thread no more: it has one, was refused, or nobody wants it. */
  void leftQueue() {
    queued.decrementAndGet();
  }

  private void execute(Executor target, Work work) {
    if (closed) {
      work.job.refuse(refusal(null));
      return;
    }
    try {
      target.execute(work);
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
    return new BlockingStats(threads.get(), active.size(), queued.get());
  }

  void report(Throwable failure) {
    options.uncaught(null, failure);
  }

  /** Cancels what waits, interrupts what runs, and waits up to {@code nanos} for it; names what is left then. On a thread that may block. */
  void close(long nanos) {
    closed = true;
    ThreadPoolExecutor pool = own;
    if (pool == null) {
      return; // what the user's executor runs is the user's to stop
    }
    for (Runnable waiting : pool.shutdownNow()) {
      ((Work) waiting).cancelled();
    }
    boolean interrupted = false;
    try {
      if (!pool.awaitTermination(nanos, TimeUnit.NANOSECONDS)) {
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
