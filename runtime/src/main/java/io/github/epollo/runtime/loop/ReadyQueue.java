package io.github.epollo.runtime.loop;

import java.util.Collection;
import java.util.Queue;
import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * What is ready to run on a loop: its own work in order of arrival, and an inbox for what other threads submit. Where there are several loops, work that may move to another stands in a second pair, and the two take turns.
 */
final class ReadyQueue {
  private static final int INBOX_CHUNK = 256;

  private final WorkRing own = new WorkRing(); // loop's thread
  private final Queue<Runnable> inbox = new MpscUnboundedVarHandleArrayQueue<>(INBOX_CHUNK);
  private final @Nullable MovableWork movable; // null: nothing moves, and all work is the loop's own

  private final ReadyOrder order;
  private boolean movableIsNext; // loop's thread

  /**
   * Creates an empty queue.
   *
   * @param shared whether there are other loops that may take work; an order other than that of arrival keeps all work here
   */
  ReadyQueue(ReadyOrder order, boolean shared) {
    this.order = order;
    this.movable = shared && order == ReadyOrder.ARRIVAL ? new MovableWork() : null;
  }

  /** Adds work; loop's thread only. */
  void addOwn(Runnable work) {
    own.add(work);
  }

  /** Adds work that another loop may take; loop's thread only. */
  void addMovable(Runnable work) {
    if (movable == null) {
      own.add(work);
    } else {
      movable.add(work);
    }
  }

  /** Adds work from any other thread; the caller must wake the loop afterwards. */
  void submit(Runnable work) {
    inbox.add(work);
  }

  /** As {@link #submit}, for work that another loop may take. */
  void submitMovable(Runnable work) {
    if (movable == null) {
      inbox.add(work);
    } else {
      movable.submit(work);
    }
  }

  /** Moves at most {@code limit} submissions behind the loop's own work. */
  void takeSubmissions(int limit) {
    if (movable != null) {
      movable.takeSubmissions(limit);
    }
    for (int i = 0; i < limit; i++) {
      Runnable work = inbox.poll();
      if (work == null) {
        return;
      }
      own.add(work);
    }
  }

  @Nullable
  Runnable next() {
    if (movable != null) {
      return nextOfBoth(movable);
    }
    if (order != ReadyOrder.ARRIVAL && own.size() > 1) {
      own.bringForward(order.pick(own.size()));
    }
    return own.poll();
  }

  private @Nullable Runnable nextOfBoth(MovableWork movable) {
    movableIsNext = !movableIsNext;
    if (movableIsNext) {
      Runnable work = movable.poll();
      return work != null ? work : own.poll();
    }
    Runnable work = own.poll();
    return work != null ? work : movable.poll();
  }

  /** Whether there is work for the loop; it may be gone when it is looked for, if others take work. */
  boolean hasOwn() {
    return !own.isEmpty() || (movable != null && movable.size() > 0);
  }

  /** How much is ready or submitted; from any thread, as a statistic. */
  long depth() {
    return (long) own.size() + inbox.size() + (movable == null ? 0 : movable.depth());
  }

  /** What others may take; null if nothing moves. */
  @Nullable
  MovableWork movable() {
    return movable;
  }

  /** Whether something was submitted, or is just being submitted: poll() may not show that yet, so only this says that the inbox is empty. */
  boolean hasSubmissions() {
    return !inbox.isEmpty() || (movable != null && movable.hasSubmissions());
  }

  /** Moves everything into {@code target}; for a loop that has ended, one thread at a time. */
  void drainTo(Collection<Runnable> target) {
    for (Runnable work = own.poll(); work != null; work = own.poll()) {
      target.add(work);
    }
    for (Runnable work = inbox.poll(); work != null; work = inbox.poll()) {
      target.add(work);
    }
    if (movable != null) {
      movable.takeSubmissions(Integer.MAX_VALUE);
      for (Runnable work = movable.poll(); work != null; work = movable.poll()) {
        target.add(work);
      }
    }
  }
}
