package io.github.epollo.runtime.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.CheckedBody;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.stream.AsyncStream;
import io.github.epollo.runtime.stream.Split;
import io.github.epollo.runtime.sync.CancelRuns.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The values of a channel through an operator, to a reader whose wait is cut off anywhere and who then asks again: whoever stops waiting for a value loses none. */
class CancelEverywhereStreamTest {
  private static final int SEEDS = 12;
  private static final int VALUES = 4;

  private record Case(String name, Function<AsyncStream<Integer>, AsyncStream<?>> operator, List<?> expected) {
    Case(String name, Function<AsyncStream<Integer>, AsyncStream<?>> operator, Object... expected) {
      this(name, operator, List.of(expected));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> cases() {
    return Stream.of(new Case("none", s -> s, 0, 1, 2, 3), new Case("map", s -> s.map(v -> v * 2), 0, 2, 4, 6),
        new Case("filter", s -> s.filter(v -> v % 2 == 1), 1, 3),
        new Case("mapAsync", s -> s.mapAsync(CancelEverywhereStreamTest::soon), 0, 1, 2, 3),
        new Case("flatMap", s -> s.flatMap(v -> AsyncStream.of(v).chain(later(v + 10))), 0, 10, 1, 11, 2, 12, 3, 13),
        new Case("take", s -> s.take(3), 0, 1, 2), new Case("skip", s -> s.skip(1), 1, 2, 3),
        new Case("takeUntil", s -> s.takeUntil(Future.pending()), 0, 1, 2, 3),
        new Case("chain", s -> s.chain(later(9)), 0, 1, 2, 3, 9),
        new Case("merge", s -> s.merge(AsyncStream.empty()), 0, 1, 2, 3),
        new Case("zip", s -> s.zip(AsyncStream.iterate(5, n -> n + 1).mapAsync(CancelEverywhereStreamTest::soon),
            List::of), List.of(0, 5), List.of(1, 6), List.of(2, 7), List.of(3, 8)),
        new Case("scan", s -> s.scan(0, Integer::sum), 0, 1, 3, 6),
        new Case("chunks", s -> s.chunks(3), List.of(0, 1, 2), List.of(3)),
        new Case("buffered", s -> s.buffered(2, CancelEverywhereStreamTest::soon), 0, 1, 2, 3),
        new Case("bufferedUnordered", s -> s.bufferedUnordered(1, CancelEverywhereStreamTest::soon), 0, 1, 2, 3),
        new Case("flatMapConcurrent", s -> s.flatMapConcurrent(1, v -> later(v)), 0, 1, 2, 3),
        new Case("peekable", AsyncStream::peekable, 0, 1, 2, 3),
        new Case("recover", s -> s.recover(_ -> AsyncStream.empty()), 0, 1, 2, 3),
        new Case("groupBy", s -> s.groupBy(v -> 0, 1, 1).flatMapConcurrent(1, g -> g), 0, 1, 2, 3));
  }

  /** Ready at the second poll. */
  private static <T> Future<T> soon(T value) {
    AtomicInteger polls = new AtomicInteger();
    return Future.fromPoll(waker -> {
      if (polls.getAndIncrement() > 0) {
        return Poll.ready(value);
      }
      waker.wake();
      return Poll.pending();
    });
  }

  private static AsyncStream<Integer> later(int value) {
    return AsyncStream.fromFuture(soon(value));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void throughAnOperator(Case which) {
    CancelRuns.cancelEverywhere(SEEDS, 2, () -> {
      Channel<Integer> channel = Channel.rendezvous();
      AsyncStream<?> stream = which.operator
          .apply(AsyncStream.fromChannel(channel).onClose(channel::closeNow));
      List<Object> received = new ArrayList<>();
      return new Scenario(List.of(reader(stream, received), sender(channel)),
          _ -> assertThat(received).isEqualTo(which.expected));
    });
  }

  @Test
  void bothHalvesOfATee() {
    CancelRuns.cancelEverywhere(4 * SEEDS, 3, () -> {
      Channel<Integer> channel = Channel.bounded(1);
      Split<Integer> both = AsyncStream.fromChannel(channel).tee(1);
      List<Object> first = new ArrayList<>();
      List<Object> second = new ArrayList<>();
      return new Scenario(List.of(reader(both.first(), first), reader(both.second(), second), sender(channel)), _ -> {
        assertThat(first).containsExactly(0, 1, 2, 3);
        assertThat(second).containsExactly(0, 1, 2, 3);
      });
    });
  }

  @Test
  void bothSidesOfASplit() {
    CancelRuns.cancelEverywhere(4 * SEEDS, 3, () -> {
      Channel<Integer> channel = Channel.rendezvous();
      Split<Integer> sides = AsyncStream.fromChannel(channel).split(1, v -> v < 3);
      List<Object> low = new ArrayList<>();
      List<Object> high = new ArrayList<>();
      return new Scenario(List.of(reader(sides.first(), low), reader(sides.second(), high), sender(channel)), _ -> {
        assertThat(low).containsExactly(0, 1, 2);
        assertThat(high).containsExactly(3);
      });
    });
  }

  /** A stream whose futures take a value before they are ready with it. */
  private record Forgetful<T>(AsyncStream<T> source) implements AsyncStream<T> {
    @Override
    public Poll<T> pollNext(Waker waker) {
      return source.pollNext(waker);
    }

    @Override
    public Future<T> nextAsync() {
      return source.nextAsync().then(CancelEverywhereStreamTest::soon);
    }

    @Override
    public void close() {
      source.close();
    }
  }

  @Test
  void oneThatForgetsAValueIsCaught() {
    assertThatThrownBy(() -> throughAnOperator(new Case("forgetful", Forgetful::new, 0, 1, 2, 3)))
        .isInstanceOf(AssertionError.class).hasMessageContaining("cut at its wait");
  }

  private static CheckedBody<?> reader(AsyncStream<?> stream, List<Object> received) {
    return () -> {
      try (stream) {
        while (true) {
          Object next;
          try {
            next = stream.next();
          } catch (CancellationException e) {
            continue; // it is delivered once
          }
          if (next == null) {
            return;
          }
          received.add(next);
        }
      }
    };
  }

  private static CheckedBody<?> sender(Channel<Integer> channel) {
    return () -> {
      for (int value = 0; value < VALUES;) {
        try {
          channel.send(value);
          value++;
        } catch (CancellationException e) {
          // it was not sent: again
        } catch (ChannelClosedException e) {
          return; // nobody reads on
        }
      }
      channel.close();
    };
  }
}
