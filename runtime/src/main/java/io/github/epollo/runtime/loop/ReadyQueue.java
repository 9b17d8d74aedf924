package io.github.epollo.runtime.loop;

import java.util.Collection;
import java.util.Queue;
import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/** What is ready to run on a loop: its own work in order of arrival, and an inbox for what other threads submit. */
final class ReadyQueue {
  private static final int INBOX_CHUNK = 256;

  private final WorkRing own = new WorkRing(); // loop's thread
  private final Queue<Runnable> inbox = new MpscUnboundedVarHandleArrayQueue<>(INBOX_CHUNK);

  private final ReadyOrder order;

  ReadyQueue(ReadyOrder order) {
    this.order = order;
  }

  /** Adds work; loop's thread only. */
  void addOwn(Runnable work) {
    own.add(work);
  }

  /** Adds work from any other thread; the caller must wake the loop afterwards. */
  void submit(Runnable work) {
    inbox.add(work);
  }

  /** Moves at most {@code limit} submissions behind the loop's own work. */
  void takeSubmissions(int limit) {
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
    if (order != ReadyOrder.ARRIVAL && own.size() > 1) {
      own.bringForward(order.pick(own.size()));
    }
    return own.poll();
  }

  boolean hasOwn() {
    return !own.isEmpty();
  }

  /** Whether something was submitted, or is just being submitted: poll() may not show that yet, so only this says that the inbox is empty. */
  boolean hasSubmissions() {
    return !inbox.isEmpty();
  }

  /** Moves everything into {@code target}; for a loop that has ended, one thread at a time. */
  void drainTo(Collection<Runnable> target) {
    for (Runnable work = own.poll(); work != null; work = own.poll()) {
      target.add(work);
    }
    for (Runnable work = inbox.poll(); work != null; work = inbox.poll()) {
      target.add(work);
    }
  }
}
