package io.github.epollo.timers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.Body;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.loop.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** withDeadline, withTimeoutOrNull, and deadlines around and inside a shield. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DeadlineTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(10);
  private static final long MILLI = 1_000_000;

  private static void run(Body body) {
    Epollo.run(TestRuntime.options(), body);
  }

  private static long now() {
    return Loop.current().now();
  }

  @Test
  void withDeadline_isNotEarly_andNamesTheTime() {
    run(() -> {
      long deadline = now() + 5 * MILLI;
      assertThatThrownBy(() -> Timers.withDeadline(deadline, () -> Timers.sleep(HOUR)))
          .isInstanceOf(DeadlineExceededException.class)
          .hasMessageStartingWith("deadline at " + deadline + " ns passed while waiting for a sleep");
      assertThat(now()).isGreaterThanOrEqualTo(deadline);
    });
  }

  @Test
  void withDeadline_inThePast_stopsTheFirstAwait_butNotAValue() {
    run(() -> {
      int value = Timers.withDeadline(now() - 1, () -> Future.ready(1).await());
      assertThat(value).isEqualTo(1);
      assertThatThrownBy(() -> Timers.withDeadline(now() - 1, () -> Timers.sleep(HOUR)))
          .isInstanceOf(DeadlineExceededException.class);
    });
  }

  @Test
  void withDeadline_never() {
    run(() -> Timers.withDeadline(Long.MAX_VALUE, () -> Timers.sleep(SHORT)));
  }

  @Test
  void nested_theOuterPassesInsideTheInner() {
    run(() -> {
      long outer = now() + 5 * MILLI;
      assertThatThrownBy(() -> Timers.withDeadline(outer, () -> Timers.withDeadline(now() + 3_600_000 * MILLI,
          () -> Timers.withTimeout(HOUR, () -> Timers.sleep(HOUR)))))
          .hasMessageContaining("deadline at " + outer + " ns");
    });
  }

  /** The sleep is over when the deadline passes: on a loop of its own, the task cannot look in between. */
  @Test
  void aValueInTheTurnOfTheDeadline_wins_andTheNextAwaitStops() {
    if (!TestRuntime.LOOP_CARRIES) {
      return; // there the deadline may pass between the look and the park
    }
    run(() -> {
      List<String> steps = new ArrayList<>();
      long deadline = now() + 5 * MILLI;
      assertThatThrownBy(() -> Timers.withDeadline(deadline, () -> {
        Timers.sleepUntilAsync(deadline).await();
        steps.add("value");
        Timers.sleep(HOUR);
      })).isInstanceOf(DeadlineExceededException.class);
      assertThat(steps).containsExactly("value");
    });
  }

  @Test
  void orNull_isTheValue_orNullIfItsOwnPassed() {
    run(() -> {
      String inTime = Timers.withTimeoutOrNull(HOUR, () -> "value");
      assertThat(inTime).isEqualTo("value");
      String late = Timers.withTimeoutOrNull(SHORT, () -> {
        Timers.sleep(HOUR);
        return "value";
      });
      assertThat(late).isNull();
      CountDownLatch never = new CountDownLatch(1);
      assertThat(Timers.<Boolean, InterruptedException>withTimeoutOrNull(SHORT, () -> {
        never.await();
        return true;
      })).as("in a call of the JDK").isNull();
      assertThat(Thread.interrupted()).isFalse();
    });
  }

  @Test
  void orNull_anOuterDeadline_throws_evenIfOfTheSameLength() {
    run(() -> assertThatThrownBy(
        () -> Timers.withTimeout(SHORT, () -> Timers.<Boolean, RuntimeException>withTimeoutOrNull(HOUR, () -> {
          Timers.sleep(HOUR);
          return true;
        }))).hasMessageContaining("PT0.01S"));
    run(() -> {
      List<String> steps = new ArrayList<>();
      String outer = Timers.withTimeoutOrNull(SHORT, () -> {
        String inner = Timers.withTimeoutOrNull(HOUR, () -> {
          Timers.sleep(HOUR);
          return "inner";
        });
        steps.add("not reached: " + inner);
        return "outer";
      });
      assertThat(outer).isNull();
      assertThat(steps).isEmpty();
    });
  }

  @Test
  void orNull_aDeadlineInside_throws() {
    run(() -> {
      assertThatThrownBy(() -> Timers.<Integer, RuntimeException>withTimeoutOrNull(HOUR, () -> {
        Timers.withTimeout(SHORT, () -> Timers.sleep(HOUR));
        return 1;
      })).isInstanceOf(DeadlineExceededException.class);
      assertThatThrownBy(() -> Timers.<Integer, RuntimeException>withTimeoutOrNull(HOUR,
          () -> Timers.timeout(SHORT, Future.<Integer>pending()).await()))
          .isInstanceOf(DeadlineExceededException.class);
    });
  }

  @Test
  void orNull_cancellationIsNoDeadline() {
    run(() -> {
      Task<?> task = Tasks.spawn(() -> Timers.<Integer, RuntimeException>withTimeoutOrNull(HOUR, () -> {
        Timers.sleep(HOUR);
        return 1;
      }));
      Timers.sleep(SHORT);
      task.cancel().await();
      assertThatThrownBy(task::join).isInstanceOf(CancellationException.class);
    });
  }

  @Test
  void shield_inAFinallyBlock_outlivesTheDeadline_andHasItsOwn() {
    run(() -> {
      List<String> steps = new ArrayList<>();
      assertThatThrownBy(() -> Timers.withTimeout(SHORT, () -> {
        try {
          Timers.sleep(HOUR);
        } finally {
          Tasks.shield(() -> {
            Timers.sleep(Duration.ofMillis(2));
            Thread.sleep(2);
            steps.add("slept");
            assertThatThrownBy(() -> Timers.withTimeout(Duration.ofMillis(3), () -> Timers.sleep(HOUR)))
                .hasMessageContaining("PT0.003S");
            assertThatThrownBy(() -> Timers.withTimeout(Duration.ofMillis(4), () -> Thread.sleep(HOUR)))
                .hasMessageContaining("PT0.004S");
            Timers.sleep(Duration.ofMillis(2));
            steps.add("done");
          });
          assertThatThrownBy(() -> Timers.sleep(HOUR)).hasMessageContaining("PT0.01S");
        }
      })).hasMessageContaining("PT0.01S");
      assertThat(steps).containsExactly("slept", "done");
      assertThat(Thread.interrupted()).isFalse();
    });
  }

  @Test
  void shield_aDeadlineThatPassesInside_isDeliveredAfterwards() {
    run(() -> {
      List<String> steps = new ArrayList<>();
      CountDownLatch never = new CountDownLatch(1);
      assertThatThrownBy(() -> Timers.withTimeout(SHORT, () -> {
        Tasks.shield(() -> {
          Thread.sleep(15);
          Timers.sleep(SHORT);
          steps.add("done");
        });
        never.await();
      })).hasMessageContaining("PT0.01S").hasCauseInstanceOf(InterruptedException.class);
      assertThat(steps).containsExactly("done");
      assertThat(Thread.interrupted()).isFalse();
    });
  }

  @Test
  void shield_cancelledInside_keepsTheDeadlinesInsideWorking() {
    run(() -> {
      List<String> steps = new ArrayList<>();
      CountDownLatch inside = new CountDownLatch(1);
      Task<?> task = Tasks.spawn(() -> {
        Tasks.shield(() -> {
          inside.countDown();
          Timers.sleep(SHORT);
          String late = Timers.withTimeoutOrNull(Duration.ofMillis(2), () -> {
            Thread.sleep(HOUR);
            return "late";
          });
          steps.add("late: " + late);
        });
        Timers.sleep(HOUR);
      });
      inside.await();
      task.cancel().await();
      assertThat(steps).containsExactly("late: null");
      assertThatThrownBy(task::join).isInstanceOf(CancellationException.class);
    });
  }

  @Test
  void negative_namesValueAndRemedy() {
    run(() -> {
      Duration negative = Duration.ofMillis(-5);
      List<org.assertj.core.api.ThrowableAssert.ThrowingCallable> calls = List.of(
          () -> Timers.withTimeoutOrNull(negative, () -> 1), () -> Timers.withIdleTimeout(negative, _ -> {}),
          () -> new Debounce(negative), () -> new DelayQueue<String>().insert("x", negative),
          () -> Retry.attempts(1).withTimeout(negative));
      for (var call : calls) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessageContaining("PT-0.005S")
            .withMessageContaining("Duration.ZERO");
      }
      List<org.assertj.core.api.ThrowableAssert.ThrowingCallable> periods = List.of(
          () -> Timers.interval(negative), () -> Timers.intervalAt(0, negative), () -> new Throttle(1, negative));
      for (var call : periods) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessageContaining("PT-0.005S")
            .withMessageContaining("longer than zero");
      }
      assertThatIllegalArgumentException().isThrownBy(() -> Timers.interval(Duration.ZERO))
          .withMessageContaining("PT0S");
    });
  }
}
