package io.github.epollo.runtime.future.laws;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The laws of join, tryJoin and anyOk. */
class GroupLawsTest {
  private static final List<Spec> SOME = List.of(new Spec(2, false), new Spec(0, false), new Spec(3, false));
  private static final List<Spec> SOME_FAIL = List.of(new Spec(2, true), new Spec(1, false), new Spec(3, true));

  @Provide
  Arbitrary<List<Spec>> specs() {
    return Spec.lists(0, 7);
  }

  @Property(tries = 400)
  void joinOfAList(@ForAll long seed, @ForAll("specs") List<Spec> specs) {
    join(seed, specs, Future::join);
  }

  @Property(tries = 400)
  void tryJoinOfAList(@ForAll long seed, @ForAll("specs") List<Spec> specs) {
    tryJoin(seed, specs, Future::tryJoin);
  }

  @Property(tries = 400)
  void anyOk(@ForAll long seed, @ForAll("specs") List<Spec> specs) {
    if (!specs.isEmpty()) {
      anyOk(seed, specs, Future::anyOk);
    }
  }

  @Property(tries = 200)
  void joinOfTwoToFive(@ForAll long seed, @ForAll("specs") List<Spec> specs) {
    if (specs.size() >= 2) {
      List<Spec> few = specs.subList(0, Math.min(5, specs.size()));
      join(seed, few, GroupLawsTest::joinTyped);
      tryJoin(seed, few, GroupLawsTest::tryJoinTyped);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"NONE"}, mode = EnumSource.Mode.EXCLUDE)
  void aBrokenJoinIsCaught(BrokenGroup.Bug bug) {
    Lab.assertCaught("join: " + bug,
        seed -> join(seed, bug == BrokenGroup.Bug.FORGETS_FAILURES ? SOME_FAIL : SOME, f -> new BrokenGroup(bug, f)));
  }

  @ParameterizedTest
  @EnumSource(names = {"NONE", "FORGETS_FAILURES"}, mode = EnumSource.Mode.EXCLUDE)
  void aBrokenTryJoinIsCaught(BrokenGroup.Bug bug) {
    Lab.assertCaught("tryJoin: " + bug, seed -> tryJoin(seed, SOME, f -> new BrokenGroup(bug, f)));
  }

  /** A join in the place of a tryJoin waits too long, and a tryJoin in the place of a join not long enough. */
  @Test
  void oneInThePlaceOfTheOtherIsCaught() {
    Lab.assertCaught("join for tryJoin", seed -> tryJoin(seed, SOME_FAIL, Future::join));
    Lab.assertCaught("tryJoin for join", seed -> join(seed, SOME_FAIL, Future::tryJoin));
    Lab.assertCaught("race for anyOk", seed -> anyOk(seed, SOME_FAIL, Future::race));
  }

  /** Shows that what catches the broken ones is their bugs. */
  @Property(tries = 100)
  void theUnbrokenTwinObeysTheLaw(@ForAll long seed, @ForAll("specs") List<Spec> specs) {
    join(seed, specs, f -> new BrokenGroup(BrokenGroup.Bug.NONE, f));
  }

  static void join(long seed, List<Spec> specs, Function<Collection<Future<Integer>>, Future<List<Integer>>> join) {
    Lab.check(seed, lab -> join.apply(List.copyOf(lab.futures(specs))), (_, trial) -> {
      if (specs.stream().allMatch(Spec::ends)) {
        assertAll(specs, trial.result());
      } else {
        assertThat(trial.isStuck()).isTrue();
      }
    });
  }

