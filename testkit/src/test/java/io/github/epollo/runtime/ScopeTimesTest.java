package io.github.epollo.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.testkit.Simulation;
import io.github.epollo.timers.Timers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The time limits of scopes. */
class ScopeTimesTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void whenTheTimeHasPassedTheChildrenEndAndJoinThrows() {
    Simulation.ofSeed(1).run(world -> {
      long before = world.time().now();
      List<String> steps = new ArrayList<>();
      try (var scope = TaskScope.open(ScopePolicy.collectAll(), o -> o.withTimeout(SECOND).withName("slow"))) {
        Task<?> quick = scope.spawn(() -> "quick");
        scope.spawn(() -> {
          try {
            Timers.sleep(Duration.ofHours(1));
          } finally {
            Tasks.shield(() -> Timers.sleep(Duration.ofSeconds(2)));
            steps.add("cleaned");
          }
        });
        assertThatThrownBy(scope::join).isInstanceOf(DeadlineExceededException.class)
            .hasMessage("deadline of PT1S passed in scope slow");
        assertThat(steps).containsExactly("cleaned");
        assertThat(quick.join()).isEqualTo("quick");
        assertThat(world.time().now() - before).isBetween(3_000_000_000L, 3_000_010_000L);
      }
      assertThat(Timers.armed()).isZero();
    });
  }

  @Test
  void whatIsThereInTimeCountsHoweverLateTheJoin() {
    Simulation.ofSeed(1).run(_ -> {
      try (var scope = TaskScope.open(ScopePolicy.<Integer>allSucceed(), o -> o.withTimeout(SECOND))) {
        scope.spawn(() -> 1);
        Timers.sleep(Duration.ofSeconds(2));
        assertThat(scope.join()).containsExactly(1);
      }
      try (var scope = TaskScope.open(ScopePolicy.<Integer>allSucceed(), o -> o.withTimeout(SECOND))) {
        Timers.sleep(Duration.ofSeconds(2));
        scope.spawn(() -> {
          Tasks.yieldNow();
          return 1;
        });
        assertThatThrownBy(scope::join).isInstanceOf(DeadlineExceededException.class);
      }
    });
  }

  @Test
  void aScopeThatEndsInTimeLeavesNoTimer() {
    Simulation.ofSeed(1).run(world -> {
      long before = world.time().now();
      try (var scope = TaskScope.open(ScopePolicy.<Integer>firstSuccess(), o -> o.withTimeout(Duration.ofHours(1)))) {
        scope.spawn(() -> 1);
        assertThat(scope.join()).isEqualTo(1);
      }
      assertThat(Timers.armed()).isZero();
      assertThat(world.time().now()).isEqualTo(before);
    });
  }

  @Test
  void aTimeoutThatNobodyJoinedIsTheReasonSuppressedInWhatItLedTo() {
    Simulation.ofSeed(1).run(_ -> assertThatThrownBy(() -> {
      try (var scope = TaskScope.open(ScopePolicy.allSucceed(), o -> o.withTimeout(SECOND))) {
        Object _ = scope.spawn(() -> Timers.sleep(Duration.ofHours(1))).join();
      }
    }).isInstanceOf(CancellationException.class)
        .satisfies(e -> assertThat(e.getSuppressed()[0]).hasCauseInstanceOf(DeadlineExceededException.class)));
  }

  @Test
  void aDeadlineAroundTheOwnerEndsTheChildrenFirst() {
    Simulation.ofSeed(1).run(_ -> {
      AtomicInteger cleaned = new AtomicInteger();
      assertThatThrownBy(() -> Timers.withTimeout(SECOND, () -> {
        try (var scope = TaskScope.open()) {
          scope.spawn(() -> {
            try {
              Timers.sleep(Duration.ofHours(1));
            } finally {
              Tasks.shield(() -> Timers.sleep(SECOND));
              cleaned.incrementAndGet();
            }
          });
          try {
            scope.join();
          } finally {
            assertThat(cleaned).hasValue(1);
          }
        }
      })).isInstanceOf(DeadlineExceededException.class);
    });
  }
}
