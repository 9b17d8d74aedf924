package io.github.epollo.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.loop.Loop;
import io.github.epollo.runtime.stream.AsyncStream;
import io.github.epollo.runtime.stream.RetryPolicy;
import io.github.epollo.runtime.sync.Channel;
import io.github.epollo.timers.Timers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The operators that know the time, in virtual time and against plain Java. Values come at multiples of 20 ms, and limits lie in between. */
class StreamTimeTest {
  private static final int TICK = 20;
  private static final int LIMIT = 50;
  private static final Duration LIMIT_DURATION = Duration.ofMillis(LIMIT);

  /** The value i comes after the i-th gap, in ticks. */
  private static AsyncStream<Integer> at(List<Integer> gaps) {
    return AsyncStream.generate(sink -> {
      for (int i = 0; i < gaps.size(); i++) {
        Timers.sleep(Duration.ofMillis(gaps.get(i) * TICK));
        sink.emit(i);
      }
    });
  }

  /** At what time each value comes, in milliseconds. */
  private static int[] times(List<Integer> gaps) {
    int[] times = new int[gaps.size()];
    for (int i = 0, now = 0; i < times.length; i++) {
      now += gaps.get(i) * TICK;
      times[i] = now;
    }
    return times;
  }

  /** To the end, and closed after each number of values: no timer may be left, which the simulation looks for. */
  private static <T> void assertGives(List<Integer> gaps, Function<AsyncStream<Integer>, AsyncStream<T>> operator,
      List<T> expected) {
    Simulation.ofSeed(gaps.hashCode()).run(_ -> {
      assertThat(operator.apply(at(gaps)).toList()).isEqualTo(expected);
      for (int n = 0; n < expected.size(); n++) {
        assertThat(operator.apply(at(gaps)).take(n).toList()).isEqualTo(expected.subList(0, n));
        AsyncStream<T> left = operator.apply(at(gaps));
        assertThat(Timers.withTimeoutOrNull(Duration.ofMillis(n * TICK + 1), left::toList)).satisfiesAnyOf(
            l -> assertThat(l).isNull(),
            l -> assertThat(l).isEqualTo(expected));
      }
      Timers.sleep(Duration.ofSeconds(1));
      assertThat(Timers.armed()).isZero();
    });
  }

  private static List<Integer> debounced(List<Integer> gaps) {
    return IntStream.range(0, gaps.size())
        .filter(i -> i == gaps.size() - 1 || gaps.get(i + 1) * TICK > LIMIT).boxed().toList();
  }

  @Property(tries = 40)
  void debounceGivesTheValuesAfterWhichItWasQuiet(@ForAll @Size(max = 12) List<@IntRange(max = 5) Integer> gaps) {
    assertGives(gaps, s -> s.debounce(LIMIT_DURATION), debounced(gaps));
  }

  private static List<Integer> sampled(List<Integer> gaps) {
    int[] times = times(gaps);
    List<Integer> expected = new ArrayList<>();
    for (int i = 0; i < times.length;) {
      int last = i;
      while (last + 1 < times.length && times[last + 1] < times[i] + LIMIT) {
        last++;
      }
      expected.add(last);
      i = last + 1;
    }
    return expected;
  }

  @Property(tries = 40)
  void sampleGivesTheNewestOfEachWindow(@ForAll @Size(max = 12) List<@IntRange(max = 5) Integer> gaps) {
    assertGives(gaps, s -> s.sample(LIMIT_DURATION), sampled(gaps));
  }

  private static List<List<Integer>> chunked(List<Integer> gaps, int size) {
    int[] times = times(gaps);
    List<List<Integer>> expected = new ArrayList<>();
    for (int i = 0; i < times.length;) {
      List<Integer> chunk = new ArrayList<>();
      int begin = times[i];
      while (i < times.length && chunk.size() < size && times[i] < begin + LIMIT) {
        chunk.add(i++);
      }
      expected.add(chunk);
    }
    return expected;
  }

