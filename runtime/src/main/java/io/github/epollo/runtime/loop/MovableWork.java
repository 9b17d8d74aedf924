package io.github.epollo.runtime.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Queue;
import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * The ready work of a loop that other loops may run as well: a ring of what is next, and an inbox for what other threads submit.
 *
 * <p><b>Threading:</b> {@link #add}, {@link #poll} and {@link #takeSubmissions} are for the owner's thread; everything else for any.
 */
final class MovableWork {
  private static final int INBOX_CHUNK = 256;

  private static final VarHandle DRAINED;

  static {
    try {
      DRAINED = MethodHandles.lookup().findVarHandle(MovableWork.class, "drained", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final SharedRing ring = new SharedRing();
  private final Queue<Runnable> inbox = new MpscUnboundedVarHandleArrayQueue<>(INBOX_CHUNK);

  /*
   * The inbox has one consumer at a time: whoever has set this. Mostly that is the owner; a loop that comes to help while the owner is held does it in its place. Who finds it set does
   * without: the owner then does not wait, since the inbox is not empty, and looks again.
   */
  @SuppressWarnings("unused") // through DRAINED
  private boolean drained;

  void add(Runnable work) {
    ring.add(work);
  }

  @Nullable
  Runnable poll() {
    return ring.poll();
  }

  /** Adds work from a thread that is not the owner's; the caller must wake the owner afterwards. */
  void submit(Runnable work) {
    inbox.add(work);
  }

  /** Moves at most {@code limit} submissions behind the work in the ring. */
  void takeSubmissions(int limit) {
    if (inbox.isEmpty() || !beginDraining()) {
      return;
    }
    try {
      for (int i = 0; i < limit; i++) {
        Runnable work = inbox.poll();
        if (work == null) {
          return;
        }
        ring.add(work);
      }
    } finally {
      endDraining();
    }
  }

  /** Takes half of the ring, as {@link SharedRing#steal} does. */
  int steal(@Nullable Runnable[] loot, int least) {
    return ring.steal(loot, least);
  }

  /** Takes submissions, as many as {@code loot} has room for; answers how many. */
  int stealSubmissions(@Nullable Runnable[] loot) {
    if (inbox.isEmpty() || !beginDraining()) {
      return 0;
    }
    try {
      int count = 0;
      while (count < loot.length) {
        Runnable work = inbox.poll();
        if (work == null) {
          break;
        }
        loot[count++] = work;
      }
      return count;
    } finally {
      endDraining();
    }
  }

  private boolean beginDraining() {
    return DRAINED.compareAndSet(this, false, true); // pairs with endDraining()
  }

  private void endDraining() {
    DRAINED.setRelease(this, false); // what the consumer noted of the inbox is the next one's to read
  }

  /** How much is in the ring. */
  int size() {
    return ring.size();
  }

  /** How much is ready or submitted. */
  int depth() {
    return ring.size() + inbox.size();
  }

  /** Whether something was submitted, or is just being submitted. */
  boolean hasSubmissions() {
    return !inbox.isEmpty();
  }
}
