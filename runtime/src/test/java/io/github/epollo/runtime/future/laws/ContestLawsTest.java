package io.github.epollo.runtime.future.laws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Outcome;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Selected;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The laws of race and select, and of their twins in order. */
class ContestLawsTest {
  private static final List<Spec> SOME = List.of(new Spec(2, false), new Spec(1, true), new Spec(1, false));

  @Provide
  Arbitrary<List<Spec>> specs() {
    return Spec.lists(1, 7);
  }

  @Property(tries = 400)
  void race(@ForAll long seed, @ForAll("specs") List<Spec> specs) {
    race(seed, specs, false, Future::race);
    race(seed, specs, true, Future::raceInOrder);
  }

  @Property(tries = 400)
  void select(@ForAll long seed, @ForAll("specs") List<Spec> specs) {
    select(seed, specs, false, Future::select);
    select(seed, specs, true, Future::selectInOrder);
  }

  @ParameterizedTest
  @EnumSource(names = {"NONE"}, mode = EnumSource.Mode.EXCLUDE)
  void aBrokenRaceIsCaught(BrokenRace.Bug bug) {
    Lab.assertCaught("race: " + bug, seed -> race(seed, SOME, true, f -> new BrokenRace(bug, f)));
  }

  @Test
  void aFairOneInThePlaceOfOneInOrderIsCaught() {
    Lab.assertCaught("race", seed -> race(seed, SOME, true, Future::race));
    Lab.assertCaught("select", seed -> select(seed, SOME, true, Future::select));
  }

  /** A select that closes the losers, or does not hand them all back. */
  @Test
  void aSelectThatLosesTheLosersIsCaught() {
    Lab.assertCaught("closes them", seed -> select(seed, SOME, false, f -> Future.<Integer>select(f).map(s -> {
      s.closeRest();
      return s;
    })));
    Lab.assertCaught("keeps one", seed -> select(seed, SOME, false, f -> Future.<Integer>select(f)
        .map(s -> new Selected<>(s.index(), s.outcome(), s.rest().subList(1, s.rest().size())))));
  }

  @Property(tries = 100)
  void theUnbrokenTwinObeysTheLaw(@ForAll long seed, @ForAll("specs") List<Spec> specs) {
    race(seed, specs, true, f -> new BrokenRace(BrokenRace.Bug.NONE, f));
  }

  /** Each of three that are ready at once wins as often as the others, whichever place it has. */
  @Test
  void aRaceIsFair() {
    Map<Integer, Integer> wins = new HashMap<>();
    Map<Integer, Integer> amongTwo = new HashMap<>();
    for (long seed = 0; seed < 3000; seed++) {
      Lab lab = new Lab(seed);
      wins.merge(value(lab.drive(Future.race(Future.ready(0), Future.ready(1), Future.ready(2)))), 1, Integer::sum);
      Lab other = new Lab(seed);
      amongTwo.merge(value(other.drive(Future.race(Future.pending(), Future.ready(1), Future.ready(2)))), 1,
          Integer::sum);
    }
    assertThat(wins.values()).hasSize(3).allSatisfy(n -> assertThat(n).isCloseTo(1000, within(100)));
    assertThat(amongTwo.values()).hasSize(2).allSatisfy(n -> assertThat(n).isCloseTo(1500, within(120)));
  }

  @Test
  void theSameSeedMakesTheSameChoices() {
    List<Integer> once = new ArrayList<>();
    List<Integer> again = new ArrayList<>();
    for (List<Integer> wins : List.of(once, again)) {
      for (long seed = 0; seed < 100; seed++) {
        wins.add(value(new Lab(seed).drive(Future.race(Future.ready(0), Future.ready(1)))));
      }
    }
    assertThat(again).isEqualTo(once);
  }

  private static int value(Trial<Integer> trial) {
    return ((Poll.Ready<Integer>) trial.result()).value();
  }

  static void race(long seed, List<Spec> specs, boolean inOrder,
      Function<Collection<Future<Integer>>, Future<Integer>> race) {
    Lab.check(seed, lab -> race.apply(List.copyOf(lab.futures(specs))), (_, trial) -> {
      if (specs.stream().noneMatch(Spec::ends)) {
        assertThat(trial.isStuck()).isTrue();
        return;
      }
      assertThat(trial.isStuck()).as("stuck").isFalse();
      int winner = switch (trial.result()) {
        case Poll.Ready<Integer>(Integer value) -> value;
        case Poll.Failed<Integer>(Throwable cause) -> ((Spec.Failure) cause).number();
        case Poll.Pending<Integer> _ -> throw new AssertionError();
      };
      assertWinner(winner, trial, inOrder);
      assertThat(Outcome.class.cast(trial.result()).isValue()).isEqualTo(specs.get(winner).hasValue());
    });
  }

  static void select(long seed, List<Spec> specs, boolean inOrder,
      Function<Collection<Future<Integer>>, Future<Selected<Integer>>> select) {
    AtomicReference<List<ScriptedFuture<Integer>>> futures = new AtomicReference<>();
    Lab.check(seed, lab -> {
      futures.set(lab.futures(specs));
      return select.apply(List.copyOf(futures.get()));
    }, (lab, trial) -> {
      if (specs.stream().noneMatch(Spec::ends)) {
        assertThat(trial.isStuck()).isTrue();
        return;
      }
      assertThat(trial.result()).isInstanceOfSatisfying(Poll.Ready.class, ready -> {
        Selected<?> selected = (Selected<?>) ready.value();
        int winner = selected.index();
        assertWinner(winner, trial, inOrder);
        assertThat(selected.outcome().isValue()).isEqualTo(specs.get(winner).hasValue());
        List<Object> others = new ArrayList<>(futures.get());
        others.remove(winner);
        assertThat(List.<Object>copyOf(selected.rest())).isEqualTo(others);
        assertThat(others).allSatisfy(other -> assertThat(((ScriptedFuture<?>) other).isClosed()).isFalse());
        List<Future<Integer>> rest = futures.get().stream().filter(others::contains).map(f -> (Future<Integer>) f)
            .toList();
        if (specs.stream().allMatch(Spec::ends)) { // the others go on from where they were
          assertThat(lab.drive(Future.join(rest.stream().map(Future::catching).toList())).isStuck()).isFalse();
        }
        selected.closeRest();
      });
    });
  }

  /** It was ready at the last poll, nobody was at an earlier one; in order, nobody before it was ready either. */
  private static void assertWinner(int winner, Trial<?> trial, boolean inOrder) {
    trial.due().subList(0, trial.polls() - 1).forEach(due -> assertThat(due).isEmpty());
    if (inOrder) {
      assertThat(trial.due().getLast()).extracting(Object::toString)
          .noneMatch(name -> Integer.parseInt(name.substring("child ".length())) < winner);
    }
  }
}
