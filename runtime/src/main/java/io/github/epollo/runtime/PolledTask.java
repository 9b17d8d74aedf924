package io.github.epollo.runtime;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.loop.Loop;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A task that is only a future: it has no stack, and a loop polls it whenever it was woken. */
final class PolledTask<T extends @Nullable Object> extends Task<T> implements Runnable, Waker {
  /*
   *   IDLE    -> READY   // wake: queued on the loop
   *   READY   -> POLLING // run, on a loop's thread
   *   POLLING -> IDLE    // pending
   *   POLLING -> WOKEN   // wake, during the poll
   *   WOKEN   -> READY   // pending, but queued again
   *   POLLING, WOKEN -> ENDED
   */
  private static final int IDLE = 0;
  private static final int READY = 1;
  private static final int POLLING = 2;
  private static final int WOKEN = 3;
  private static final int ENDED = 4;

  private final boolean pinned;
  private final Future<T> future;
  private final AtomicInteger state = new AtomicInteger(IDLE);
  private volatile boolean cancelRequested;

  PolledTask(Epollo epollo, Loop loop, boolean pinned, Future<T> future) {
    super(epollo, loop, null);
    this.pinned = pinned;
    this.future = Objects.requireNonNull(future, "future");
  }

  @Override
  void start() {
    wake();
  }

  @Override
  public void wake() {
    while (true) {
      int s = state.get();
      if (s == IDLE && state.compareAndSet(IDLE, READY)) {
        makeReady();
        return;
      }
      if (s != IDLE && (s != POLLING || state.compareAndSet(POLLING, WOKEN))) {
        return;
      }
    }
  }

  private void makeReady() {
    if (pinned) {
      loop.execute(this);
    } else {
      loop.executeMovable(this);
    }
  }

  @Override
  public void run() {
    state.set(POLLING);
    Poll<T> poll;
    if (cancelRequested) {
      closeFuture();
      poll = Poll.failed(new CancellationException(this + " was cancelled"));
    } else {
      poll = pollFuture();
    }
    if (!(poll instanceof Poll.Pending)) {
      state.set(ENDED);
      complete(poll);
    } else if (!state.compareAndSet(POLLING, IDLE)) {
      state.set(READY);
      makeReady();
    }
  }

  private Poll<T> pollFuture() {
    try {
      return Objects.requireNonNull(future.poll(this), "a future answered null instead of a Poll");
    } catch (Throwable t) {
      closeFuture();
      return Poll.failed(t);
    }
  }

  /** A future that breaks its contract and throws here must not keep the task from ending. */
  private void closeFuture() {
    try {
      future.close();
    } catch (Throwable t) {
      epollo.options().uncaught(this, t);
    }
  }

  @Override
  void requestCancel() {
    cancelRequested = true;
    wake();
  }

  @Override
  @Nullable
  Thread thread() {
    return null;
  }

  @Override
  String awaited() {
    return future.toString();
  }
}