  @Property(tries = 40)
  void chunksWaitNoLongerThanTheyAreToldTo(@ForAll @Size(max = 12) List<@IntRange(max = 5) Integer> gaps,
      @ForAll @IntRange(min = 1, max = 4) int size) {
    assertGives(gaps, s -> s.chunksTimeout(size, LIMIT_DURATION), chunked(gaps, size));
  }

  @Property(tries = 40)
  void throttleKeepsAllValuesApart(@ForAll @Size(max = 12) List<@IntRange(max = 5) Integer> gaps) {
    assertKeepsApart(gaps, s -> s.throttle(LIMIT_DURATION));
  }

  private static void assertKeepsApart(List<Integer> gaps, UnaryOperator<AsyncStream<Integer>> operator) {
    Simulation.ofSeed(gaps.hashCode()).run(_ -> {
      List<Long> times = new ArrayList<>();
      assertThat(operator.apply(at(gaps)).inspect(_ -> times.add(Loop.current().now())).count())
          .isEqualTo(gaps.size());
      for (int i = 1; i < times.size(); i++) {
        assertThat(times.get(i) - times.get(i - 1)).isGreaterThanOrEqualTo(LIMIT_DURATION.toNanos());
      }
    });
  }

  @Property(tries = 40)
  void timeoutEachFailsAtTheFirstGapThatIsTooLong(@ForAll @Size(max = 12) List<@IntRange(max = 3) Integer> gaps) {
    assertTimesOut(gaps, s -> s.timeoutEach(LIMIT_DURATION));
  }

  private static void assertTimesOut(List<Integer> gaps, UnaryOperator<AsyncStream<Integer>> operator) {
    int tooLong = (int) gaps.stream().takeWhile(gap -> gap * TICK < LIMIT).count();
    Simulation.ofSeed(gaps.hashCode()).run(_ -> {
      AsyncStream<Integer> stream = operator.apply(at(gaps));
      for (int i = 0; i < tooLong; i++) {
        assertThat(stream.next()).isEqualTo(i);
      }
      if (tooLong == gaps.size()) {
        assertThat(stream.next()).isNull();
      } else {
        assertThatThrownBy(stream::next).isInstanceOf(DeadlineExceededException.class)
            .hasMessageContaining("within PT0.05S");
      }
    });
  }

  /** One operator in the place of another, none at all, too short a limit, and a timer that is left. */
  @Test
  void aBrokenOperatorIsCaught() {
    List<Integer> gaps = List.of(0, 1, 1, 3, 2, 2, 2, 5);
    for (ThrowingCallable broken : List.<ThrowingCallable>of(
        () -> assertGives(gaps, s -> s.sample(LIMIT_DURATION), debounced(gaps)),
        () -> assertGives(gaps, s -> s, debounced(gaps)),
        () -> assertGives(gaps, s -> s.debounce(LIMIT_DURATION), sampled(gaps)),
        () -> assertGives(gaps, s -> s.sample(Duration.ofMillis(TICK)), sampled(gaps)),
        () -> assertGives(gaps, s -> s.chunks(3), chunked(gaps, 3)),
        () -> assertGives(gaps, s -> s.chunksTimeout(3, Duration.ofMillis(TICK)), chunked(gaps, 3)),
        () -> assertGives(gaps, s -> s.debounce(LIMIT_DURATION).inspect(_ -> {
          var _ = Timers.sleepAsync(Duration.ofDays(1)).poll(() -> {});
        }), debounced(gaps)),
        () -> assertKeepsApart(gaps, s -> s),
        () -> assertKeepsApart(gaps, s -> s.throttle(Duration.ofMillis(TICK))),
        () -> assertTimesOut(gaps, s -> s),
        () -> assertTimesOut(gaps, s -> s.timeoutEach(Duration.ofMillis(TICK))),
        () -> assertTimesOut(gaps, s -> s.timeoutEach(Duration.ofMillis(4 * TICK))))) {
      assertThatThrownBy(broken).isInstanceOfAny(AssertionError.class, RuntimeException.class);
    }
  }

