package io.github.epollo.runtime;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** The threads for blocking calls that modules have asked for, which end with the runtime. Callable from any thread. */
final class ThreadGroups {
  private static final System.Logger LOG = System.getLogger("io.github.epollo");

  private final Duration keepAlive;
  private final Pinning pinning;
  private final List<Group> groups = new CopyOnWriteArrayList<>();
  private volatile boolean closed;

  ThreadGroups(Duration keepAlive, Pinning pinning) {
    this.keepAlive = keepAlive;
    this.pinning = pinning;
  }

  private record Group(String name, BlockingThreads threads) {}

  /** An executor that may be called on a loop's own thread. */
  private record Guarded(Executor target) implements Executor {
    @Override
    public void execute(Runnable work) {
      if (!BlockingThreads.mustNotCall(target)) {
        target.execute(work);
        return;
      }
      Thread _ = Thread.startVirtualThread(() -> {
        try {
          target.execute(work);
        } catch (RejectedExecutionException e) {
          work.run(); // the runtime has just closed: somebody must still do what was taken
        }
      });
    }
  }

  /** {@code executor}, fit for calls on a loop's own thread. */
  static Executor guarded(Executor executor) {
    return new Guarded(executor);
  }

  Executor create(String name, int max) {
    Group group = new Group(name, new BlockingThreads(name, max, keepAlive, pinning));
    groups.add(group);
    if (closed) {
      group.threads.shutdown(); // close() may not have seen it
    }
    return guarded(group.threads);
  }

  /** Takes no more work, and waits up to {@code nanos} for what was taken; names the threads that are left then. On a thread that may block. */
  void close(long nanos) {
    closed = true;
    groups.forEach(g -> g.threads.shutdown());
    boolean interrupted = false;
    for (Group group : groups) {
      try {
        if (!group.threads.awaitTermination(nanos)) {
          LOG.log(Level.WARNING,
              () -> group.name + ": " + group.threads.alive() + " calls did not end with the runtime");
        }
      } catch (InterruptedException e) {
        interrupted = true; // whoever wants it over at once gets that
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
