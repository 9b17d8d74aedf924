package io.github.epollo.runtime.future.laws;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Outcome;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** A set of futures with a ready list as one writes it first, with one mistake. */
final class BrokenSet implements GatheringLawsTest.Gathered {
  enum Bug {
    NONE, FORGETS_A_WAKE_DURING_THE_POLL, KEEPS_THE_FIRST_WAKER, FORGETS_THE_OTHERS_WHEN_ONE_FINISHES, LEAVES_ONE_OPEN, POLLS_ONE_THAT_HAS_FINISHED, DOES_NOT_WAKE_WHO_WAITS
  }

  private final class Child implements Waker {
    final Future<Integer> future;
    boolean queued;

    Child(Future<Integer> future) {
      this.future = future;
    }

    @Override
    public void wake() {
      if (!queued) {
        queued = true;
        ready.add(this);
        if (parent != null && bug != Bug.DOES_NOT_WAKE_WHO_WAITS) {
          parent.wake();
        }
      }
    }
  }

  private final Bug bug;
  private final List<Child> open = new ArrayList<>();
  private final Deque<Child> ready = new ArrayDeque<>();
  private Waker parent;

  BrokenSet(Bug bug) {
    this.bug = bug;
  }

  @Override
  public void add(Future<Integer> future) {
    Child child = new Child(future);
    open.add(child);
    child.wake();
  }

  @Override
  public Poll<Outcome<Integer>> pollNext(Waker waker) {
    if (open.isEmpty()) {
      return Poll.ready(null);
    }
    parent = parent != null && bug == Bug.KEEPS_THE_FIRST_WAKER ? parent : waker;
    for (int i = ready.size(); i > 0; i--) {
      Child child = ready.remove();
      if (bug != Bug.FORGETS_A_WAKE_DURING_THE_POLL) {
        child.queued = false;
      }
      if (!open.contains(child) && bug != Bug.POLLS_ONE_THAT_HAS_FINISHED) {
        continue;
      }
      Poll<Integer> poll = child.future.poll(child);
      child.queued &= bug != Bug.FORGETS_A_WAKE_DURING_THE_POLL;
      if (poll instanceof Outcome<Integer> outcome) {
        open.remove(child);
        if (bug == Bug.FORGETS_THE_OTHERS_WHEN_ONE_FINISHES) {
          ready.clear();
        }
        return Poll.ready(outcome);
      }
    }
    return Poll.pending();
  }

  @Override
  public void close() {
    open.stream().skip(bug == Bug.LEAVES_ONE_OPEN ? 1 : 0).forEach(child -> child.future.close());
    open.clear();
  }
}
