package io.github.epollo.runtime.future.laws;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** A join as one writes it first, with one mistake. */
final class BrokenGroup implements Future<List<Integer>> {
  enum Bug {
    NONE, POLLS_AFTER_THE_END, KEEPS_THE_FIRST_WAKER, GIVES_NO_WAKER_TO_THE_LAST, LEAVES_ONE_OPEN, ORDER_OF_FINISHING, POLLS_WHEN_MADE, FORGETS_FAILURES
  }

  private final Bug bug;
  private final List<Future<Integer>> children;
  private final List<Poll<Integer>> outcomes = new ArrayList<>();
  private final List<Integer> finished = new ArrayList<>();
  private Waker first;

  BrokenGroup(Bug bug, Collection<Future<Integer>> children) {
    this.bug = bug;
    this.children = List.copyOf(children);
    for (Future<Integer> child : children) {
      outcomes.add(bug == Bug.POLLS_WHEN_MADE ? child.poll(() -> {}) : Poll.pending());
    }
  }

  @Override
  public Poll<List<Integer>> poll(Waker waker) {
    first = first == null ? waker : first;
    for (int i = 0; i < children.size(); i++) {
      if (outcomes.get(i) instanceof Poll.Pending
          || (bug == Bug.POLLS_AFTER_THE_END && finished.size() < children.size())) {
        Waker given = bug == Bug.KEEPS_THE_FIRST_WAKER ? first : waker;
        boolean last = i == children.size() - 1;
        Poll<Integer> poll = children.get(i).poll(bug == Bug.GIVES_NO_WAKER_TO_THE_LAST && last ? () -> {} : given);
        outcomes.set(i, poll);
        if (!(poll instanceof Poll.Pending)) {
          finished.add(i);
        }
      }
    }
    if (finished.size() < children.size()) {
      return Poll.pending();
    }
    Throwable failure = null;
    for (Poll<Integer> outcome : outcomes) {
      if (outcome instanceof Poll.Failed<Integer>(Throwable cause) && bug != Bug.FORGETS_FAILURES) {
        if (failure == null) {
          failure = cause;
        } else {
          failure.addSuppressed(cause);
        }
      }
    }
    if (failure != null) {
      return Poll.failed(failure);
    }
    List<Integer> values = new ArrayList<>(finished);
    if (bug != Bug.ORDER_OF_FINISHING) {
      values.sort(null);
    }
    return Poll.ready(values);
  }

  @Override
  public void close() {
    children.stream().skip(bug == Bug.LEAVES_ONE_OPEN ? 1 : 0).forEach(Future::close);
  }
}