  static void tryJoin(long seed, List<Spec> specs, Function<Collection<Future<Integer>>, Future<List<Integer>>> join) {
    Lab.check(seed, lab -> join.apply(List.copyOf(lab.futures(specs))), (_, trial) -> {
      if (specs.stream().anyMatch(Spec::hasFailure)) {
        assertThat(trial.result()).isInstanceOfSatisfying(Poll.Failed.class,
            failed -> assertThat(failed.cause()).isInstanceOfSatisfying(Spec.Failure.class, failure -> {
              assertThat(specs.get(failure.number()).hasFailure()).isTrue();
              assertThat(failure.getSuppressed()).isEmpty();
            }));
        // At the first poll at which a failure was there.
        trial.due().subList(0, trial.polls() - 1).forEach(due -> assertThat(due).noneMatch(a -> isFailure(a, specs)));
      } else if (specs.stream().allMatch(Spec::ends)) {
        assertAll(specs, trial.result());
      } else {
        assertThat(trial.isStuck()).isTrue();
      }
    });
  }

  static void anyOk(long seed, List<Spec> specs, Function<Collection<Future<Integer>>, Future<Integer>> any) {
    Lab.check(seed, lab -> any.apply(List.copyOf(lab.futures(specs))), (_, trial) -> {
      if (specs.stream().anyMatch(Spec::hasValue)) {
        assertThat(trial.result()).isInstanceOfSatisfying(Poll.Ready.class,
            ready -> assertThat(specs.get((Integer) ready.value()).hasValue()).isTrue());
        trial.due().subList(0, trial.polls() - 1)
            .forEach(due -> assertThat(due).noneMatch(a -> !isFailure(a, specs)));
      } else if (specs.stream().allMatch(Spec::ends)) {
        assertAll(specs, trial.result());
      } else {
        assertThat(trial.isStuck()).isTrue();
      }
    });
  }

  private static boolean isFailure(Actor child, List<Spec> specs) {
    return specs.get(Integer.parseInt(child.toString().substring("child ".length()))).fails();
  }

  /** All values in their order; or the failures: the first in the order given, which suppresses the others. */
  private static void assertAll(List<Spec> specs, Poll<?> result) {
    List<Integer> failing = IntStream.range(0, specs.size()).filter(i -> specs.get(i).fails()).boxed().toList();
    if (failing.isEmpty()) {
      assertThat(result).isEqualTo(Poll.ready(IntStream.range(0, specs.size()).boxed().toList()));
    } else {
      assertThat(result).isInstanceOfSatisfying(Poll.Failed.class, failed -> {
        assertThat(failed.cause()).hasMessage("failure of " + failing.getFirst());
        assertThat(failed.cause().getSuppressed()).extracting(Throwable::getMessage)
            .isEqualTo(failing.stream().skip(1).map(i -> "failure of " + i).toList());
      });
    }
  }

  private static Future<List<Integer>> joinTyped(Collection<Future<Integer>> futures) {
    List<Future<Integer>> f = List.copyOf(futures);
    return switch (f.size()) {
      case 2 -> Future.join(f.get(0), f.get(1), (a, b) -> List.of(a, b));
      case 3 -> Future.join(f.get(0), f.get(1), f.get(2), (a, b, c) -> List.of(a, b, c));
      case 4 -> Future.join(f.get(0), f.get(1), f.get(2), f.get(3), (a, b, c, d) -> List.of(a, b, c, d));
      default ->
        Future.join(f.get(0), f.get(1), f.get(2), f.get(3), f.get(4), (a, b, c, d, e) -> List.of(a, b, c, d, e));
    };
  }

  private static Future<List<Integer>> tryJoinTyped(Collection<Future<Integer>> futures) {
    List<Future<Integer>> f = List.copyOf(futures);
    return switch (f.size()) {
      case 2 -> Future.tryJoin(f.get(0), f.get(1), (a, b) -> List.of(a, b));
      case 3 -> Future.tryJoin(f.get(0), f.get(1), f.get(2), (a, b, c) -> List.of(a, b, c));
      case 4 -> Future.tryJoin(f.get(0), f.get(1), f.get(2), f.get(3), (a, b, c, d) -> List.of(a, b, c, d));
      default ->
        Future.tryJoin(f.get(0), f.get(1), f.get(2), f.get(3), f.get(4), (a, b, c, d, e) -> List.of(a, b, c, d, e));
    };
  }
}
