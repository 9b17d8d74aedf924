package io.github.epollo.fs.engine;

import io.github.epollo.fs.FileBackend;
import io.github.epollo.runtime.kernel.Errno;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads make the calls: a few, bounded, for nothing but files. Callable from any thread. */
final class PoolEngine implements FileEngine {
  private final Executor threads;
  private final AtomicInteger pending = new AtomicInteger();

  PoolEngine(Executor threads) {
    this.threads = threads;
  }

  @Override
  public void submit(FileCall call) {
    pending.incrementAndGet();
    try {
      threads.execute(() -> run(call));
    } catch (RejectedExecutionException e) {
      pending.decrementAndGet();
      call.complete(-Errno.ECANCELED); // the runtime is closed
    }
  }

  private void run(FileCall call) {
    try {
      call.run();
    } finally {
      pending.decrementAndGet();
    }
  }

  /** A call that waits for a thread is not made: {@link FileCall#run} looks. One that has begun cannot be stopped. */
  @Override
  public void cancel(FileCall call) {}

  @Override
  public int pending() {
    return pending.get();
  }

  @Override
  public FileBackend backend() {
    return FileBackend.POOL;
  }

  @Override
  public String toString() {
    return "threads for files";
  }
}
