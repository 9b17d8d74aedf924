package io.github.epollo.fs.engine;

import io.github.epollo.fs.FileBackend;
import io.github.epollo.runtime.kernel.Errno;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Threads make the calls: a few, bounded, for nothing but files. Callable from any thread. */
final class PoolEngine implements FileEngine {
  private final Executor threads;

  PoolEngine(Executor threads) {
    this.threads = threads;
  }

  @Override
  public void submit(FileCall call) {
    try {
      threads.execute(call::run);
    } catch (RejectedExecutionException e) {
      call.complete(-Errno.ECANCELED); // the runtime is closed
    }
  }

  /** A call that waits for a thread is not made: {@link FileCall#run} looks. One that has begun cannot be stopped. */
  @Override
  public void cancel(FileCall call) {}

  @Override
  public FileBackend backend() {
    return FileBackend.POOL;
  }

  @Override
  public String toString() {
    return "threads for files";
  }
}
