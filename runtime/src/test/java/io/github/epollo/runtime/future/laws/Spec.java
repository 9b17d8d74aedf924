package io.github.epollo.runtime.future.laws;

import io.github.epollo.runtime.future.Outcome;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** What a child is to do: so many steps, then its end; a child that never ends has a negative number of steps. */
public record Spec(int steps, boolean fails) {
  /** The failure of the child with this number. */
  public static final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int number;

    public Failure(int number) {
      super("failure of " + number);
      this.number = number;
    }

    public int number() {
      return number;
    }
  }

  public boolean ends() {
    return steps >= 0;
  }

  public boolean hasValue() {
    return ends() && !fails;
  }

  public boolean hasFailure() {
    return ends() && fails;
  }

  /** The end of the child with this number: the number itself, or its failure. */
  public Outcome<Integer> outcome(int number) {
    return fails ? Outcome.ofFailure(new Failure(number)) : Outcome.ofValue(number);
  }

  /** One child: mostly with an end. */
  public static Arbitrary<Spec> any() {
    Arbitrary<Integer> steps = Arbitraries.frequencyOf(
        Tuple.of(12, Arbitraries.integers().between(0, 4)),
        Tuple.of(1, Arbitraries.just(-1)));
    return Combinators.combine(steps, Arbitraries.of(false, false, false, true)).as(Spec::new);
  }

  public static Arbitrary<List<Spec>> lists(int min, int max) {
    return any().list().ofMinSize(min).ofMaxSize(max);
  }
}
