package io.github.epollo.runtime.future.laws;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Outcome;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A child whose future is a script, and which notes every breach of the contract: a poll after its end, within its poll, or a second release.
 *
 * <p>It is released when it finishes, or by the first {@code close} before that. A close after the end is allowed and does nothing, as {@link Future#close} says; so "closed
 * exactly once" means: in the end each child has been released.
 */
public final class ScriptedFuture<T> implements Future<T>, Actor {
  private enum State {
    NEW, WAITING, FINISHED, CLOSED
  }

  private final Lab lab;
  private final String name;
  private final Outcome<T> outcome;
  private final List<Waker> wakers = new ArrayList<>();
  private int steps; // left; negative: it never ends
  private State state = State.NEW;
  private boolean polling;
  private int polls;

  ScriptedFuture(Lab lab, String name, int steps, Outcome<T> outcome) {
    this.lab = lab;
    this.name = name;
    this.steps = steps;
    this.outcome = outcome;
  }

  @Override
  public Poll<T> poll(Waker waker) {
    if (polling || state == State.FINISHED || state == State.CLOSED) {
      throw lab.breach(this + " was polled while it was " + (polling ? "being polled" : state));
    }
    polling = true;
    try {
      polls++;
      if (wakers.isEmpty() || wakers.getLast() != waker) {
        wakers.add(waker);
      }
      lab.meanwhile(this);
      if (steps == 0) {
        state = State.FINISHED;
        return outcome;
      }
      state = State.WAITING;
      if (steps > 0 && lab.chance(4)) { // the wake comes while the poll is still under way
        step();
      }
      return Poll.pending();
    } finally {
      polling = false;
    }
  }

  @Override
  public void close() {
    if (polling) {
      throw lab.breach(this + " was closed while it was being polled");
    }
    if (state != State.FINISHED) {
      state = State.CLOSED;
    }
  }

  @Override
  public boolean hasStep() {
    return state == State.WAITING && steps > 0;
  }

  @Override
  public void step() {
    steps--;
    wakers.getLast().wake();
  }

  @Override
  public void nudge(boolean anOldOne) {
    if (!wakers.isEmpty()) {
      (anOldOne ? wakers.get(lab.below(wakers.size())) : wakers.getLast()).wake();
    }
  }

  @Override
  public boolean isDue() {
    return steps == 0 && (state == State.NEW || state == State.WAITING);
  }

  @Override
  public Optional<String> leak() {
    return state == State.NEW || state == State.WAITING
        ? Optional.of(this + " was left open: " + state)
        : Optional.empty();
  }

  public int polls() {
    return polls;
  }

  public boolean isFinished() {
    return state == State.FINISHED;
  }

  public boolean isClosed() {
    return state == State.CLOSED;
  }

  @Override
  public String toString() {
    return name;
  }
}
