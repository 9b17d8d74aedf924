package io.github.epollo.runtime.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Sources, results, misuse and bounds; what operators do with values is in {@link StreamLawsTest}. */
class StreamTest {
  private static final Waker NOBODY = () -> {};

  private static AsyncStream<Integer> upTo(int n) {
    return AsyncStream.fromStream(IntStream.range(0, n).boxed());
  }

  @Test
  void sourcesHaveTheirValues() {
    assertThat(AsyncStream.of(1, 2, 3).toList()).containsExactly(1, 2, 3);
    assertThat(AsyncStream.empty().toList()).isEmpty();
    assertThat(AsyncStream.repeat("a").take(3).toList()).containsExactly("a", "a", "a");
    assertThat(AsyncStream.iterate(1, n -> n * 2).take(5).toList()).containsExactly(1, 2, 4, 8, 16);
    assertThat(AsyncStream.unfold(3, n -> n == 0 ? null : new Step<>("v" + n, n - 1)).toList()).containsExactly("v3",
        "v2", "v1");
    assertThat(AsyncStream.fromIterator(List.of(1, 2).iterator()).toList()).containsExactly(1, 2);
    assertThat(AsyncStream.fromFuture(Future.ready(5)).toList()).containsExactly(5);
    Queue<Integer> queue = new ArrayDeque<>(List.of(1, 2));
    assertThat(AsyncStream.fromCalls(() -> Future.ready(queue.poll())).toList()).containsExactly(1, 2);
    assertThat(AsyncStream.pending().pollNext(NOBODY)).isInstanceOf(Poll.Pending.class);
    IllegalStateException cause = new IllegalStateException();
    assertThatThrownBy(() -> AsyncStream.failed(cause).toList()).isSameAs(cause);
  }

  @Test
  void aJavaStreamIsClosedWithIt() {
    AtomicInteger closed = new AtomicInteger();
    AsyncStream.fromStream(Stream.of(1, 2).onClose(closed::incrementAndGet)).forEach(_ -> {});
    AsyncStream.fromStream(Stream.of(1, 2).onClose(closed::incrementAndGet)).close();
    assertThat(closed).hasValue(2);
  }

