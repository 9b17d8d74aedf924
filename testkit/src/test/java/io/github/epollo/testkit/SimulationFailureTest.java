package io.github.epollo.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.timers.Timers;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/** No failure is lost, wherever in a simulation it happens. */
class SimulationFailureTest {
  private static final String OTHER = "10.0.0.2";

  private static void untilCancelled() {
    Future.pending().await();
  }

  private static void despiteCancels() {
    while (true) {
      try {
        Timers.sleep(Duration.ofDays(1));
      } catch (CancellationException e) {
        // the mistake
      }
    }
  }

  @Test
  void aHostStartsOnlyWhileTheBodyRuns() {
    SimulationRun run = Simulation.ofSeed(1).prepare(null);
    assertThatThrownBy(() -> run.world().start(OTHER, _ -> {})).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("cannot start host 10.0.0.2").hasMessageContaining("not in @BeforeEach");
    assertThatThrownBy(() -> run.run(_ -> {
      throw new AssertionError("of the body");
    })).hasMessage("of the body");
    assertThatThrownBy(() -> run.world().start(OTHER, _ -> {})).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aHostThatIsStartedInACleanUpIsRefused() {
    assertThatCode(() -> Simulation.ofSeed(1).run(world -> {
      for (String address : new String[]{OTHER, "10.0.0.3"}) {
        world.start(address, w -> {
          try {
            untilCancelled();
          } finally {
            assertThatThrownBy(() -> w.start("10.0.0.4", _ -> {})).isInstanceOf(IllegalStateException.class);
          }
        });
      }
      Timers.sleep(Duration.ofSeconds(1));
    })).doesNotThrowAnyException();
  }

  @Test
  void anotherHostsFailureThatNobodyAsksForFailsTheRun() {
    assertThatThrownBy(() -> Simulation.ofSeed(1).run(world -> {
      world.start(OTHER, _ -> {
        throw new IllegalStateException("server is broken");
      });
      Timers.sleep(Duration.ofSeconds(1));
    })).isInstanceOf(IllegalStateException.class).hasMessage("server is broken");
  }

  @Test
  void itIsAttachedIfTheBodyFails_too() {
    assertThatThrownBy(() -> Simulation.ofSeed(1).run(world -> {
      world.start(OTHER, _ -> {
        throw new IllegalStateException("server is broken");
      });
      Timers.sleep(Duration.ofSeconds(1));
      throw new AssertionError("of the body");
    })).hasMessage("of the body").satisfies(e -> assertThat(e.getSuppressed()).anySatisfy(
        suppressed -> assertThat(suppressed).hasMessage("server is broken")));
  }

  @Test
  void aFailureThatWasAskedFor_orThatACancelCaused_isTheBodysAffair() {
    assertThatCode(() -> Simulation.ofSeed(1).run(world -> {
      HostRun asked = world.start(OTHER, _ -> {
        throw new IllegalStateException("as planned");
      });
      assertThatThrownBy(asked::join).hasMessage("as planned");
      HostRun cancelled = world.start("10.0.0.3", _ -> untilCancelled());
      world.start("10.0.0.4", _ -> {
        try {
          untilCancelled();
        } catch (CancellationException e) {
          throw new UncheckedIOException(new java.io.IOException("cut off"));
        }
      });
      world.time().runCurrent();
      cancelled.cancel();
    })).doesNotThrowAnyException();
  }

  @Test
  void aCheckThatFailsInATaskThatNobodyJoinsFailsTheRun() {
    assertThatThrownBy(() -> Simulation.ofSeed(1).run(_ -> {
      Tasks.spawn(() -> {
        throw new AssertionError("in a task");
      });
      Timers.sleep(Duration.ofSeconds(1));
    })).isInstanceOf(AssertionError.class).hasMessage("in a task");
    assertThatCode(() -> Simulation.ofSeed(1).run(_ -> {
      Tasks.spawn(() -> {
        throw new IllegalStateException("for the log");
      });
      Timers.sleep(Duration.ofSeconds(1));
    })).doesNotThrowAnyException();
  }

  @Test
  void aHostThatIgnoresItsCancelDoesNotHideTheBodysFailure() {
    assertThatThrownBy(() -> Simulation.ofSeed(1).withLimit(Duration.ofMillis(500)).run(world -> {
      world.start(OTHER, _ -> despiteCancels());
      Timers.sleep(Duration.ofSeconds(1));
      throw new IllegalStateException("the real one");
    })).isInstanceOf(AssertionError.class).hasMessageContaining("has not ended within")
        .hasMessageContaining("after the body had failed: java.lang.IllegalStateException: the real one");
  }

  @Test
  void aTaskThatIgnoresItsCancelFailsTheRun() {
    assertThatThrownBy(() -> Simulation.ofSeed(1).run(_ -> {
      Tasks.spawn("stubborn", SimulationFailureTest::despiteCancels);
      Timers.sleep(Duration.ofSeconds(1));
    })).isInstanceOf(AssertionError.class).hasMessageContaining("ignore their cancel")
        .hasMessageContaining("stubborn").hasMessageContaining("despiteCancels");
  }
}
