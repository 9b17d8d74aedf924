package io.github.epollo.runtime;

import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.sync.SpinLock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The children of a scope that have not ended, those whose end the policy was not told yet, and who waits for them. Whatever is to be done with them, waking and cancelling, is
 * returned to the caller, who does it without the lock.
 *
 * <p><b>Threading:</b> any.
 */
final class ScopeChildren {
  /*
   *   OPEN   -> JOINED // the result was taken, when no child but background tasks was left
   *   OPEN   -> CLOSED // closed without
   *   JOINED -> CLOSED
   */
  enum Phase {
    OPEN, JOINED, CLOSED
  }

  /** Why the children were cancelled; what comes first stays. */
  enum Ending {
    /** The policy said so. */
    DECIDED,
    /** Somebody called cancel(). */
    CANCELLED,
    /** The deadline has passed. */
    TIMED_OUT,
    /** The owner goes on without them. */
    LEFT
  }

  private final SpinLock lock = new SpinLock(); // guards all that follows
  private final List<ScopeEnd<?>> waiting = new ArrayList<>(1);
  private Phase phase = Phase.OPEN;
  private @Nullable Ending ending;
  private boolean expired; // the deadline has passed while there was nobody to cancel
  private @Nullable ScopeChild<?> first;
  private @Nullable ScopeChild<?> last;
  private int foreground;
  private int background;
  private @Nullable ScopeChild<?> firstEnded;
  private @Nullable ScopeChild<?> lastEnded;
  private boolean telling; // somebody calls the policy

  /** Adds a child that is about to be started; answers the phase, and has added it if that is OPEN. */
  Phase add(ScopeChild<?> child) {
    lock.lock();
    try {
      if (phase == Phase.OPEN) {
        if (expired && ending == null && !child.background) {
          ending = Ending.TIMED_OUT;
        }
        child.previous = last;
        if (last == null) {
          first = child;
        } else {
          last.next = child;
        }
        last = child;
        count(child, 1);
      }
      return phase;
    } finally {
      lock.unlock();
    }
  }

  private void count(ScopeChild<?> child, int change) {
    if (child.background) {
      background += change;
    } else {
      foreground += change;
    }
  }

  /** Notes that the child can be cancelled from now on; true if that is to be done at once. */
  boolean started(ScopeChild<?> child) {
    lock.lock();
    try {
      child.started = true;
      return ending != null;
    } finally {
      lock.unlock();
    }
  }

  /** Removes a child of whose end everybody was told, or that could not be started; answers who is to be woken. */
  List<Waker> remove(ScopeChild<?> child) {
    lock.lock();
    try {
      if (child.previous == null) {
        first = child.next;
      } else {
        child.previous.next = child.next;
      }
      if (child.next == null) {
        last = child.previous;
      } else {
        child.next.previous = child.previous;
      }
      child.previous = null;
      child.next = null;
      count(child, -1);
      if (waiting.isEmpty() || foreground > 0) {
        return List.of();
      }
      List<Waker> wakers = new ArrayList<>(waiting.size());
      for (ScopeEnd<?> end : waiting) {
        if (isOver(end) && end.waker != null) {
          wakers.add(end.waker);
        }
      }
      return wakers;
    } finally {
      lock.unlock();
    }
  }

  private boolean isOver(ScopeEnd<?> end) {
    return foreground == 0 && (!end.ofAll || background == 0);
  }

  /** Queues a child that has ended; true if the caller has to call the policy, for this and whoever comes meanwhile, until {@link #nextEnded} answers null. */
  boolean enqueueEnded(ScopeChild<?> child) {
    lock.lock();
    try {
      if (lastEnded == null) {
        firstEnded = child;
      } else {
        lastEnded.nextEnded = child;
      }
      lastEnded = child;
      boolean first = !telling;
      telling = true;
      return first;
    } finally {
      lock.unlock();
    }
  }

  @Nullable
  ScopeChild<?> nextEnded() {
    lock.lock();
    try {
      ScopeChild<?> child = firstEnded;
      if (child == null) {
        telling = false;
      } else {
        firstEnded = child.nextEnded;
        child.nextEnded = null;
        if (firstEnded == null) {
          lastEnded = null;
        }
      }
      return child;
    } finally {
      lock.unlock();
    }
  }

  /** Decides that the children are cancelled, and answers those to which it is to be said; the first reason is kept. */
  List<Task<?>> end(Ending reason) {
    lock.lock();
    try {
      if (ending == null) {
        if (reason == Ending.TIMED_OUT && foreground == 0) {
          expired = true; // what is there is there in time
          return List.of();
        }
        ending = reason;
      } else if (reason == Ending.DECIDED || reason == Ending.TIMED_OUT) {
        return List.of();
      }
      List<Task<?>> tasks = new ArrayList<>(foreground + background);
      for (ScopeChild<?> child = first; child != null; child = child.next) {
        if (child.started) {
          tasks.add(child.task);
        }
      }
      return tasks;
    } finally {
      lock.unlock();
    }
  }

  @Nullable
  Ending ending() {
    lock.lock();
    try {
      return ending;
    } finally {
      lock.unlock();
    }
  }

  Phase phase() {
    lock.lock();
    try {
      return phase;
    } finally {
      lock.unlock();
    }
  }

  /** Moves on to {@code next} if all have ended, in the same moment, so that nobody is added in between; answers the phase before, or null if there are some. */
  @Nullable
  Phase enter(Phase next) {
    lock.lock();
    try {
      return foreground + background == 0 ? moveOn(next) : null;
    } finally {
      lock.unlock();
    }
  }

  private Phase moveOn(Phase next) {
    Phase before = phase;
    phase = before == Phase.CLOSED ? Phase.CLOSED : next;
    return before;
  }

  /** The phase in which what {@code end} waits for is there, and from which a join moves on; null if it is not there, then its waker is called when it is. */
  @Nullable
  Phase poll(ScopeEnd<?> end, Waker waker) {
    lock.lock();
    try {
      if (isOver(end)) {
        return end.ofAll ? phase : moveOn(Phase.JOINED);
      }
      if (end.waker == null) {
        waiting.add(end);
      }
      end.waker = waker;
      return null;
    } finally {
      lock.unlock();
    }
  }

  void forget(ScopeEnd<?> end) {
    lock.lock();
    try {
      end.waker = null;
      for (int i = 0; i < waiting.size(); i++) {
        if (waiting.get(i) == end) {
          waiting.remove(i);
          return;
        }
      }
    } finally {
      lock.unlock();
    }
  }
}
