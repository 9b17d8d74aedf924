package io.github.epollo.testkit;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.future.Future;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A body that runs on another host of a simulation: {@link World#start}.
 *
 * <p><b>Threading:</b> for the code of the simulation, on any of its hosts.
 */
public final class HostRun {
  private final String address;
  private final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();
  private volatile @Nullable Epollo epollo;
  private volatile @Nullable Task<?> task;
  private volatile boolean cancelled; // while the body had not ended
  private volatile boolean over; // the body has ended
  private volatile boolean crashed;
  private volatile boolean asked; // somebody waits for it, or has

  HostRun(String address) {
    this.address = address;
  }

  /**
   * Waits until the body has ended, and its runtime with it.
   *
   * <p><b>Cancellation:</b> ends the waiting, not the body.
   *
   * @throws RuntimeException what the body threw, as {@link Future#await} describes
   */
  public void join() {
    joinAsync().await();
  }

  /** The future twin of {@link #join}. */
  public Future<@Nullable Void> joinAsync() {
    asked = true;
    return ended();
  }

  /** The end, for those who do not ask how it ended. */
  Future<@Nullable Void> ended() {
    return Future.fromCompletionStage(end.copy());
  }

  /** Whether a failure of the body would be news to everybody. */
  boolean isUnasked() {
    return !asked && !cancelled;
  }

  /** Cancels the body; {@link #join} then throws {@link CancellationException} unless the body says otherwise. */
  public void cancel() {
    if (!over) {
      cancelled = true;
    }
    Task<?> running = task;
    if (running != null) {
      running.close();
    }
  }

  /** The machine has crashed: what still runs here is seen by nobody. */
  void crash() {
    if (!hasEnded()) {
      crashed = true;
      cancel();
    }
  }

  boolean hasCrashed() {
    return crashed;
  }

  boolean isOn(String host) {
    return address.equals(host);
  }

  /** On the host's thread. */
  void run(Epollo epollo, io.github.epollo.runtime.Body body) {
    this.epollo = epollo;
    epollo.call(() -> {
      Task<?> main = epollo.spawn("main of " + address, () -> {
        try {
          body.run();
        } finally {
          over = true;
        }
      });
      task = main;
      if (cancelled) {
        main.close();
      }
      main.join();
    });
  }

  /** Makes a blocking call, as a task: a thread would run in parallel with the simulation, and time would pass it by. */
  void runBlocking(Runnable call) {
    Epollo running = epollo;
    if (running == null) {
      throw new IllegalStateException("cannot make a blocking call: " + this + " has not begun");
    }
    Task<?> _ = running.spawn("blocking call", call::run);
  }

  void end(@Nullable Throwable failure) {
    if (crashed) {
      end.completeExceptionally(new CancellationException("the host " + address + " has crashed"));
    } else if (failure == null) {
      end.complete(null);
    } else {
      end.completeExceptionally(failure);
    }
  }

  boolean hasEnded() {
    return end.isDone();
  }

  /** What its tasks are doing. */
  String dump() {
    Epollo running = epollo;
    return running == null || hasEnded() ? "" : "host " + address + ": " + running.dump();
  }

  @Override
  public String toString() {
    return "the run on host " + address;
  }
}