  @Test
  void resultsAreThoseOfJavaStreams() {
    assertThat(upTo(5).collect(Collectors.summingInt(n -> n))).isEqualTo(10);
    assertThat(upTo(5).fold("", (text, n) -> text + n)).isEqualTo("01234");
    assertThat(upTo(5).reduce(Integer::sum)).isEqualTo(10);
    assertThat(upTo(0).reduce(Integer::sum)).isNull();
    assertThat(upTo(5).count()).isEqualTo(5);
    assertThat(upTo(5).first()).isZero();
    assertThat(upTo(0).first()).isNull();
    assertThat(upTo(5).last()).isEqualTo(4);
    assertThat(upTo(1).single()).isZero();
    assertThatThrownBy(upTo(0)::single).isInstanceOf(NoSuchElementException.class);
    assertThatThrownBy(upTo(2)::single).isInstanceOf(IllegalStateException.class).hasMessageContaining("0, then 1");
    assertThat(upTo(5).anyMatch(n -> n == 3)).isTrue();
    assertThat(upTo(5).anyMatch(n -> n == 5)).isFalse();
    assertThat(upTo(5).allMatch(n -> n < 5)).isTrue();
    assertThat(upTo(5).allMatch(n -> n < 4)).isFalse();
    List<Integer> seen = new ArrayList<>();
    upTo(3).forEach(seen::add);
    AsyncStream<Integer> iterated = upTo(3);
    for (int n : iterated) {
      seen.add(n);
    }
    assertThat(seen).containsExactly(0, 1, 2, 0, 1, 2);
    Iterator<Integer> over = upTo(0).iterator();
    assertThat(over.hasNext()).isFalse();
    assertThat(over.hasNext()).isFalse();
    assertThatThrownBy(over::next).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void whatIsReadNoFurtherIsClosed() {
    AtomicInteger closed = new AtomicInteger();
    AtomicInteger asked = new AtomicInteger();
    AsyncStream<Integer> first = AsyncStream.iterate(0, n -> n + 1).inspect(_ -> asked.incrementAndGet())
        .onClose(closed::incrementAndGet);
    assertThat(first.first()).isZero();
    assertThat(AsyncStream.iterate(0, n -> n + 1).onClose(closed::incrementAndGet).anyMatch(n -> n == 7)).isTrue();
    assertThat(closed).hasValue(2);
    assertThat(asked).hasValue(1);
  }

  @Test
  void aFutureOfOneValueThatIsClosedLeavesTheStreamOpen() {
    CompletableFuture<Integer> late = new CompletableFuture<>();
    AsyncStream<Integer> stream = AsyncStream.fromFuture(Future.fromCompletionStage(late)).chain(AsyncStream.of(2));
    try (Future<Integer> next = stream.nextAsync()) {
      assertThat(next.poll(NOBODY)).isInstanceOf(Poll.Pending.class);
    }
    late.complete(1);
    assertThat(stream.next()).isEqualTo(1);
    assertThat(stream.next()).isEqualTo(2);
    assertThat(stream.next()).isNull();
    assertThatThrownBy(stream::next).isInstanceOf(IllegalStateException.class).hasMessageContaining("at its end");
  }

  @Test
  void peekedValuesAreNotTaken() {
    PeekableStream<Integer> stream = upTo(1).peekable();
    assertThat(stream.peek()).isZero();
    assertThat(stream.peek()).isZero();
    assertThat(stream.next()).isZero();
    assertThat(stream.peek()).isNull();
    assertThat(stream.next()).isNull();
    assertThatThrownBy(stream::peek).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aStreamThatIsClosedWithinAPollFailsAndIsReleased() {
    AtomicInteger closed = new AtomicInteger();
    for (Function<AsyncStream<Integer>, AsyncStream<?>> operator : List
        .<Function<AsyncStream<Integer>, AsyncStream<?>>>of(
            s -> s.filter(_ -> false), s -> s.flatMap(_ -> AsyncStream.empty()), s -> s.skipUntil(Future.pending()),
            s -> s.conflate(),
            s -> s.buffered(3, Future::ready), s -> s.flatMapConcurrent(3, _ -> AsyncStream.empty()),
            s -> s.switchMap(AsyncStream::of),
            s -> s.chunks(10_000), s -> s.zip(AsyncStream.pending(), List::of),
            s -> s.merge(AsyncStream.of(1)).filter(_ -> false))) {
      AsyncStream<?>[] self = new AsyncStream<?>[1];
      AtomicInteger count = new AtomicInteger();
      AsyncStream<Integer> endless = AsyncStream.iterate(0, n -> n + 1).onClose(closed::incrementAndGet).inspect(_ -> {
        if (count.incrementAndGet() == 5) {
          self[0].close();
        }
        if (count.get() > 5000) {
          throw new AssertionError("goes on for ever");
        }
      });
      self[0] = operator.apply(endless);
      Poll<?> poll = Poll.pending();
      for (int i = 0; i < 7 && count.get() < 5; i++) {
        poll = self[0].pollNext(NOBODY);
      }
      assertThat(count.get()).isBetween(1, 1025);
      self[0].close();
      assertThat(closed.getAndSet(0)).isEqualTo(1);
      assertThatThrownBy(() -> self[0].pollNext(NOBODY)).isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("it is closed");
      assertThat(count.get() < 5 || !(poll instanceof Poll.Pending)).isTrue();
    }
  }

  @Test
  void aPollWithinAPollIsAnError() {
    AsyncStream<?>[] self = new AsyncStream<?>[1];
    self[0] = upTo(1).inspect(_ -> self[0].pollNext(NOBODY));
    assertThatThrownBy(self[0]::toList).isInstanceOf(IllegalStateException.class).hasMessageContaining("being polled");
  }

  @Test
  void functionsThatReturnNullAreNamed() {
    assertThatThrownBy(() -> upTo(1).map(_ -> null).toList()).isInstanceOf(NullPointerException.class)
        .hasMessageContaining("map()");
    assertThatThrownBy(() -> upTo(1).mapAsync(_ -> null).toList()).isInstanceOf(NullPointerException.class)
        .hasMessageContaining("mapAsync()");
    assertThatThrownBy(() -> upTo(1).flatMap(_ -> null).toList()).isInstanceOf(NullPointerException.class)
        .hasMessageContaining("flatMap()");
    assertThatThrownBy(() -> upTo(1).buffered(1, _ -> null).toList()).isInstanceOf(NullPointerException.class)
        .hasMessageContaining("buffered()");
    assertThatThrownBy(() -> upTo(1).buffered(1, _ -> Future.ready(null)).toList())
        .isInstanceOf(NullPointerException.class)
        .hasMessageContaining("ready with null");
    assertThatThrownBy(() -> upTo(1).forEachConcurrent(1, _ -> null).await()).isInstanceOf(NullPointerException.class)
        .hasMessageContaining("forEachConcurrent()");
    assertThatThrownBy(() -> AsyncStream.fromIterable(Arrays.asList(1, null)).toList())
        .isInstanceOf(NullPointerException.class);
  }

  @TestFactory
  Stream<DynamicTest> badArgumentsAreRefused() {
    Duration negative = Duration.ofMillis(-1);
    return Stream
        .<ThrowingCallable>of(() -> upTo(1).take(-1), () -> upTo(1).skip(-1), () -> upTo(1).chunks(0),
            () -> upTo(1).readyChunks(-1),
            () -> upTo(1).chunksTimeout(1, Duration.ZERO), () -> upTo(1).chunksTimeout(0, Duration.ofSeconds(1)),
            () -> upTo(1).buffered(0, Future::ready), () -> upTo(1).bufferedUnordered(0, Future::ready),
            () -> upTo(1).flatMapConcurrent(-1, AsyncStream::of), () -> upTo(1).forEachConcurrent(0, Future::ready),
            () -> upTo(1).timeoutEach(negative),
            () -> upTo(1).throttle(Duration.ZERO), () -> upTo(1).debounce(negative), () -> upTo(1).sample(negative),
            () -> upTo(1).tee(0),
            () -> upTo(1).split(0, _ -> true), () -> upTo(1).groupBy(n -> n, 0, 1), () -> upTo(1).groupBy(n -> n, 1, 0),
            () -> AsyncStream.fromPublisher(_ -> {}, 0), () -> AsyncStream.fromPublisher(_ -> {}, 10_000_000),
            () -> RetryPolicy.backoff(0, Duration.ZERO, Duration.ZERO),
            () -> RetryPolicy.backoff(1, negative, Duration.ZERO),
            () -> RetryPolicy.backoff(1, Duration.ofSeconds(2), Duration.ofSeconds(1)))
        .map(call -> DynamicTest.dynamicTest("bad number",
            () -> assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching(".*(-1|0|PT).*")));
  }

  @TestFactory
  Stream<DynamicTest> nullsAreRefused() {
    return Stream
        .<ThrowingCallable>of(() -> upTo(1).map(null), () -> upTo(1).filter(null), () -> upTo(1).chain(null),
            () -> upTo(1).merge((AsyncStream<Integer>) null),
            () -> upTo(1).zip(null, List::of), () -> upTo(1).flatMap(null), () -> upTo(1).takeUntil(null),
            () -> upTo(1).scan(null, Integer::sum),
            () -> AsyncStream.of(1, null), () -> AsyncStream.failed(null), () -> AsyncStream.repeat(null),
            () -> AsyncStream.fromIterable(null), () -> AsyncStream.fromStream(null),
            () -> AsyncStream.fromChannel(null),
            () -> AsyncStream.fromBroadcast(null), () -> AsyncStream.fromBroadcast(null, _ -> {}),
            () -> AsyncStream.fromWatch(null), () -> AsyncStream.iterate(1, null), () -> AsyncStream.concat(null),
            () -> AsyncStream.merge((List<AsyncStream<Integer>>) null), () -> upTo(1).throttle(null),
            () -> upTo(1).collectAsync(null), () -> upTo(1).via(null), () -> upTo(1).allMatch(null),
            () -> AsyncStream.fromFuture(null), () -> AsyncStream.generate(null),
            () -> AsyncStream.fromPublisher(null, 1), () -> upTo(1).onClose(null),
            () -> upTo(1).recover(null), () -> AsyncStream.retrying(null, (_, _) -> null), () -> upTo(1).split(1, null),
            () -> upTo(1).forEachAsync(null))
        .map(call -> DynamicTest.dynamicTest("null",
            () -> assertThatThrownBy(call).isInstanceOf(NullPointerException.class)
                .hasMessageMatching("(a value of a stream is null|the time .* is null|\\w+)"))); // says which
  }

  @Test
  void aMillionValuesThatAreDroppedNeedNoStack() {
    assertThat(upTo(1_000_000).filter(n -> n == 999_999).single()).isEqualTo(999_999);
    assertThat(upTo(1_000_000).<Integer>flatMap(_ -> AsyncStream.empty()).count()).isZero();
    assertThat(upTo(1_000_000).skip(999_999).single()).isEqualTo(999_999);
    assertThat(upTo(1_000_000).<Integer>flatMapConcurrent(2, _ -> AsyncStream.empty()).count()).isZero();
    assertThat(upTo(1_000_000).chunks(1000).count()).isEqualTo(1000);
  }

  @Test
  void aThousandOperatorsAndALongChainNeedNoDeepStack() {
    AsyncStream<Integer> deep = upTo(3);
    for (int i = 0; i < 1000; i++) {
      deep = deep.map(n -> n + 1);
    }
    assertThat(deep.toList()).containsExactly(1000, 1001, 1002);
    AsyncStream<Integer> chain = AsyncStream.empty();
    for (int i = 0; i < 100_000; i++) {
      chain = chain.chain(AsyncStream.of(i));
    }
    assertThat(chain.count()).isEqualTo(100_000);
    assertThat(AsyncStream.merge(IntStream.range(0, 1000).mapToObj(AsyncStream::of).toList()).count()).isEqualTo(1000);
  }

  @Test
  void mergeGivesEachItsTurn() {
    AsyncStream<String> merged = AsyncStream
        .merge(List.of(AsyncStream.repeat("a"), AsyncStream.repeat("b"), AsyncStream.repeat("c")));
    assertThat(merged.take(6).toList()).containsExactly("a", "b", "c", "a", "b", "c");
  }

  @Test
  void bufferedRunsNoMoreThanItsBoundAndPollsOnlyWhatWasWoken() {
    List<CompletableFuture<Integer>> stages = new ArrayList<>();
    AtomicInteger polls = new AtomicInteger();
    for (boolean ordered : List.of(true, false)) {
      stages.clear();
      Function<Integer, Future<Integer>> slow = _ -> {
        CompletableFuture<Integer> stage = new CompletableFuture<>();
        stages.add(stage);
        return new AbstractFuture<>() {
          private final Future<Integer> future = Future.fromCompletionStage(stage);

          @Override
          protected Poll<Integer> advance(Waker waker) {
            polls.incrementAndGet();
            return future.poll(waker);
          }

          @Override
          protected void release() {
            future.close();
          }
        };
      };
      AsyncStream<Integer> stream = ordered ? upTo(10).buffered(3, slow) : upTo(10).bufferedUnordered(3, slow);
      polls.set(0);
      assertThat(stream.pollNext(NOBODY)).isInstanceOf(Poll.Pending.class);
      assertThat(stages).hasSize(3);
      assertThat(polls).hasValue(3);
      assertThat(stream.pollNext(NOBODY)).isInstanceOf(Poll.Pending.class);
      assertThat(polls).hasValue(3);
      stages.get(1).complete(1);
      assertThat(stream.pollNext(NOBODY)).isEqualTo(ordered ? Poll.pending() : Poll.ready(1));
      assertThat(polls).hasValue(4);
      assertThat(stages).hasSize(3);
      stream.close();
      assertThat(stages.get(0)).isCancelled();
      assertThat(stages.get(2)).isCancelled();
    }
  }

  @Test
  void teeWaitsForTheSlowerReaderOnceItsBufferIsFull() {
    AtomicInteger read = new AtomicInteger();
    Split<Integer> tee = upTo(100).inspect(_ -> read.incrementAndGet()).tee(4);
    for (int i = 0; i < 4; i++) {
      assertThat(tee.first().pollNext(NOBODY)).isEqualTo(Poll.ready(i));
    }
    assertThat(tee.first().pollNext(NOBODY)).isInstanceOf(Poll.Pending.class);
    assertThat(read).hasValue(5);
    AtomicInteger woken = new AtomicInteger();
    assertThat(tee.first().pollNext(woken::incrementAndGet)).isInstanceOf(Poll.Pending.class);
    assertThat(tee.second().pollNext(NOBODY)).isEqualTo(Poll.ready(0));
    assertThat(woken).hasValue(1);
    assertThat(tee.first().pollNext(NOBODY)).isEqualTo(Poll.ready(4));
    tee.second().close();
    assertThat(tee.first().toList()).hasSize(95);
  }

  @Test
  void aWakerThatThrowsKeepsNobodyFromBeingWoken() {
    CompletableFuture<Integer> late = new CompletableFuture<>();
    Split<Integer> tee = AsyncStream.fromFuture(Future.fromCompletionStage(late)).tee(1);
    AtomicInteger woken = new AtomicInteger();
    assertThat(tee.first().pollNext(() -> {
      throw new IllegalStateException("a bad waker");
    })).isInstanceOf(Poll.Pending.class);
    assertThat(tee.second().pollNext(woken::incrementAndGet)).isInstanceOf(Poll.Pending.class);
    woken.set(0);
    late.complete(1);
    assertThat(woken).hasValue(1);
    assertThat(tee.second().next()).isEqualTo(1);
  }

  @Test
  void whoReadsAValueForTheOtherHalfWakesIt() {
    Queue<Integer> values = new ArrayDeque<>();
    Split<Integer> split = AsyncStream
        .<Integer>fromPoll(_ -> values.isEmpty() ? Poll.pending() : Poll.ready(values.remove()))
        .split(1, n -> n % 2 == 0);
    AtomicInteger woken = new AtomicInteger();
    assertThat(split.first().pollNext(woken::incrementAndGet)).isInstanceOf(Poll.Pending.class);
    values.add(2);
    assertThat(split.second().pollNext(NOBODY)).isInstanceOf(Poll.Pending.class);
    assertThat(woken).hasValue(1);
    assertThat(split.first().pollNext(NOBODY)).isEqualTo(Poll.ready(2));
  }

  @Test
  void whoComesWhileTheOtherHalfIsReadingIsWokenAfterwards() {
    AtomicInteger woken = new AtomicInteger();
    List<AsyncStream<Integer>> second = new ArrayList<>();
    Split<Integer> split = AsyncStream.<Integer>fromPoll(_ -> {
      if (!second.isEmpty()) {
        assertThat(second.removeFirst().pollNext(woken::incrementAndGet)).isInstanceOf(Poll.Pending.class);
      }
      return Poll.pending();
    }).split(1, n -> n % 2 == 0);
    second.add(split.second());
    assertThat(split.first().pollNext(NOBODY)).isInstanceOf(Poll.Pending.class);
    assertThat(woken).hasValue(1);
  }

  @Test
  void aGroupThatIsFullHoldsUpTheOthers() {
    AtomicInteger read = new AtomicInteger();
    AsyncStream<Grouped<Integer, Integer>> groups = upTo(100).inspect(_ -> read.incrementAndGet()).groupBy(n -> n % 2,
        2, 3);
    Grouped<Integer, Integer> even = groups.next();
    Grouped<Integer, Integer> odd = groups.next();
    for (int i = 0; i < 3; i++) {
      assertThat(odd.next()).isEqualTo(2 * i + 1);
    }
    assertThat(odd.pollNext(NOBODY)).isInstanceOf(Poll.Pending.class);
    assertThat(read).hasValue(7); // three even ones that wait, and one that does not fit
    assertThat(even.next()).isZero();
    assertThat(odd.next()).isEqualTo(7);
  }

  @Test
  void splitClosesItsSourceWhenBothHalvesAre() {
    AtomicInteger closed = new AtomicInteger();
    Split<Integer> split = upTo(10).onClose(closed::incrementAndGet).split(1, n -> n % 2 == 0);
    split.first().close();
    assertThat(closed).hasValue(0);
    assertThat(split.second().next()).isEqualTo(1);
    split.close();
    assertThat(closed).hasValue(1);
  }

  @Test
  void aGroupTooManyIsAnErrorThatNamesTheBound() {
    AsyncStream<Grouped<Integer, Integer>> groups = upTo(3).groupBy(n -> n, 2, 1);
    Grouped<Integer, Integer> zero = groups.next();
    assertThat(zero.key()).isZero();
    assertThat(groups.next().key()).isEqualTo(1);
    assertThatThrownBy(groups::next).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("there are 2 groups already");
    assertThat(zero.next()).isZero();
    assertThatThrownBy(zero::next).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("there are 2 groups already");
  }

  @Test
  void aClosedGroupMakesRoomForAnother() {
    AsyncStream<Grouped<Integer, Integer>> groups = upTo(10_000).groupBy(n -> n, 2, 1);
    for (int i = 0; i < 10_000; i++) {
      try (Grouped<Integer, Integer> group = groups.next()) {
        assertThat(group.next()).isEqualTo(i);
      }
    }
    assertThat(groups.next()).isNull();
  }

  @Test
  void closingTheGroupsKeepsThoseThatWereHandedOutAndClosesTheOthers() {
    AtomicInteger closed = new AtomicInteger();
    AsyncStream<Grouped<Integer, Integer>> groups = upTo(100).onClose(closed::incrementAndGet).groupBy(n -> n % 3, 3,
        2);
    Grouped<Integer, Integer> zero = groups.next();
    groups.close();
    assertThat(zero.take(3).toList()).containsExactly(0, 3, 6);
    assertThat(closed).hasValue(1);
  }

  @Test
  void aStreamMapTakesStreamsWhileItIsRead() {
    StreamMap<String, Integer> map = new StreamMap<>();
    AtomicInteger woken = new AtomicInteger();
    assertThat(map.pollNext(woken::incrementAndGet)).isInstanceOf(Poll.Pending.class);
    map.put("a", AsyncStream.of(1));
    assertThat(woken).hasValue(1);
    assertThat(map.next()).isEqualTo(java.util.Map.entry("a", 1));
    assertThat(map.pollNext(NOBODY)).isInstanceOf(Poll.Pending.class);
    assertThat(map.keys()).isEmpty();
    AtomicInteger closed = new AtomicInteger();
    map.put("b", AsyncStream.<Integer>pending().onClose(closed::incrementAndGet));
    map.put("b", AsyncStream.of(2, 3));
    assertThat(closed).hasValue(1);
    assertThat(map.next()).isEqualTo(java.util.Map.entry("b", 2));
    assertThat(map.remove("b")).isTrue();
    assertThat(map.remove("b")).isFalse();
    map.complete();
    assertThat(map.next()).isNull();
    assertThatThrownBy(() -> map.put("c", AsyncStream.<Integer>pending().onClose(closed::incrementAndGet)))
        .isInstanceOf(IllegalStateException.class);
    assertThat(closed).hasValue(2);
  }

  @Test
  void backoffDoublesUpToItsCapAndGivesUp() {
    RetryPolicy policy = RetryPolicy.backoff(5, Duration.ofSeconds(1), Duration.ofSeconds(5));
    assertThat(IntStream.rangeClosed(1, 5).mapToObj(n -> policy.delay(n, new RuntimeException())))
        .containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4), Duration.ofSeconds(5),
            null);
  }

  @Test
  void retryingCountsFailuresInARowOnly() {
    AtomicInteger attempts = new AtomicInteger();
    AsyncStream<Integer> stream = AsyncStream.retrying(
        () -> AsyncStream.of(attempts.incrementAndGet()).chain(AsyncStream.failed(new IllegalStateException())),
        RetryPolicy.backoff(2, Duration.ZERO, Duration.ZERO));
    assertThat(stream.take(10).toList()).hasSize(10);
    AtomicInteger failing = new AtomicInteger();
    assertThatThrownBy(() -> AsyncStream.retrying(() -> {
      failing.incrementAndGet();
      throw new IllegalArgumentException("no stream");
    }, RetryPolicy.backoff(3, Duration.ZERO, Duration.ZERO)).toList()).hasMessage("no stream");
    assertThat(failing).hasValue(3);
  }
}
