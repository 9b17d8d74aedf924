package io.github.epollo.fs.engine;

import io.github.epollo.fs.FileBackend;
import io.github.epollo.fs.FileOptions;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.loop.Loop;
import io.github.epollo.runtime.loop.OffLoop;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Which engine a loop gets: a ring where the options and the machine allow it, else threads. Callable from any thread. */
final class EngineChoice {
  private static final System.Logger LOG = System.getLogger("io.github.epollo.fs");
  private static final String REMEDY = "allow io_uring (the sysctl kernel.io_uring_disabled, the system-call filter of the container), or choose FileBackend.POOL";

  /** What was told last: with a loop for each core, or a runtime for each test, once is enough. */
  private static final AtomicReference<@Nullable String> TOLD = new AtomicReference<>();

  private EngineChoice() {}

  /**
   * Makes an engine for {@code loop}, which belongs to {@code epollo}. A {@link RingEngine} is not started yet.
   *
   * @throws IOException if the options force a ring, and there is none to be had
   */
  static FileEngine create(Epollo epollo, Loop loop) throws IOException {
    FileOptions given = epollo.option(FileOptions.class);
    FileOptions options = given == null ? FileOptions.defaults() : given;
    if (options.backend() == FileBackend.POOL) {
      return threads(epollo, options);
    }
    String reason;
    IOException cause;
    try {
      return RingEngine.open(loop, options, () -> threads(epollo, options));
    } catch (IOException e) {
      cause = e;
      reason = e.getMessage() + "; " + REMEDY;
    }
    if (options.backend() == FileBackend.RING) {
      throw new IOException("cannot make a ring for files on " + loop + ": " + reason, cause);
    }
    if (!loop.isClosed() && !reason.equals(TOLD.getAndSet(reason))) {
      OffLoop.run(() -> LOG.log(Level.INFO, "calls on files are made by threads, up to {0}, and not by io_uring: {1}",
          options.threads(), reason));
    }
    return threads(epollo, options);
  }

  private static FileEngine threads(Epollo epollo, FileOptions options) {
    return new PoolEngine(epollo.blockingThreads("files", options.threads()));
  }
}
