package io.github.epollo.runtime.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A stream that is closed by a function that its own poll runs: the poll ends, all is released once, and nobody waits for ever. */
class ClosedWithinAPollTest {
  private static final Waker NOBODY = () -> {};
  private static final int TOO_OFTEN = 5_000;

  /**
   * One operator.
   *
   * @param name for the reader
   * @param maker makes it, of a source and a function that its poll may run
   */
  record Subject(String name, Maker maker) {
    @Override
    public String toString() {
      return name;
    }
  }

  interface Maker {
    AsyncStream<?> of(AsyncStream<Integer> source, Runnable hook);
  }

  static Stream<Subject> subjects() {
    return Stream.of( //
        new Subject("map", (s, hook) -> s.map(n -> run(hook, n))),
        new Subject("mapAsync", (s, hook) -> s.mapAsync(n -> Future.ready(run(hook, n)))),
        new Subject("mapAsync pending", (s, hook) -> s.mapAsync(n -> run(hook, Future.<Integer>pending()))),
        new Subject("filter", (s, hook) -> s.filter(_ -> run(hook, false))),
        new Subject("flatMap", (s, hook) -> s.flatMap(_ -> run(hook, AsyncStream.empty()))),
        new Subject("flatMap pending", (s, hook) -> s.flatMap(_ -> run(hook, AsyncStream.pending()))),
        new Subject("take", (s, hook) -> s.map(n -> run(hook, n)).take(1000)),
        new Subject("skip", (s, hook) -> s.map(n -> run(hook, n)).skip(100_000)),
        new Subject("takeWhile", (s, hook) -> s.takeWhile(_ -> run(hook, true))),
        new Subject("skipWhile", (s, hook) -> s.skipWhile(_ -> run(hook, true))),
        new Subject("takeUntil", (s, hook) -> s.takeUntil(Future.fromPoll(_ -> run(hook, Poll.pending())))),
        new Subject("skipUntil", (s, hook) -> s.skipUntil(Future.fromPoll(_ -> run(hook, Poll.pending())))),
        new Subject("scan", (s, hook) -> s.scan(0, (_, n) -> run(hook, n))),
        new Subject("distinctUntilChanged", (s, hook) -> s.distinctUntilChanged(_ -> run(hook, "same"))),
        new Subject("enumerate", (s, hook) -> s.inspect(_ -> hook.run()).enumerate()),
        new Subject("onClose", (s, hook) -> s.inspect(_ -> hook.run()).onClose(() -> {})),
        new Subject("recover", (s, hook) -> s.<Integer>flatMap(_ -> AsyncStream.failed(new IllegalStateException()))
            .recover(_ -> run(hook, AsyncStream.<Integer>pending()))),
        new Subject("peekable", (s, hook) -> s.inspect(_ -> hook.run()).peekable()),
        new Subject("chain", (s, hook) -> s.inspect(_ -> hook.run()).chain(AsyncStream.of(1))),
        new Subject("concat of empty ones",
            (s, hook) -> AsyncStream.concat(Stream
                .<AsyncStream<Integer>>concat(
                    Stream.generate(() -> AsyncStream.<Integer>empty().onClose(hook)).limit(10), Stream.of(s))
                .toList())),
        new Subject("merge", (s, hook) -> s.merge(AsyncStream.repeat(1).inspect(_ -> hook.run())).filter(_ -> false)),
        new Subject("zip", (s, hook) -> s.inspect(_ -> hook.run()).zip(AsyncStream.repeat(1), List::of)),
        new Subject("zip pending", (s, hook) -> s.inspect(_ -> hook.run()).zip(AsyncStream.pending(), List::of)),
        new Subject("half of a split", (s, hook) -> {
          Split<Integer> split = s.split(1, _ -> run(hook, false));
          split.second().close();
          return split.first();
        }), new Subject("half of a tee", (s, hook) -> {
          Split<Integer> split = s.inspect(_ -> hook.run()).tee(2);
          split.second().close();
          return split.first();
        }), new Subject("groupBy", (s, hook) -> s.groupBy(n -> run(hook, n), 1, 1).filter(group -> {
          group.close();
          return true;
        })), new Subject("group", (s, hook) -> {
          AsyncStream<Grouped<Integer, Integer>> groups = s.groupBy(n -> run(hook, n == 0 ? 0 : 1), 2, 1);
          Grouped<Integer, Integer> zero = groups.next();
          groups.close();
          return zero;
        }), new Subject("buffered", (s, hook) -> s.buffered(3, n -> run(hook, Future.ready(n)))),
        new Subject("buffered pending", (s, hook) -> s.buffered(100, _ -> run(hook, Future.pending()))),
        new Subject("bufferedUnordered", (s, hook) -> s.bufferedUnordered(3, n -> run(hook, Future.ready(n)))),
        new Subject("bufferedUnordered pending",
            (s, hook) -> s.bufferedUnordered(100, _ -> run(hook, Future.pending()))),
        new Subject("flatMapConcurrent", (s, hook) -> s.flatMapConcurrent(3, _ -> run(hook, AsyncStream.empty()))),
        new Subject("switchMap", (s, hook) -> s.switchMap(n -> run(hook, AsyncStream.of(n)))),
        new Subject("mapLatest", (s, hook) -> s.mapLatest(_ -> run(hook, Future.pending()))),
        new Subject("conflate", (s, hook) -> s.inspect(_ -> hook.run()).conflate()),
        new Subject("chunks", (s, hook) -> s.inspect(_ -> hook.run()).chunks(10_000)),
        new Subject("readyChunks", (s, hook) -> s.inspect(_ -> hook.run()).readyChunks(10_000)),
        new Subject("debounce", (s, hook) -> s.inspect(_ -> hook.run()).debounce(Duration.ofDays(1))),
        new Subject("retrying", (s, hook) -> instead(s, AsyncStream.retrying(
            () -> run(hook, AsyncStream.failed(new IllegalStateException())), (_, _) -> Duration.ZERO))),
        new Subject("retrying, in its policy", (s, hook) -> instead(s, AsyncStream.retrying(
            () -> AsyncStream.failed(new IllegalStateException()), (_, _) -> run(hook, Duration.ZERO)))),
        new Subject("unfold",
            (s, hook) -> instead(s, AsyncStream.unfold(1, n -> run(hook, new Step<>(n, n))))),
        new Subject("fromCalls", (s, hook) -> instead(s, AsyncStream.fromCalls(() -> run(hook, Future.ready(1))))),
        new Subject("StreamMap", (s, hook) -> {
          StreamMap<String, Integer> map = new StreamMap<>();
          map.put("a", s.inspect(_ -> hook.run()));
          map.put("b", AsyncStream.pending());
          return map;
        }));
  }

