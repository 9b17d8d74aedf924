package io.github.epollo.runtime.future.laws;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/** A race in order as one writes it first, with one mistake. */
final class BrokenRace implements Future<Integer> {
  enum Bug {
    NONE, LEAVES_LOSERS_OPEN, CLOSES_NOTHING, KEEPS_THE_FIRST_WAKER, FROM_THE_BACK, FAILURES_DO_NOT_COUNT, POLLS_ALL_TWICE
  }

  private final Bug bug;
  private final List<Future<Integer>> children;
  private Waker first;

  BrokenRace(Bug bug, Collection<Future<Integer>> children) {
    this.bug = bug;
    this.children = new ArrayList<>(children);
    if (bug == Bug.FROM_THE_BACK) {
      Collections.reverse(this.children);
    }
  }

  @Override
  public Poll<Integer> poll(Waker waker) {
    first = first == null ? waker : first;
    Poll<Integer> found = Poll.pending();
    for (Future<Integer> child : children) {
      Poll<Integer> poll = child.poll(bug == Bug.KEEPS_THE_FIRST_WAKER ? first : waker);
      if (bug == Bug.POLLS_ALL_TWICE) {
        poll = child.poll(waker);
      }
      if (!(poll instanceof Poll.Pending) && !(bug == Bug.FAILURES_DO_NOT_COUNT && poll instanceof Poll.Failed)) {
        found = poll;
        break;
      }
    }
    if (!(found instanceof Poll.Pending) && bug != Bug.LEAVES_LOSERS_OPEN) {
      close();
    }
    return found;
  }

  @Override
  public void close() {
    if (bug != Bug.CLOSES_NOTHING) {
      children.forEach(Future::close);
    }
  }
}
