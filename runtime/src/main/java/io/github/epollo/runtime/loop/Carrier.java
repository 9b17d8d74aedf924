package io.github.epollo.runtime.loop;

/** How tasks get onto a thread. Room for the JDK's own scheduler interface, once it has one. */
interface Carrier {
  /**
   * A new, unstarted virtual thread that runs {@code body}.
   *
   * @param pinned whether it runs on no other loop, where loops carry tasks
   */
  Thread newThread(Runnable body, boolean pinned);

  /** Parks {@code current}, the calling thread of a task; false if it is pinned and parking it would stop the loop. */
  boolean park(Thread current, Object awaited);

  /** Whether tasks run on the loop's own thread, so that no two of them run at once. */
  boolean carriesOnLoop();
}
