package io.github.epollo.runtime.loop;

/**
 * Keeps what takes locks of the JDK, such as loggers and pools, from a loop's own thread: a lock hands itself to whoever has waited longest, and if that is a task of the loop which waits for the same lock, neither goes on.
 */
public final class OffLoop {
  private OffLoop() {}

  /** Whether the caller is a loop's own thread, outside any task. */
  public static boolean isNeeded() {
    return Loop.currentOrNull() != null && !Thread.currentThread().isVirtual();
  }

  /** Runs {@code work}: on a thread of its own if the caller is a loop's, else here and now. */
  public static void run(Runnable work) {
    if (isNeeded()) {
      Thread _ = Thread.startVirtualThread(work);
    } else {
      work.run();
    }
  }
}
