package io.github.epollo.runtime.future.laws;

import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Chance;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Outcome;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * Where a subject is tried: actors to make it of, and a scheduler that polls it when it was woken, and hardly ever otherwise. The seed decides which actor gets
 * further next, when several do before the next poll, what happens during a poll, and when the waker changes; now and then somebody is woken for no reason, or by a
 * waker of long ago.
 */
public final class Lab {
  private static final int POLLS = 100_000; // then it does not end

  private final Random random;
  private final LabAwaiter awaiter;
  private final boolean restless; // whether the subject is polled now and then though nobody woke it
  private final boolean noisy;
  private final List<Actor> actors = new ArrayList<>();
  private final List<String> breaches = new ArrayList<>();
  private RootWaker current = new RootWaker();

  public Lab(long seed) {
    random = new Random(seed);
    awaiter = new LabAwaiter(random.nextLong());
    restless = chance(4);
    noisy = chance(2);
  }

  /** A child that ends so after so many steps; with a negative number, never. */
  public <T> ScriptedFuture<T> future(String name, int steps, Outcome<T> outcome) {
    return add(new ScriptedFuture<>(this, name, steps, outcome));
  }

  /** The child with this number. */
  public ScriptedFuture<Integer> future(int number, Spec spec) {
    return future("child " + number, spec.steps(), spec.outcome(number));
  }

  public List<ScriptedFuture<Integer>> futures(List<Spec> specs) {
    List<ScriptedFuture<Integer>> futures = new ArrayList<>();
    for (Spec spec : specs) {
      futures.add(future(futures.size(), spec));
    }
    return futures;
  }

  /** Makes {@code actor} one of those that get further. */
  public <A extends Actor> A add(A actor) {
    actors.add(actor);
    return actor;
  }

  public int below(int bound) {
    return random.nextInt(bound);
  }

  /** One time in {@code n}. */
  public boolean chance(int n) {
    return random.nextInt(n) == 0;
  }

  /** Notes a breach of the contract; whoever found it throws what this returns. */
  public IllegalStateException breach(String text) {
    breaches.add(text);
    return new IllegalStateException(text);
  }

  /** For actors, during their polls: something may happen to others. */
  public void meanwhile(Actor polled) {
    if (chance(6)) {
      fire(polled);
    }
  }

  /** Tries {@code subject} to its end, or until it is stuck. */
  public <R> Trial<R> drive(Future<R> subject) {
    return drive(subject::poll, subject::close, POLLS);
  }

  /** Tries what has this poll and this close; closes it after so many polls. */
  public <R> Trial<R> drive(Function<Waker, Poll<R>> poll, Runnable close, int closeAfter) {
    List<List<Actor>> due = new ArrayList<>();
    while (due.size() < closeAfter) {
      if (due.size() == POLLS) {
        throw new AssertionError("not ended after " + POLLS + " polls");
      }
      if (chance(4)) {
        current = new RootWaker();
      }
      current.woken = false;
      due.add(actors.stream().filter(Actor::isDue).toList());
      Poll<R> result = polled(poll);
      if (!(result instanceof Poll.Pending)) {
        return new Trial<>(result, due.size(), false, due);
      }
      while (!current.woken && !(restless && chance(8))) {
        if (!fire(null)) {
          if (closeAfter < POLLS) {
            break; // it is stuck, and to be closed at a later poll
          }
          return new Trial<>(result, due.size(), false, due);
        }
      }
      while (chance(3) && fire(null)) {
        // several things happen before the next poll
      }
    }
    close.run();
    close.run();
    return new Trial<>(Poll.pending(), due.size(), true, due);
  }

  private <R> Poll<R> polled(Function<Waker, Poll<R>> poll) {
    try {
      return awaiter.call(() -> poll.apply(current));
    } catch (RuntimeException e) {
      throw new AssertionError("the poll of the subject threw", e);
    }
  }

  /** One step of an actor other than the given one; false if there is none. */
  private boolean fire(Actor except) {
    if (noisy && chance(6) && !actors.isEmpty()) {
      actors.get(below(actors.size())).nudge(chance(2));
    }
    List<Actor> able = actors.stream().filter(a -> a != except && a.hasStep()).toList();
    if (able.isEmpty()) {
      return false;
    }
    able.get(below(able.size())).step();
    return true;
  }

  /** Fails if the contract was breached, or if something is still open once all is over. */
  public void check() {
    for (Actor actor : List.copyOf(actors)) {
      actor.nudge(true); // late wakes do no harm
      actor.leak().ifPresent(breaches::add);
    }
    if (!breaches.isEmpty()) {
      throw new AssertionError(String.join("; ", breaches));
    }
  }

  /**
   * Tries a subject to its end, checks the law, and then tries it again and again, with the same seed, and closes it after each number of polls, before the
   * first one too. A subject that is stuck is closed as well.
   */
  public static <R> void check(long seed, Function<Lab, Future<R>> subject, BiConsumer<Lab, Trial<R>> law) {
    Lab lab = new Lab(seed);
    Future<R> whole = subject.apply(lab);
    if (lab.actors.stream().anyMatch(a -> a instanceof ScriptedFuture<?> child && child.polls() > 0)) {
      throw new AssertionError("a child was polled before the first poll");
    }
    Trial<R> trial = lab.drive(whole);
    law.accept(lab, trial);
    if (trial.isStuck()) {
      whole.close();
    }
    lab.check();
    for (int polls = 0; polls < trial.polls(); polls++) {
      Lab again = new Lab(seed);
      Future<R> closed = subject.apply(again);
      Trial<R> _ = again.drive(closed::poll, closed::close, polls);
      again.check();
    }
  }

  /** Fails unless {@code law} fails for some seed: for a subject that breaks it on purpose. */
  public static void assertCaught(String what, LongConsumer law) {
    for (long seed = 0; seed < 500; seed++) {
      try {
        law.accept(seed);
      } catch (AssertionError caught) {
        return;
      }
    }
    throw new AssertionError("the law did not catch: " + what);
  }

  /** What the subject's poll gets. It is woken only if it is the one of the last poll: older ones do not count. */
  private static final class RootWaker implements Waker {
    boolean woken;

    @Override
    public void wake() {
      woken = true;
    }
  }

  /** Binds the choices to the seed. */
  private static final class LabAwaiter extends Awaiter {
    private final Chance chance;

    LabAwaiter(long seed) {
      chance = new Chance(seed);
    }

    <R> R call(Supplier<R> body) {
      Object[] result = new Object[1];
      runAs(this, () -> result[0] = body.get());
      @SuppressWarnings("unchecked") // it is what body returned
      R r = (R) result[0];
      return r;
    }

    @Override
    protected Chance chance() {
      return chance;
    }

    @Override
    protected Thread thread() {
      return Thread.currentThread();
    }

    @Override
    protected void doPark(Object awaited) {
      throw new AssertionError("nothing is awaited here, but " + awaited);
    }

    @Override
    public void wake() {}
  }
}
