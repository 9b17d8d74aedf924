package io.github.epollo.runtime.future.laws;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Outcome;
import io.github.epollo.runtime.future.Poll;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Function;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random chains of all stages, some of them within others, against plain Java. */
class ChainLawsTest {
  /** A chain, and how it ends; null if it never does. */
  private record Built(Future<Integer> future, @Nullable Outcome<Integer> model) {}

  private static final class Thrown extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Thrown(int number) {
      super("thrown by stage " + number);
    }
  }

  @Property(tries = 1500)
  void aChainIsPlainJava(@ForAll long seed, @ForAll long shape) {
    Outcome<Integer> model = chain(new Lab(0), shape, 3).model();
    Lab.check(seed, lab -> chain(lab, shape, 3).future(), (_, trial) -> {
      if (model == null) {
        assertThat(trial.isStuck()).isTrue();
      } else {
        assertThat(text(trial.result())).isEqualTo(text(model));
      }
    });
  }

  private static String text(Poll<Integer> poll) {
    return switch (poll) {
      case Poll.Ready<Integer>(Integer value) -> "value " + value;
      case Poll.Failed<Integer>(Throwable cause) -> cause.getMessage();
      case Poll.Pending<Integer> _ -> "stuck";
    };
  }

  private static Spec spec(Random random) {
    return new Spec(random.nextInt(40) == 0 ? -1 : random.nextInt(3), random.nextInt(3) == 0);
  }

  private static Built child(Lab lab, int number, Spec spec) {
    return new Built(lab.future(number, spec), spec.ends() ? spec.outcome(number) : null);
  }

  private static Built chain(Lab lab, long shape, int depth) {
    Random random = new Random(shape);
    Built built = child(lab, random.nextInt(100), spec(random));
    int stages = random.nextInt(20) == 0 ? 150 : random.nextInt(7);
    for (int i = 0; i < stages; i++) {
      built = stage(lab, built, random, i, depth);
    }
    return built;
  }

  private static Built stage(Lab lab, Built built, Random random, int n, int depth) {
    Future<Integer> f = built.future();
    Outcome<Integer> before = built.model();
    long sub = random.nextLong();
    Spec spec = spec(random);
    boolean nested = depth > 0 && random.nextInt(3) == 0;
    Function<Lab, Built> next = l -> nested ? chain(l, sub, depth - 1) : child(l, n, spec);
    return switch (random.nextInt(10)) {
      case 0 -> new Built(f.map(v -> v + n), onValue(before, v -> Outcome.ofValue(v + n)));
      case 1 -> new Built(f.map(_ -> {
        throw new Thrown(n);
      }), onValue(before, _ -> Outcome.ofFailure(new Thrown(n))));
      case 2, 3 -> new Built(f.then(_ -> next.apply(lab).future()),
          onValue(before, _ -> next.apply(new Lab(0)).model()));
      case 4 -> new Built(f.recover(e -> e.getMessage().length()),
          onFailure(before, Throwable.class, e -> Outcome.ofValue(e.getMessage().length())));
      case 5 -> new Built(f.recover(Thrown.class, _ -> {
        throw new Spec.Failure(n);
      }), onFailure(before, Thrown.class, _ -> Outcome.ofFailure(new Spec.Failure(n))));
      case 6 -> new Built(f.recoverWith(Spec.Failure.class, _ -> next.apply(lab).future()),
          onFailure(before, Spec.Failure.class, _ -> next.apply(new Lab(0)).model()));
      case 7 -> new Built(f.handle((v, e) -> e == null ? v * 2 : -n),
          before == null ? null : Outcome.ofValue(before.isValue() ? before.get() * 2 : -n));
      case 8 -> new Built(f.catching().map(o -> o.isValue() ? o.get() : 7),
          onFailure(before, Throwable.class, _ -> Outcome.ofValue(7)));
      default -> new Built(f.inspect(_ -> {
        throw new Thrown(n);
      }).inspectFailure(_ -> {}), onValue(before, _ -> Outcome.ofFailure(new Thrown(n))));
    };
  }

  private static @Nullable Outcome<Integer> onValue(@Nullable Outcome<Integer> before,
      Function<Integer, @Nullable Outcome<Integer>> next) {
    return before != null && before.isValue() ? next.apply(before.get()) : before;
  }

  private static @Nullable Outcome<Integer> onFailure(@Nullable Outcome<Integer> before, Class<?> type,
      Function<Throwable, @Nullable Outcome<Integer>> next) {
    return before != null && type.isInstance(before.failure()) ? next.apply(before.failure()) : before;
  }

  @Provide
  Arbitrary<Spec> specs() {
    return Spec.any();
  }

  @Property(tries = 300)
  void thenIsOneAfterTheOther(@ForAll long seed, @ForAll("specs") Spec first, @ForAll("specs") Spec second) {
    then(seed, first, second, Future::then);
    then(seed, first, second, (f, next) -> new BrokenThen(BrokenThen.Bug.NONE, f, next));
  }

  @ParameterizedTest
  @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void aBrokenThenIsCaught(BrokenThen.Bug bug) {
    Lab.assertCaught("then: " + bug, seed -> then(seed, new Spec(2, bug == BrokenThen.Bug.GOES_ON_AFTER_A_FAILURE),
        new Spec(3, false), (f, next) -> new BrokenThen(bug, f, next)));
  }

  private static void then(long seed, Spec first, Spec second,
      BiFunction<Future<Integer>, Function<Integer, Future<Integer>>, Future<Integer>> then) {
    Lab.check(seed, lab -> then.apply(lab.future(1, first), _ -> lab.future(2, second)), (_, trial) -> {
      if (first.hasFailure()) {
        assertThat(text(trial.result())).isEqualTo("failure of 1");
      } else if (first.ends() && second.ends()) {
        assertThat(text(trial.result())).isEqualTo(second.fails() ? "failure of 2" : "value 2");
      } else {
        assertThat(trial.isStuck()).isTrue();
      }
    });
  }
}
