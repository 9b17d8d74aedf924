package io.github.epollo.runtime.stream;

import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.future.laws.Actor;
import io.github.epollo.runtime.future.laws.Lab;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** A source whose values, waits and end are a script, and which notes every breach of the contract, as {@code ScriptedFuture} does. */
final class ScriptedStream implements AsyncStream<Integer>, Actor {
  private enum State {
    NEW, READY, WAITING, ENDED, CLOSED
  }

  private final Lab lab;
  private final String name;
  private final Seen script;
  private final int[] waits; // before each value, and before the end
  private final List<Waker> wakers = new ArrayList<>();
  private State state = State.NEW;
  private boolean polling;
  private int index;

  ScriptedStream(Lab lab, String name, Seen script, int[] waits) {
    this.lab = lab;
    this.name = name;
    this.script = script;
    this.waits = waits.clone();
  }

  /** One whose script is drawn from {@code random}. */
  static ScriptedStream draw(Lab lab, String name, Random random) {
    List<Object> values = new ArrayList<>();
    for (int n = random.nextInt(7); n > 0; n--) {
      values.add(random.nextInt(10));
    }
    Seen script = new Seen(values, random.nextInt(4) == 0 ? name + " failed" : null);
    int[] waits = random.ints(values.size() + 1, -2, 3).map(n -> Math.max(n, 0)).toArray();
    return lab.add(new ScriptedStream(lab, name, script, waits));
  }

  Seen script() {
    return script;
  }

  @Override
  public Poll<Integer> pollNext(Waker waker) {
    if (polling || state == State.ENDED || state == State.CLOSED) {
      throw lab.breach(this + " was polled while it was " + (polling ? "being polled" : state));
    }
    polling = true;
    try {
      if (wakers.isEmpty() || wakers.getLast() != waker) {
        wakers.add(waker);
      }
      lab.meanwhile(this);
      if (waits[index] > 0) {
        state = State.WAITING;
        if (lab.chance(4)) { // the wake comes while the poll is still under way
          step();
        }
        return Poll.pending();
      }
      if (index < script.values().size()) {
        state = State.READY;
        return Poll.ready((Integer) script.values().get(index++));
      }
      state = State.ENDED;
      return script.failure() == null ? Poll.ready(null) : Poll.failed(new IllegalStateException(script.failure()));
    } finally {
      polling = false;
    }
  }

  @Override
  public void close() {
    if (polling) {
      throw lab.breach(this + " was closed while it was being polled");
    }
    if (state != State.ENDED) {
      state = State.CLOSED;
    }
  }

  @Override
  public boolean hasStep() {
    return state == State.WAITING && waits[index] > 0;
  }

  @Override
  public void step() {
    waits[index]--;
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
    return state != State.ENDED && state != State.CLOSED && waits[index] == 0;
  }

  @Override
  public Optional<String> leak() {
    return state == State.ENDED || state == State.CLOSED
        ? Optional.empty()
        : Optional.of(this + " was left open: " + state);
  }

  @Override
  public String toString() {
    return name;
  }
}
