package io.github.epollo.runtime;

import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A blocking call, as the future that its caller waits for and as the work of a pool's thread. */
final class BlockingJob<T extends @Nullable Object> extends AbstractFuture<T> implements Runnable {
  /*
   *   WAITING -> Thread        // run(), on the pool's thread
   *   WAITING -> ABANDONED     // closed before it began: it never does; final
   *   WAITING -> Poll          // refused; final
   *   Thread  -> Poll          // the outcome; final
   *   Thread  -> INTERRUPTING  // closed: the thread is about to be interrupted
   *   INTERRUPTING -> ABANDONED // it has been; run() waits for this, so that the interrupt never hits the thread's next job
   */
  private static final Object WAITING = "waiting for a thread";
  private static final Object INTERRUPTING = "interrupting";
  private static final Object ABANDONED = "abandoned";

  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(BlockingJob.class, "state", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final BlockingPool pool;
  private final Callable<? extends T> body;
  private boolean submitted; // the polling thread's, as is taken
  private boolean taken; // somebody has got the outcome

  private volatile Object state = WAITING;
  private volatile @Nullable Thread worker; // the thread that is in the body, also when nobody waits for it any more

  // Written before state or ended is read; the pool's thread writes those first, then reads these. All are volatile, so one of the two sees the other's write.
  private volatile @Nullable Waker waker;
  private volatile @Nullable Waker endWaker;
  private volatile boolean ended; // the pool's thread has left the body, or never gets there

  BlockingJob(BlockingPool pool, Callable<? extends T> body) {
    this.pool = pool;
    this.body = Objects.requireNonNull(body, "body");
  }

  @Override
  protected Poll<T> advance(Waker waker) {
    this.waker = waker;
    if (!submitted) {
      submitted = true;
      pool.submit(this);
    }
    return outcome();
  }

  @SuppressWarnings("unchecked") // no other poll is stored
  private Poll<T> outcome() {
    Object present = state;
    taken = present instanceof Poll<?>;
    return taken ? (Poll<T>) present : Poll.pending();
  }

  @Override
  protected void release() {
    waker = null;
    if (!submitted) {
      end();
    } else if (STATE.compareAndSet(this, WAITING, ABANDONED)) {
      pool.leftQueue();
      end();
    } else if (!taken) {
      abandon();
    }
  }

  /** Nobody waits for the outcome any more; interrupts the thread that works on it, or closes what it has made. */
  private void abandon() {
    if (state instanceof Thread thread && STATE.compareAndSet(this, thread, INTERRUPTING)) {
      try {
        thread.interrupt();
      } finally {
        state = ABANDONED;
      }
    } else if (state instanceof Poll.Ready<?>(AutoCloseable value)) {
      Thread _ = Thread.startVirtualThread(() -> close(value)); // it may block, and this may be a loop's thread
    }
  }

  /** The thread that is in the body, or null. */
  @Nullable
  Thread worker() {
    return worker;
  }

  /** Ends it before it has begun. */
  void refuse(Throwable reason) {
    if (STATE.compareAndSet(this, WAITING, Poll.failed(reason))) {
      pool.leftQueue();
      end();
    }
  }

  @Override
  public void run() {
    Thread thread = Thread.currentThread();
    if (!STATE.compareAndSet(this, WAITING, thread)) {
      return;
    }
    pool.leftQueue();
    worker = thread;
    Poll<T> result;
    try {
      result = Poll.ready(body.call());
    } catch (Throwable t) {
      result = Poll.failed(t);
    }
    if (!STATE.compareAndSet(this, thread, result)) {
      while (state == INTERRUPTING) {
        Thread.onSpinWait(); // the other thread is between two statements
      }
      boolean _ = Thread.interrupted();
      if (result instanceof Poll.Ready<T>(AutoCloseable value)) {
        close(value);
      }
    }
    worker = null;
    end();
  }

  private void close(AutoCloseable value) {
    try {
      value.close();
    } catch (Throwable t) {
      pool.report(t);
    }
  }

  private void end() {
    ended = true;
    wake(waker);
    wake(endWaker);
  }

  private void wake(@Nullable Waker waker) {
    if (waker != null) {
      try {
        waker.wake();
      } catch (Throwable t) {
        pool.report(t);
      }
    }
  }

  boolean hasEnded() {
    return ended;
  }

  /** Waits until no thread is in the body any more. */
  Future<@Nullable Void> ended() {
    return Future.fromPoll(waker -> {
      endWaker = waker;
      return ended ? Poll.ready(null) : Poll.pending();
    });
  }

  @Override
  public String toString() {
    return "a blocking call of " + body.getClass().getName();
  }
}
