package io.github.epollo.runtime.future.laws;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.FutureMap;
import io.github.epollo.runtime.future.FutureQueue;
import io.github.epollo.runtime.future.FutureSet;
import io.github.epollo.runtime.future.Outcome;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The laws of FutureSet, FutureQueue and FutureMap. */
class GatheringLawsTest {
  /** What is tried: a place for futures, of whatever kind. */
  interface Gathered {
    void add(Future<Integer> future);

    Poll<@Nullable Outcome<Integer>> pollNext(Waker waker);

    void close();
  }

  private static Gathered set() {
    FutureSet<Integer> set = new FutureSet<>();
    return gathered(set::add, set::pollNext, set::close);
  }

  private static Gathered queue() {
    FutureQueue<Integer> queue = new FutureQueue<>();
    return gathered(queue::add, queue::pollNext, queue::close);
  }

  private static Gathered gathered(Consumer<Future<Integer>> add,
      Function<Waker, Poll<@Nullable Outcome<Integer>>> poll, Runnable close) {
    return new Gathered() {
      @Override
      public void add(Future<Integer> future) {
        add.accept(future);
      }

      @Override
      public Poll<@Nullable Outcome<Integer>> pollNext(Waker waker) {
        return poll.apply(waker);
      }

      @Override
      public void close() {
        close.run();
      }
    };
  }

  /** Adds the first few at once, one or two more for each outcome that comes, and collects all outcomes. */
  private static final class Collect extends AbstractFuture<List<Integer>> {
    private final Lab lab;
    private final Gathered in;
    private final List<Spec> specs;
    private final List<Integer> found = new ArrayList<>();
    private int added;

    Collect(Lab lab, Gathered in, List<Spec> specs) {
      this.lab = lab;
      this.in = in;
      this.specs = specs;
      add(3);
    }

    private void add(int count) {
      for (int i = 0; i < count && added < specs.size(); i++) {
        in.add(lab.future(added, specs.get(added++)));
      }
    }

    @Override
    protected Poll<List<Integer>> advance(Waker waker) {
      while (true) {
        switch (in.pollNext(waker)) {
          case Poll.Ready<@Nullable Outcome<Integer>> ready when ready.value() == null -> {
            return Poll.ready(found);
          }
          case Poll.Ready<@Nullable Outcome<Integer>> ready -> {
            found.add(number(ready.value()));
            add(1 + lab.below(2));
          }
          case Poll.Failed<?>(Throwable cause) -> {
            return Poll.failed(cause);
          }
          case Poll.Pending<?> _ -> {
            return Poll.pending();
          }
        }
      }
    }

    @Override
    protected void release() {
      in.close();
    }
  }

  private static int number(Outcome<Integer> outcome) {
    return outcome.isValue() ? outcome.get() : ((Spec.Failure) outcome.failure()).number();
  }

  @Provide
  Arbitrary<List<Spec>> specs() {
    return Spec.lists(0, 12);
  }

  @Property(tries = 400)
  void aSetGivesAllAsTheyFinish(@ForAll long seed, @ForAll("specs") List<Spec> specs) {
    all(seed, specs, false, GatheringLawsTest::set);
  }

  @Property(tries = 400)
  void aQueueGivesAllInTheirOrder(@ForAll long seed, @ForAll("specs") List<Spec> specs) {
    all(seed, specs, true, GatheringLawsTest::queue);
  }

  @ParameterizedTest
  @EnumSource
  void aBrokenSetIsCaught(BrokenSet.Bug bug) {
    List<Spec> specs = IntStream.range(0, 8).mapToObj(i -> new Spec(i % 4, false)).toList();
    if (bug == BrokenSet.Bug.NONE) {
      for (long seed = 0; seed < 300; seed++) {
        all(seed, specs, false, () -> new BrokenSet(bug));
      }
    } else {
      Lab.assertCaught("set: " + bug, seed -> all(seed, specs, false, () -> new BrokenSet(bug)));
    }
  }

  @Test
  void aSetInThePlaceOfAQueueIsCaught() {
    Lab.assertCaught("set for queue",
        seed -> all(seed, List.of(new Spec(2, false), new Spec(1, false)), true, GatheringLawsTest::set));
  }

