package io.github.epollo.timers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.CheckedCallable;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.testkit.EpolloTest;
import io.github.epollo.testkit.Stopwatch;
import io.github.epollo.testkit.World;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** When attempts are made, in virtual time. */
class RetryTimesTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration MILLI = Duration.ofMillis(1);
  private static final Retry QUICK = Retry.attempts(5).withBackoff(Duration.ofNanos(1), 2, MILLI);

  /** Fails so many times, and notes how long after the last attempt each one is. */
  private static final class Attempts implements CheckedCallable<Integer, IOException> {
    final List<Long> pauses = new ArrayList<>();
    private final int failures;
    private Stopwatch sinceTheLast = new Stopwatch();

    Attempts(int failures) {
      this.failures = failures;
    }

    @Override
    public Integer call() throws IOException {
      pauses.add(sinceTheLast.nanos());
      sinceTheLast = new Stopwatch();
      if (pauses.size() <= failures) {
        throw new IOException("failure " + pauses.size());
      }
      return pauses.size();
    }

    void paused(List<Long> expected) {
      assertThat(pauses).hasSize(expected.size() + 1);
      assertThat(pauses.getFirst()).as("before the first attempt").isZero();
      for (int i = 0; i < expected.size(); i++) {
        assertThat(pauses.get(i + 1) - expected.get(i)).isBetween(0L, Stopwatch.TICK_NANOS - 1);
      }
    }
  }

  @EpolloTest(virtualTime = true, seeds = 3)
  void withoutJitter_thePausesAreWhole() throws IOException {
    Attempts attempts = new Attempts(9);
    Retry retry = Retry.attempts(10).withoutJitter();
    assertThat(retry.call(attempts)).isEqualTo(10);
    attempts.paused(List.of(100_000_000L, 200_000_000L, 400_000_000L, 800_000_000L, 1_600_000_000L, 3_200_000_000L,
        6_400_000_000L, 10_000_000_000L, 10_000_000_000L));
  }

  @EpolloTest(virtualTime = true)
  void theLastFailure_isFollowedByNoPause() {
    Attempts attempts = new Attempts(99);
    Stopwatch watch = new Stopwatch();
    Retry retry = Retry.attempts(4).withBackoff(MILLI, 2, Duration.ofMillis(2)).withoutJitter();
    assertThatThrownBy(() -> retry.call(attempts)).isInstanceOf(IOException.class);
    attempts.paused(List.of(1_000_000L, 2_000_000L, 2_000_000L));
    watch.shows(Duration.ofMillis(5), 3);
  }

  @EpolloTest(virtualTime = true)
  void pausesWithOddFactors_toTheNanosecond() throws IOException {
    Attempts attempts = new Attempts(4);
    Retry retry = Retry.attempts(5).withBackoff(Duration.ofNanos(1_000_003), 1.5, Duration.ofDays(1)).withoutJitter();
    assertThat(retry.call(attempts)).isEqualTo(5);
    attempts.paused(List.of(1_000_003L, 1_500_004L, 2_250_006L, 3_375_010L));
  }

  @EpolloTest(virtualTime = true, seeds = 50)
  void withASeed_thePausesAreThatRandomPart(World world) throws IOException {
    Attempts attempts = new Attempts(20);
    Duration first = Duration.ofMillis(100);
    Retry retry = Retry.attempts(21).withBackoff(first, 2, HOUR).withJitter(new Random(world.seed()));
    assertThat(retry.call(attempts)).isEqualTo(21);
    Random replay = new Random(world.seed());
    Backoff backoff = Backoff.of(first, 2, HOUR);
    List<Long> expected = new ArrayList<>();
    for (int failures = 1; failures <= 20; failures++) {
      expected.add(backoff.jittered(failures, replay));
    }
    attempts.paused(expected);
  }

  @EpolloTest(virtualTime = true, seeds = 3)
  void anOuterDeadline_endsIt_butOneOfTheAttemptIsAFailure() {
    AtomicInteger calls = new AtomicInteger();
    Stopwatch watch = new Stopwatch();
    assertThatThrownBy(() -> Timers.withTimeout(Duration.ofMillis(5), () -> QUICK.call(() -> {
      calls.incrementAndGet();
      Timers.sleep(HOUR);
    }))).isInstanceOf(DeadlineExceededException.class).hasMessageContaining("PT0.005S");
    assertThat(calls).hasValue(1);
    watch.shows(Duration.ofMillis(5));
    Stopwatch second = new Stopwatch();
    Retry retry = Retry.attempts(5).withBackoff(MILLI, 1, MILLI).withoutJitter();
    assertThatThrownBy(() -> retry.call(() -> {
      calls.incrementAndGet();
      Timers.withTimeout(MILLI, () -> Timers.sleep(HOUR));
    })).isInstanceOf(DeadlineExceededException.class).hasMessageContaining("PT0.001S");
    assertThat(calls).hasValue(6);
    second.shows(Duration.ofMillis(5 + 4), 9);
  }

  @EpolloTest(virtualTime = true, seeds = 3)
  void itsOwnTimeout_coversAttemptsAndPauses() {
    Attempts attempts = new Attempts(Integer.MAX_VALUE);
    Stopwatch watch = new Stopwatch();
    Retry retry = Retry.attempts(Integer.MAX_VALUE).withBackoff(MILLI, 1, MILLI).withoutJitter()
        .withTimeout(Duration.ofMillis(20));
    assertThatThrownBy(() -> retry.call(attempts)).isInstanceOf(DeadlineExceededException.class)
        .hasMessageContaining("PT0.02S").satisfies(e -> assertThat(e.getSuppressed()).hasSize(8));
    watch.shows(Duration.ofMillis(20));
    assertThat(attempts.pauses).hasSize(20); // the last pause, late by some ticks, is cut off
  }
}
