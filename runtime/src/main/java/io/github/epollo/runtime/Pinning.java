package io.github.epollo.runtime;

import io.github.epollo.runtime.kernel.CpuSet;
import io.github.epollo.runtime.kernel.Kernel;
import io.github.epollo.runtime.loop.Loop;
import java.io.IOException;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * Confines the thread of each loop to a processor of its own, where the options say so. What the machine refuses is logged, and the runtime goes on without.
 *
 * <p><b>Threading:</b> each method changes the thread that calls it.
 */
final class Pinning {
  private static final System.Logger LOG = System.getLogger("io.github.epollo");

  private final Kernel kernel;
  private final @Nullable CpuSet all; // null: no thread is confined

  Pinning(EpolloOptions options) {
    this.kernel = options.kernel();
    this.all = options.pinsLoops() ? find(kernel) : null;
  }

  private static @Nullable CpuSet find(Kernel kernel) {
    try {
      return CpuSet.ofProcess(kernel);
    } catch (IOException e) {
      warn(e);
      return null;
    }
  }

  /** Confines the calling thread, which runs {@code loop}. */
  void pin(Loop loop) {
    if (all != null) {
      confine(all.one(loop.index()));
    }
  }

  /** Lets the calling thread run on all processors of the process: it may have been started by a loop's thread, and has inherited that one's. */
  void unpin() {
    if (all != null) {
      confine(all);
    }
  }

  private void confine(CpuSet processors) {
    try {
      processors.confine(kernel);
    } catch (IOException e) {
      warn(e);
    }
  }

  private static void warn(IOException e) {
    LOG.log(Level.WARNING, "cannot pin loops to processors, and goes on without: " + e.getMessage());
  }
}