  private static void all(long seed, List<Spec> specs, boolean inOrder, Supplier<Gathered> in) {
    AtomicReference<Collect> collect = new AtomicReference<>();
    Lab.check(seed, lab -> {
      collect.set(new Collect(lab, in.get(), specs));
      return collect.get();
    }, (_, trial) -> {
      int firstForEver = IntStream.range(0, specs.size()).filter(i -> !specs.get(i).ends()).findFirst()
          .orElse(specs.size());
      List<Integer> found = collect.get().found;
      assertThat(trial.isStuck()).isEqualTo(firstForEver < specs.size());
      if (inOrder) {
        assertThat(found).isEqualTo(IntStream.range(0, firstForEver).boxed().toList());
      } else {
        int added = collect.get().added;
        assertThat(found)
            .containsExactlyInAnyOrderElementsOf(
                IntStream.range(0, added).filter(i -> specs.get(i).ends()).boxed().toList());
        if (!trial.isStuck()) {
          assertThat(added).isEqualTo(specs.size());
        }
      }
    });
  }

  /** Puts, removes, closes and collects at random. Each future ends in one place: as an outcome, closed by the map, or handed out. */
  @Property(tries = 600)
  void aMapGivesEachUnderItsKey(@ForAll long seed, @ForAll("specs") List<Spec> specs) {
    AtomicReference<Keyed> keyed = new AtomicReference<>();
    Lab.check(seed, lab -> {
      keyed.set(new Keyed(lab, specs));
      return keyed.get();
    }, (_, trial) -> {
      if (!trial.isStuck()) {
        assertThat(keyed.get().model).isEmpty();
      }
      assertThat(keyed.get().model.values()).noneMatch(n -> specs.get(n).ends());
    });
  }

  private static final class Keyed extends AbstractFuture<Integer> {
    private final Lab lab;
    private final List<Spec> specs;
    private final FutureMap<String, Integer> map = new FutureMap<>();
    private final Map<String, Integer> model = new LinkedHashMap<>(); // the number of what is in flight under a key
    private final Set<Integer> told = new HashSet<>();
    private int added;

    Keyed(Lab lab, List<Spec> specs) {
      this.lab = lab;
      this.specs = specs;
    }

    private void play() {
      while (added < specs.size() && !lab.chance(4)) {
        String key = "key " + lab.below(4);
        switch (lab.below(5)) {
          case 0 -> {
            Integer expected = model.remove(key);
            Future<Integer> removed = map.remove(key);
            assertThat(removed == null ? null : removed.toString())
                .isEqualTo(expected == null ? null : "child " + expected);
            if (removed != null) {
              removed.close(); // it is ours
            }
          }
          case 1 -> assertThat(map.close(key)).isEqualTo(model.remove(key) != null);
          default -> {
            boolean replaced = map.put(key, lab.future(added, specs.get(added)));
            assertThat(replaced).isEqualTo(model.put(key, added++) != null);
          }
        }
        assertThat(map.size()).isEqualTo(model.size());
        assertThat(map.containsKey(key)).isEqualTo(model.containsKey(key));
      }
    }

    @Override
    protected Poll<Integer> advance(Waker waker) {
      while (true) {
        play();
        switch (map.pollNext(waker)) {
          case Poll.Ready<FutureMap.@Nullable Finished<String, Integer>> ready when ready.value() == null -> {
            if (added == specs.size()) {
              return Poll.ready(told.size());
            }
          }
          case Poll.Ready<FutureMap.@Nullable Finished<String, Integer>> ready -> {
            int number = number(ready.value().outcome());
            assertThat(model.remove(ready.value().key())).isEqualTo(number);
            assertThat(told.add(number)).isTrue();
          }
          case Poll.Failed<?>(Throwable cause) -> {
            return Poll.failed(cause);
          }
          case Poll.Pending<?> _ -> {
            return Poll.pending();
          }
        }
      }
    }

    @Override
    protected void release() {
      map.close();
    }
  }
}
