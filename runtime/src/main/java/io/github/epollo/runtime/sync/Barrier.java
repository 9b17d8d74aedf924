package io.github.epollo.runtime.sync;

import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * A place where a number of parties wait for one another: when the last one arrives all go on, and the next round begins.
 *
 * {@snippet class="io.github.epollo.runtime.sync.SyncSnippetsTest" region="barrier"}
 *
 * <p>A party that gives up while it waits has not arrived: the round waits for another instead, and is not broken.
 *
 * <p><b>Threading:</b> any task, loop or plain thread. What a party did before it arrived has happened before the others go on.
 */
public final class Barrier {
  private static final Poll<Boolean> LEADER = Poll.ready(true);
  private static final Poll<Boolean> FOLLOWER = Poll.ready(false);

  private final int parties;
  private final SpinLock lock = new SpinLock();
  private Round round = new Round(); // under the lock

  /** Those who wait for the same last one; guarded by the lock. */
  private static final class Round {
    private final WaitQueue arrived = new WaitQueue();
    private boolean complete;
  }

  /**
   * Creates one for {@code parties}.
   *
   * @throws IllegalArgumentException if {@code parties} is less than 1
   */
  public Barrier(int parties) {
    if (parties < 1) {
      throw new IllegalArgumentException("a barrier cannot wait for " + parties + " parties: at least 1");
    }
    this.parties = parties;
  }

  /**
   * Arrives, and waits for the others.
   *
   * <p><b>Cancellation:</b> the caller has not arrived then, unless the round was complete already: the others go on as if the caller had gone on, too.
   *
   * @return true for one party of each round, the last to arrive: the leader
   * @throws CancellationException if the task was cancelled while it waited
   * @throws DeadlineExceededException if a deadline around the caller passed while it waited
   */
  public boolean arrive() {
    return arriveAsync().await();
  }

  /** The future twin of {@link #arrive}. It arrives with the first poll. */
  public Future<Boolean> arriveAsync() {
    return new Arrival();
  }

  /** How many go on together. */
  public int parties() {
    return parties;
  }

  /** How many have arrived and wait for the others. */
  public int waiting() {
    lock.lock();
    try {
      return round.arrived.size();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String toString() {
    return "a barrier where " + waiting() + " of " + parties + " have arrived";
  }

  private final class Arrival extends Waiter<Boolean> {
    private @Nullable Round joined; // under the lock

    @Override
    protected Poll<Boolean> advance(Waker waker) {
      if (!Awaiter.proceed(waker)) {
        return Poll.pending();
      }
      Round mine;
      boolean last = false;
      long end;
      lock.lock();
      try {
        if (joined == null) {
          last = round.arrived.size() == parties - 1;
          joined = join(last);
        }
        mine = joined;
        this.waker = waker;
        if (!mine.complete) {
          return Poll.pending();
        }
        end = mine.arrived.end();
      } finally {
        lock.unlock();
      }
      if (last) {
        Wakers.wakeAll(lock, mine.arrived, end);
      }
      return last ? LEADER : FOLLOWER;
    }

    private Round join(boolean last) {
      Round current = round;
      if (last) {
        round = new Round();
        current.complete = true;
      } else {
        current.arrived.add(this);
      }
      return current;
    }

    @Override
    protected void release() {
      lock.lock();
      try {
        if (joined != null) {
          boolean _ = joined.arrived.leave(this);
        }
      } finally {
        lock.unlock();
      }
    }

    @Override
    public String toString() {
      return "the others at " + Barrier.this;
    }
  }
}