  @EpolloTest(virtualTime = true)
  void timeoutEachCountsNoTimeWhileNobodyWaits() {
    AsyncStream<Integer> stream = at(List.of(0, 0, 1)).timeoutEach(LIMIT_DURATION);
    assertThat(stream.next()).isZero();
    Timers.sleep(Duration.ofDays(1));
    assertThat(stream.next()).isEqualTo(1);
    assertThat(stream.next()).isEqualTo(2);
    assertThat(stream.next()).isNull();
  }

  @EpolloTest(virtualTime = true)
  void retryingWaitsLongerEachTime() {
    List<Long> attempts = new ArrayList<>();
    assertThatThrownBy(() -> AsyncStream.retrying(() -> {
      attempts.add(Loop.current().now());
      return AsyncStream.failed(new IllegalStateException("down"));
    }, RetryPolicy.backoff(4, Duration.ofSeconds(1), Duration.ofSeconds(3))).toList()).hasMessage("down");
    assertThat(IntStream.range(1, attempts.size())
        .mapToObj(i -> Duration.ofNanos(attempts.get(i) - attempts.get(i - 1)).toSeconds()))
        .containsExactly(1L, 2L, 3L);
  }

  @EpolloTest(virtualTime = true)
  void switchMapGivesUpWhatIsNoLongerTheNewest() {
    assertThat(at(List.of(0, 1, 5, 1))
        .switchMap(n -> AsyncStream.of(n).throttle(Duration.ofMillis(1))
            .mapAsync(v -> Timers.sleepAsync(LIMIT_DURATION).map(_ -> v)))
        .toList()).containsExactly(1, 3);
  }

  @EpolloTest(virtualTime = true)
  void aStreamThatIsClosedWhileItsTimerRunsLeavesNone() {
    Duration day = Duration.ofDays(1);
    for (Function<AsyncStream<Integer>, AsyncStream<?>> operator : List
        .<Function<AsyncStream<Integer>, AsyncStream<?>>>of(s -> s.debounce(day), s -> s.sample(day),
            s -> s.chunksTimeout(9, day), s -> s.timeoutEach(day), s -> s.throttle(day),
            s -> AsyncStream.retrying(() -> s.chain(AsyncStream.failed(new IllegalStateException())),
                RetryPolicy.backoff(9, day, day)))) {
      AsyncStream<?>[] self = new AsyncStream<?>[1];
      AsyncStream<Integer> oneThenNone = AsyncStream.of(1).chain(AsyncStream.pending());
      self[0] = operator.apply(oneThenNone);
      for (int i = 0; i < 3; i++) {
        self[0].pollNext(() -> {});
      }
      self[0].close();
      assertThat(Timers.armed()).isZero();

      self[0] = operator.apply(AsyncStream.of(1, 2).inspect(_ -> self[0].close()).chain(AsyncStream.pending()));
      assertThat(self[0].pollNext(() -> {})).isNotInstanceOf(Poll.Pending.class);
      assertThat(Timers.armed()).isZero();
    }
  }

  @EpolloTest(virtualTime = true)
  void aValueThatIsThereAtTheDeadlineWins() {
    Channel<Integer> channel = Channel.unbounded();
    AsyncStream<Integer> stream = AsyncStream.fromChannel(channel).timeoutEach(LIMIT_DURATION);
    assertThat(stream.pollNext(() -> {})).isInstanceOf(Poll.Pending.class);
    Timers.sleep(LIMIT_DURATION);
    channel.trySend(1);
    assertThat(stream.next()).isEqualTo(1);
    AsyncStream<List<Integer>> chunks = AsyncStream.fromChannel(channel).chunksTimeout(2, LIMIT_DURATION);
    channel.trySend(2);
    assertThat(chunks.pollNext(() -> {})).isInstanceOf(Poll.Pending.class);
    Timers.sleep(LIMIT_DURATION);
    channel.trySend(3);
    assertThat(chunks.next()).containsExactly(2, 3);
  }
}
