package io.github.epollo.runtime.loop;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Queue;
import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/** What is ready to run on a loop: its own work in order of arrival, and an inbox for what other threads submit. */
final class ReadyQueue {
  private static final int INBOX_CHUNK = 256;

  private final ArrayDeque<Runnable> own = new ArrayDeque<>(INBOX_CHUNK); // loop's thread
  private final Queue<Runnable> inbox = new MpscUnboundedVarHandleArrayQueue<>(INBOX_CHUNK);

  /** Adds work; loop's thread only. */
  void addOwn(Runnable work) {
    own.addLast(work);
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
      own.addLast(work);
    }
  }

  @Nullable
  Runnable next() {
    return own.pollFirst();
  }

  boolean hasOwn() {
    return !own.isEmpty();
  }

  /** Whether something was submitted, or is just being submitted: poll() may not show that yet, so only this says that the inbox is empty. */
  boolean hasSubmissions() {
    return !inbox.isEmpty();
  }

  int size() {
    return own.size();
  }

  /** Moves everything into {@code target}; for a loop that has ended, one thread at a time. */
  void drainTo(Collection<Runnable> target) {
    target.addAll(own);
    own.clear();
    for (Runnable work = inbox.poll(); work != null; work = inbox.poll()) {
      target.add(work);
    }
  }
}
