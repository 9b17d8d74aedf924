package io.github.epollo.timers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.Body;
import io.github.epollo.runtime.CheckedCallable;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RetryTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration MILLI = Duration.ofMillis(1);
  private static final Retry QUICK = Retry.attempts(5).withBackoff(Duration.ofNanos(1), 2, MILLI);

  private final AtomicInteger calls = new AtomicInteger();

  private static void run(Body body) {
    Epollo.run(TestRuntime.options(), body);
  }

  private CheckedCallable<Integer, IOException> failing(int times) {
    return () -> {
      if (calls.incrementAndGet() <= times) {
        throw new IOException("failure " + calls);
      }
      return calls.get();
    };
  }

  @Test
  void triesUntilItSucceeds() {
    run(() -> assertThat(QUICK.call(failing(3))).isEqualTo(4));
  }

  @Test
  void theLastFailure_carriesTheEarlierOnes() {
    run(() -> assertThatThrownBy(() -> QUICK.call(failing(9))).isInstanceOf(IOException.class).hasMessage("failure 5")
        .satisfies(e -> assertThat(e.getSuppressed()).extracting(Throwable::getMessage)
            .containsExactly("failure 1", "failure 2", "failure 3", "failure 4")));
    assertThat(calls).hasValue(5);
  }

  @Test
  void theSuppressed_areBounded_andTheSameExceptionTwiceIsNoProblem() {
    run(() -> {
      assertThatThrownBy(() -> Retry.attempts(100).withBackoff(Duration.ZERO, 1, Duration.ZERO).call(failing(999)))
          .satisfies(e -> assertThat(e.getSuppressed()).extracting(Throwable::getMessage).hasSize(8)
              .startsWith("failure 92").endsWith("failure 99"));
      IOException same = new IOException("same");
      assertThatThrownBy(() -> QUICK.call(() -> {
        throw same;
      })).isSameAs(same).hasNoSuppressedExceptions();
    });
  }

  @Test
  void onlyIf_decides_andErrorsAreNeverRetried() {
    run(() -> {
      Retry retry = QUICK.onlyIf(e -> e instanceof IOException && !(e instanceof FileNotFoundException));
      assertThatThrownBy(() -> retry.call(() -> {
        calls.incrementAndGet();
        throw new FileNotFoundException("final");
      })).isInstanceOf(FileNotFoundException.class);
      assertThatThrownBy(() -> QUICK.call(() -> {
        calls.incrementAndGet();
        throw new AssertionError("bug");
      })).isInstanceOf(AssertionError.class);
      assertThat(calls).hasValue(2);
    });
  }

  @Test
  void withASeed_thePausesAreTheSame() {
    run(() -> {
      Random random = new Random(7);
      assertThat(QUICK.withJitter(random).call(failing(3))).isEqualTo(4);
      Random replay = new Random(7);
      Backoff backoff = Backoff.of(Duration.ofNanos(1), 2, MILLI);
      for (int failures = 1; failures <= 3; failures++) {
        long _ = backoff.jittered(failures, replay);
      }
      assertThat(random.nextLong()).isEqualTo(replay.nextLong());
    });
  }

  @Test
  void cancellation_endsAPauseAndAnAttempt_atOnce() {
    run(() -> {
      Retry slow = Retry.attempts(9).withBackoff(HOUR, 1, HOUR).withoutJitter();
      Task<?> pausing = Tasks.spawn(() -> slow.call(() -> {
        calls.incrementAndGet();
        throw new IOException("failure 1");
      }));
      Task<?> attempting = Tasks.spawn(() -> QUICK.call(() -> {
        calls.incrementAndGet();
        Timers.sleep(HOUR);
      }));
      Task<?> inTheJdk = Tasks.spawn(() -> QUICK.call(() -> {
        calls.incrementAndGet();
        new CountDownLatch(1).await();
      }));
      Timers.sleep(Duration.ofMillis(5));
      for (Task<?> task : new Task<?>[]{pausing, attempting, inTheJdk}) {
        task.cancel().await();
        assertThatThrownBy(task::join).isInstanceOf(CancellationException.class);
      }
      assertThatThrownBy(pausing::join)
          .satisfies(e -> assertThat(e.getSuppressed()).extracting(Throwable::getMessage).containsExactly("failure 1"));
      assertThat(calls).hasValue(3);
    });
  }

  @Test
  void noAttempts_isAnError() {
    assertThatIllegalArgumentException().isThrownBy(() -> Retry.attempts(0)).withMessageContaining("at least 1");
  }

  @Test
  void aCancelThatTheBodyMadeAnotherExceptionOf_endsAll() {
    Epollo.run(TestRuntime.options(), () -> {
      int[] attempts = {0};
      Task<?> t = Tasks.spawn(() -> {
        Retry.attempts(5).withBackoff(Duration.ofMillis(1), 1, Duration.ofMillis(1)).call(() -> {
          attempts[0]++;
          try {
            Thread.sleep(100);
          } catch (InterruptedException e) {
            throw new InterruptedIOException("wrapped");
          }
        });
      });
      Timers.sleep(Duration.ofMillis(20));
      t.cancel().await();
      assertThat(attempts[0]).isEqualTo(1);
    });
  }
}