  private static AsyncStream<?> instead(AsyncStream<?> source, AsyncStream<?> stream) {
    source.close();
    return stream;
  }

  private static <R> R run(Runnable hook, R result) {
    hook.run();
    return result;
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void itEndsAndIsReleasedOnce(Subject subject) {
    for (int k = 1; k <= 5; k++) {
      int at = k;
      AtomicInteger closed = new AtomicInteger();
      AtomicInteger count = new AtomicInteger();
      List<AsyncStream<?>> self = new ArrayList<>();
      AsyncStream<Integer> endless = AsyncStream.iterate(0, n -> n + 1).onClose(closed::incrementAndGet);
      self.add(subject.maker().of(endless, () -> {
        if (count.incrementAndGet() == at && !self.isEmpty()) {
          self.getFirst().close();
        }
        if (count.get() > TOO_OFTEN) {
          throw new AssertionError("goes on for ever");
        }
      }));
      AsyncStream<?> stream = self.getFirst();
      Poll<?> poll = Poll.pending();
      for (int i = 0; i < 9 && count.get() < at; i++) {
        poll = stream.pollNext(NOBODY);
        assertThat(AbstractStream.isLast(poll) && count.get() < at).as("ended by itself: %s", poll).isFalse();
      }
      assertThat(count.get()).isBetween(1, 1100);
      if (count.get() >= at && at > 1) {
        assertThat(poll).isNotInstanceOf(Poll.Pending.class);
        assertThat(closed).as("closed by the poll").hasValue(1);
      }
      stream.close();
      assertThat(closed).hasValue(1);
      assertThatThrownBy(() -> stream.pollNext(NOBODY)).isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("it is closed");
    }
  }
}
