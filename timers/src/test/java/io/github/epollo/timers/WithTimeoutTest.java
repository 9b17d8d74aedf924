package io.github.epollo.timers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.Body;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.future.Future;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class WithTimeoutTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(10);

  private static void run(Body body) {
    Epollo.run(TestRuntime.options(), body);
  }

  @Test
  void eachAwaitInTheRegion_isStopped() {
    run(() -> Timers.withTimeout(SHORT, () -> {
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> Timers.sleep(HOUR)).isInstanceOf(DeadlineExceededException.class);
      }
    }));
  }

  @Test
  void theBodysException_passes() {
    run(() -> assertThatThrownBy(() -> Timers.withTimeout(HOUR, () -> {
      throw new IOException("its own");
    })).isInstanceOf(IOException.class).hasMessage("its own"));
  }

  @Test
  void zero_stopsTheFirstAwait_butNotAValue() {
    run(() -> {
      assertThat(Timers.<Integer, RuntimeException>withTimeout(Duration.ZERO, () -> 1)).isEqualTo(1);
      assertThatThrownBy(() -> Timers.withTimeout(Duration.ZERO, () -> Timers.sleep(HOUR)))
          .isInstanceOf(DeadlineExceededException.class);
    });
  }

  @Test
  void aCallOfTheJdk_isInterrupted() {
    run(() -> {
      CountDownLatch never = new CountDownLatch(1);
      assertThatThrownBy(() -> Timers.withTimeout(SHORT, () -> never.await()))
          .isInstanceOf(DeadlineExceededException.class)
          .hasMessageContaining("PT0.01S").hasCauseInstanceOf(InterruptedException.class);
      assertThat(Thread.interrupted()).isFalse();
    });
  }

  @Test
  void aChannelOfTheJdk_isClosedByTheInterrupt() {
    if (TestRuntime.LOOP_CARRIES) {
      return; // a blocking pipe of the JDK would pin the loop, and nothing could fire
    }
    run(() -> {
      Pipe pipe = Pipe.open();
      assertThatThrownBy(() -> Timers.withTimeout(SHORT, () -> pipe.source().read(ByteBuffer.allocate(1))))
          .isInstanceOf(DeadlineExceededException.class).hasCauseInstanceOf(ClosedByInterruptException.class);
      assertThat(Thread.interrupted()).isFalse();
      pipe.sink().close();
    });
  }

  @Test
  void nested_aCallOfTheJdk_isEndedByTheOuter() {
    run(() -> {
      CountDownLatch never = new CountDownLatch(1);
      assertThatThrownBy(() -> Timers.withTimeout(SHORT, () -> Timers.withTimeout(HOUR, () -> never.await())))
          .isInstanceOf(DeadlineExceededException.class).hasMessageContaining("PT0.01S");
    });
  }

  @Test
  void cancel_isNotADeadline() {
    run(() -> {
      Task<?> task = Tasks.spawn(() -> Timers.withTimeout(HOUR, () -> Timers.sleep(HOUR)));
      Timers.sleep(SHORT);
      task.cancel().await();
      assertThatThrownBy(task::join).isInstanceOf(CancellationException.class);
    });
  }

  @Test
  void cancelAndDeadlineAtOnce_inACallOfTheJdk_isCancellation() {
    run(() -> {
      CountDownLatch never = new CountDownLatch(1);
      for (int i = 0; i < 200; i++) {
        Task<?> task = Tasks.spawn(() -> {
          try {
            Timers.withTimeout(Duration.ofMillis(1), () -> never.await());
          } catch (DeadlineExceededException e) {
            Timers.sleep(HOUR); // the cancellation must arrive here then
          }
        });
        Timers.sleep(Duration.ofMillis(1));
        task.cancel().await();
        assertThatThrownBy(task::join).isInstanceOf(CancellationException.class);
      }
    });
  }

  /** The deadline passes around the end of the body: it must never hit the code after it. */
  @Test
  void races_ofTheBodysEnd_againstTheDeadline() {
    run(() -> {
      Random random = new Random(3);
      int passed = 0;
      for (int i = 0; i < 100_000; i++) {
        int yields = random.nextInt(4);
        try {
          Timers.withTimeout(Duration.ofNanos(random.nextInt(8_000)), () -> {
            for (int y = 0; y < yields; y++) {
              Tasks.yieldNow();
            }
          });
        } catch (DeadlineExceededException e) {
          passed++;
        }
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        if (i % 4 == 0) {
          Tasks.yieldNow();
        }
      }
      assertThat(passed).isBetween(1, 99_999);
      assertThat(Timers.armed()).isLessThanOrEqualTo(1);
    });
  }

  @Test
  void aFutureThatFails_afterTheTimeIsUp_keepsItsFailure() {
    run(() -> assertThatThrownBy(
        () -> Timers.withTimeout(Duration.ZERO, () -> Future.failed(new IllegalArgumentException("own")).await()))
        .hasMessage("own"));
  }

  @Test
  void aCancelThatTheJdkNoticed_isNotTakenForADeadlineThatPassesInAShieldAfterwards() {
    Epollo.run(TestRuntime.options(), () -> {
      AtomicBoolean wentOn = new AtomicBoolean();
      Task<?> t = Tasks.spawn(() -> {
        String r = Timers.<String, InterruptedException>withTimeoutOrNull(Duration.ofMillis(200), () -> {
          try {
            Thread.sleep(60_000);
            return "slept";
          } finally {
            Tasks.shield(() -> Timers.sleep(Duration.ofMillis(400)));
          }
        });
        Timers.sleep(Duration.ofMillis(5));
        wentOn.set(true);
        return r;
      });
      Timers.sleep(Duration.ofMillis(20));
      t.cancel().await();
      assertThat(wentOn.get()).as("cancellation lost").isFalse();
      assertThatThrownBy(t::join).isInstanceOf(CancellationException.class);
    });
  }

  @Test
  void zero_stopsEvenAYield() {
    Epollo.run(TestRuntime.options(), () -> {
      int missed = 0;
      for (int i = 0; i < 200; i++) {
        try {
          Timers.withTimeout(Duration.ZERO, Tasks::yieldNow);
          missed++;
        } catch (DeadlineExceededException e) {
          // expected
        }
      }
      assertThat(missed).isZero();
    });
  }
}
