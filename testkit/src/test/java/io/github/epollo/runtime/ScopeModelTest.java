package io.github.epollo.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.future.Outcome;
import io.github.epollo.testkit.Simulation;
import io.github.epollo.timers.Timers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/**
 * The policies against a model in plain Java: children with random ends at random times, in any order of ready tasks. Ends at the same time may come in any order, so delays are made distinct.
 */
class ScopeModelTest {
  /** A child ends after {@code delay} ms, or at the time of its cancel plus {@code cleanUp} ms. */
  record Plan(int delay, boolean fails, int cleanUp, boolean stackless) {}

  @Provide
  Arbitrary<List<Plan>> somePlans() {
    return plans().filter(plans -> !plans.isEmpty());
  }

  @Provide
  Arbitrary<List<Plan>> plans() {
    return Combinators.combine(Arbitraries.integers().between(0, 50), Arbitraries.of(true, false),
        Arbitraries.integers().between(0, 3), Arbitraries.of(true, false)).as(Plan::new).list().ofMaxSize(10);
  }

  private static final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;
    final int child;

    Failure(int child) {
      super("child " + child);
      this.child = child;
    }
  }

  /** What happened to the children. */
  private static final class Ends {
    int begun;
    int ended;
    final List<Integer> finished = new ArrayList<>(); // by themselves, in order
  }

  /** Distinct: no two children end at once. */
  private static Duration delay(List<Plan> plans, int child) {
    return Duration.ofMillis(plans.get(child).delay() * 100L + child * 2L);
  }

  private static <T> Task<Integer> spawn(TaskScope<? super Integer, T> scope, List<Plan> plans, int child, Ends ends) {
    Plan plan = plans.get(child);
    ends.begun++;
    if (plan.stackless()) {
      return scope.spawn(Timers.sleepAsync(delay(plans, child)).map(_ -> {
        ends.finished.add(child);
        return result(plan, child);
      }).<Integer>handle((value, failure) -> {
        ends.ended++;
        if (failure != null) {
          throw (RuntimeException) failure;
        }
        return value;
      }));
    }
    return scope.spawn(() -> {
      try {
        Timers.sleep(delay(plans, child));
        ends.finished.add(child);
        return result(plan, child);
      } finally {
        Tasks.shield(() -> {
          if (plan.cleanUp() > 0 && !ends.finished.contains(child)) {
            Timers.sleep(Duration.ofMillis(plan.cleanUp()));
          }
        });
        ends.ended++;
      }
    });
  }

  private static int result(Plan plan, int child) {
    if (plan.fails()) {
      throw new Failure(child);
    }
    return child;
  }

  private static List<Integer> byTime(List<Plan> plans) {
    return IntStream.range(0, plans.size()).boxed()
        .sorted(Comparator.comparing(child -> delay(plans, child))).toList();
  }

  /** All but stackless children that were cancelled, which are only closed, tell of their end. */
  private static void checkEnds(Ends ends, List<Plan> plans) {
    long closedSilently = IntStream.range(0, plans.size())
        .filter(child -> plans.get(child).stackless() && !ends.finished.contains(child)).count();
    assertThat(ends.begun).isEqualTo(plans.size());
    assertThat(ends.ended + closedSilently).as("children that have ended").isEqualTo(plans.size());
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void allSucceed(@ForAll long seed, @ForAll("plans") List<Plan> plans) {
    Simulation.ofSeed(seed).run(_ -> {
      Ends ends = new Ends();
      List<Integer> result = null;
      Failure failure = null;
      List<Task<Integer>> tasks = new ArrayList<>();
      try (var scope = TaskScope.open(ScopePolicy.<Integer>allSucceed())) {
        for (int i = 0; i < plans.size(); i++) {
          tasks.add(spawn(scope, plans, i, ends));
        }
        try {
          result = scope.join();
        } catch (Failure e) {
          failure = e;
        }
        checkEnds(ends, plans);
        assertThat(Timers.armed()).isZero();
        assertThat(tasks).allMatch(Task::isDone);
      }
      List<Integer> order = byTime(plans);
      Integer failing = order.stream().filter(child -> plans.get(child).fails()).findFirst().orElse(null);
      if (failing == null) {
        assertThat(failure).isNull();
        assertThat(result).isEqualTo(IntStream.range(0, plans.size()).boxed().toList());
      } else {
        assertThat(failure).isNotNull();
        assertThat(failure.child).isEqualTo(failing);
        assertThat(ends.finished).isEqualTo(order.subList(0, order.indexOf(failing) + 1));
      }
    });
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void firstSuccess(@ForAll long seed,
      @ForAll("somePlans") List<Plan> plans) {
    Simulation.ofSeed(seed).run(_ -> {
      Ends ends = new Ends();
      Integer result = null;
      Failure failure = null;
      try (var scope = TaskScope.open(ScopePolicy.<Integer>firstSuccess())) {
        for (int i = 0; i < plans.size(); i++) {
          Task<Integer> _ = spawn(scope, plans, i, ends);
        }
        try {
          result = scope.join();
        } catch (Failure e) {
          failure = e;
        }
        checkEnds(ends, plans);
      }
      List<Integer> order = byTime(plans);
      Integer winner = order.stream().filter(child -> !plans.get(child).fails()).findFirst().orElse(null);
      assertThat(result).isEqualTo(winner);
      if (winner == null) {
        assertThat(failure).isNotNull();
        assertThat(failure.child).isEqualTo(order.getFirst());
        assertThat(failure.getSuppressed()).hasSize(plans.size() - 1);
      }
    });
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void collectAllAndSupervise(@ForAll long seed,
      @ForAll("plans") List<Plan> plans) {
    Simulation.ofSeed(seed).run(_ -> {
      List<Integer> told = new ArrayList<>();
      Ends ends = new Ends();
      Ends supervised = new Ends();
      try (var scope = TaskScope.open(ScopePolicy.<Integer>collectAll());
          var supervisor = TaskScope.open(ScopePolicy.supervise((_, e) -> told.add(((Failure) e).child)))) {
        for (int i = 0; i < plans.size(); i++) {
          Task<Integer> _ = spawn(scope, plans, i, ends);
          Task<Integer> _ = spawn(supervisor, plans, i, supervised);
        }
        List<Outcome<Integer>> outcomes = scope.join();
        supervisor.join();
        checkEnds(ends, plans);
        for (int i = 0; i < plans.size(); i++) {
          assertThat(outcomes.get(i).isValue()).isEqualTo(!plans.get(i).fails());
        }
      }
      assertThat(told).isEqualTo(byTime(plans).stream().filter(child -> plans.get(child).fails()).toList());
      assertThat(supervised.finished).isEqualTo(byTime(plans));
    });
  }

  /** Whatever ends it, and whenever: a cancel of the owner, of the scope, its deadline, or a body that throws. All children have ended then, and no timer is left. */
  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void howeverItEndsNobodyIsLeft(@ForAll long seed,
      @ForAll("plans") List<Plan> plans,
      @ForAll @IntRange(max = 5_500) int when, @ForAll @IntRange(max = 3) int how) {
    Simulation.ofSeed(seed).run(_ -> {
      Ends ends = new Ends();
      Duration moment = Duration.ofMillis(when).plusNanos(500_000);
      Task<?> owner = Tasks.spawn(() -> {
        try {
          try (var scope = TaskScope.open(ScopePolicy.<Integer>allSucceed(),
              o -> how == 0 ? o.withTimeout(moment) : o)) {
            for (int i = 0; i < plans.size(); i++) {
              Task<Integer> _ = spawn(scope, plans, i, ends);
            }
            if (how == 1) {
              scope.spawnBackground(() -> {
                Timers.sleep(moment);
                scope.cancel().close();
              });
            }
            if (how == 2) {
              Timers.sleep(moment);
              throw new Failure(-1);
            }
            scope.join();
          }
        } catch (Failure | CancellationException | DeadlineExceededException e) {
          // as planned
        } finally {
          checkEnds(ends, plans);
        }
      });
      if (how == 3) {
        Timers.sleep(moment);
        owner.close();
      }
      Object _ = owner.join();
      assertThat(Timers.armed()).isZero();
    });
  }
}
