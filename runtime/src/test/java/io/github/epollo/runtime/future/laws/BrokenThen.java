package io.github.epollo.runtime.future.laws;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.function.Function;

/** A {@code then} as one writes it first, with one mistake. */
final class BrokenThen implements Future<Integer> {
  enum Bug {
    NONE, LEAVES_THE_SECOND_OPEN, LEAVES_THE_FIRST_OPEN, DOES_NOT_POLL_THE_SECOND_AT_ONCE, SECOND_GETS_THE_FIRST_WAKER, POLLS_THE_FIRST_AGAIN, GOES_ON_AFTER_A_FAILURE
  }

  private final Bug bug;
  private final Future<Integer> first;
  private final Function<Integer, Future<Integer>> next;
  private Future<Integer> second;
  private Waker oldest;

  BrokenThen(Bug bug, Future<Integer> first, Function<Integer, Future<Integer>> next) {
    this.bug = bug;
    this.first = first;
    this.next = next;
  }

  @Override
  public Poll<Integer> poll(Waker waker) {
    oldest = oldest == null ? waker : oldest;
    if (second == null || bug == Bug.POLLS_THE_FIRST_AGAIN) {
      switch (first.poll(waker)) {
        case Poll.Ready<Integer>(Integer value) -> second = next.apply(value);
        case Poll.Failed<Integer> failed when bug != Bug.GOES_ON_AFTER_A_FAILURE -> {
          return failed;
        }
        case Poll.Failed<Integer> _ -> second = next.apply(0);
        case Poll.Pending<Integer> pending -> {
          return pending;
        }
      }
      if (bug == Bug.DOES_NOT_POLL_THE_SECOND_AT_ONCE) {
        return Poll.pending();
      }
    }
    return second.poll(bug == Bug.SECOND_GETS_THE_FIRST_WAKER ? oldest : waker);
  }

  @Override
  public void close() {
    if (bug != Bug.LEAVES_THE_FIRST_OPEN) {
      first.close();
    }
    if (second != null && bug != Bug.LEAVES_THE_SECOND_OPEN) {
      second.close();
    }
  }
}
