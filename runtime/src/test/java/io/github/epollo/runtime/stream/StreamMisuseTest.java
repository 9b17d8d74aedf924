package io.github.epollo.runtime.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What others do against the contract, and what streams make of it. */
@Timeout(30)
class StreamMisuseTest {
  private static final Waker NOBODY = () -> {};

  @Test
  void aStreamOfAMapThatReplacesOrRemovesItselfWhileItIsPolledLeavesTheOthersAlone() {
    StreamMap<String, Integer> replaced = new StreamMap<>();
    replaced.put("a", AsyncStream.repeat(1).inspect(_ -> {
      replaced.put("a", AsyncStream.of(2, 3));
      replaced.complete();
    }));
    assertThat(replaced.map(e -> e.getValue()).toList()).endsWith(2, 3);

    StreamMap<String, Integer> removed = new StreamMap<>();
    removed.put("a", AsyncStream.repeat(1).filter(_ -> !removed.remove("a")));
    removed.put("b", AsyncStream.of(4));
    removed.complete();
    assertThat(removed.map(e -> e.getValue()).toList()).containsExactly(4);
  }

  @Test
  void aFailureIsNotLostByAReleaseThatThrows() {
    IllegalStateException lost = new IllegalStateException("lost");
    assertThatThrownBy(() -> AsyncStream.failed(lost).onClose(() -> {
      throw new IllegalArgumentException("cannot close");
    }).toList()).isSameAs(lost).hasSuppressedException(new IllegalArgumentException("cannot close"));
  }

  @Test
  void aChainThatWasClosedTakesNothingMore() {
    AtomicInteger closed = new AtomicInteger();
    AsyncStream<Integer> chain = AsyncStream.of(1).chain(AsyncStream.of(2));
    chain.close();
    AsyncStream<Integer> longer = chain.chain(AsyncStream.<Integer>of(3).onClose(closed::incrementAndGet));
    longer.close();
    assertThat(closed).hasValue(1);
  }

  private static AsyncStream<Integer> stubborn(AtomicInteger attempts, AtomicInteger closed) {
    return AsyncStream.of(attempts.get()).chain(AsyncStream.failed(new IllegalStateException("again")))
        .onClose(closed::incrementAndGet).recover(_ -> attempts.incrementAndGet() > 100_000
            ? AsyncStream.empty()
            : stubborn(attempts, closed));
  }

  @Test
  void aHundredThousandFailuresThatAreRecoveredInARowNestNoDeeper() {
    AtomicInteger closed = new AtomicInteger();
    assertThat(stubborn(new AtomicInteger(), closed).count()).isEqualTo(100_001);
    assertThat(closed).hasValue(100_001);
    try (AsyncStream<Integer> left = stubborn(new AtomicInteger(99_998), closed)) {
      assertThat(left.next()).isEqualTo(99_998);
      assertThat(left.next()).isEqualTo(99_999);
    }
    assertThat(closed).hasValue(100_003);
  }

  @Test
  void aReductionToNullIsAnError() {
    assertThatThrownBy(() -> AsyncStream.of(1, 2, 3).reduce((_, _) -> null)).isInstanceOf(NullPointerException.class)
        .hasMessageContaining("reduce()");
  }

  @Test
  void aCollectorWhoseResultIsItsContainerIsNotAskedForMore() {
    Collector<Integer, List<Integer>, List<Integer>> collector = new Collector<>() {
      @Override
      public Supplier<List<Integer>> supplier() {
        return ArrayList::new;
      }

      @Override
      public BiConsumer<List<Integer>, Integer> accumulator() {
        return List::add;
      }

      @Override
      public BinaryOperator<List<Integer>> combiner() {
        throw new UnsupportedOperationException("nothing is combined");
      }

      @Override
      public Function<List<Integer>, List<Integer>> finisher() {
        throw new UnsupportedOperationException("its result is its container");
      }

      @Override
      public Set<Characteristics> characteristics() {
        return Set.of(Characteristics.IDENTITY_FINISH, Characteristics.CONCURRENT);
      }
    };
    assertThat(AsyncStream.of(1, 2).collect(collector)).containsExactly(1, 2);
  }

  @Test
  void anAttemptThatThrowsFromItsPollIsClosed() {
    AtomicInteger closed = new AtomicInteger();
    AsyncStream<Integer> stream = AsyncStream.retrying(() -> new AsyncStream<Integer>() {
      @Override
      public Poll<Integer> pollNext(Waker waker) {
        throw new IllegalStateException("a bad stream");
      }

      @Override
      public void close() {
        closed.incrementAndGet();
      }
    }, RetryPolicy.backoff(3, Duration.ZERO, Duration.ZERO));
    assertThatThrownBy(stream::next).hasMessage("a bad stream");
    assertThat(closed).hasValue(3);
  }

  @Test
  void aFutureThatThrowsFromItsPollFailsInItsPlaceOfTheLineAndIsClosed() {
    AtomicInteger closed = new AtomicInteger();
    Future<Integer> bad = new Future<>() {
      @Override
      public Poll<Integer> poll(Waker waker) {
        throw new IllegalStateException("a bad future");
      }

      @Override
      public void close() {
        closed.incrementAndGet();
      }
    };
    AtomicInteger polls = new AtomicInteger();
    AtomicReference<Waker> slow = new AtomicReference<>();
    AsyncStream<Integer> stream = AsyncStream.of(1, 2).buffered(2, n -> n == 2 ? bad : Future.fromPoll(waker -> {
      slow.set(waker);
      return polls.incrementAndGet() == 1 ? Poll.pending() : Poll.ready(1);
    }));
    assertThat(stream.pollNext(NOBODY)).isInstanceOf(Poll.Pending.class);
    slow.get().wake();
    assertThat(stream.next()).isEqualTo(1);
    assertThatThrownBy(stream::next).hasMessage("a bad future");
    assertThat(closed).hasPositiveValue();
  }

  @Test
  void aGeneratorThatEmitsInAShieldIsNotLeftBehindByAReaderThatCloses() {
    AtomicReference<Throwable> told = new AtomicReference<>();
    Epollo.run(() -> {
      AsyncStream<Integer> stream = AsyncStream.generate(sink -> Tasks.shield(() -> {
        try {
          sink.emit(1);
          sink.emit(2);
        } catch (CancellationException e) {
          told.set(e);
        }
      }));
      assertThat(stream.next()).isEqualTo(1);
      Tasks.yieldNow();
      stream.close();
    });
    assertThat(told.get()).hasMessageContaining("the stream was closed");
  }

  @Test
  void twoTasksThatEmitAtOnceAreAnError() {
    AtomicReference<Generator.Sink<Integer>> kept = new AtomicReference<>();
    Epollo.run(() -> {
      AsyncStream<Integer> stream = AsyncStream.generate(sink -> {
        kept.set(sink);
        sink.emit(1);
        sink.emit(2);
      });
      assertThat(stream.next()).isEqualTo(1); // the generator is in its first emit until the next value is asked for
      Tasks.spawn(() -> {
        assertThatThrownBy(() -> kept.get().emit(3)).isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("one at a time");
      }).join();
      assertThat(stream.toList()).containsExactly(2);
    });
  }

  @Test
  void aSinkThatIsKeptBeyondTheGeneratorIsOfNoUse() {
    AtomicReference<Generator.Sink<Integer>> kept = new AtomicReference<>();
    Epollo.run(() -> {
      AsyncStream<Integer> stream = AsyncStream.generate(kept::set);
      AtomicBoolean returned = new AtomicBoolean();
      assertThat(stream.pollNext(() -> returned.set(true))).isInstanceOf(Poll.Pending.class);
      while (!returned.get()) { // wakes its reader when it has
        Tasks.yieldNow();
      }
      assertThatThrownBy(() -> kept.get().emit(1)).isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("has returned");
      assertThat(stream.toList()).isEmpty();
      assertThatThrownBy(() -> kept.get().emit(1)).isInstanceOf(CancellationException.class);
    });
  }

  @Test
  void aSubscriberThatThrowsInOnSubscribeHasItsStreamClosed() {
    AtomicBoolean closed = new AtomicBoolean();
    Epollo.run(() -> {
      Flow.Publisher<Integer> publisher = AsyncStream.of(1).onClose(() -> closed.set(true)).toPublisher();
      assertThatThrownBy(() -> publisher.subscribe(new Flow.Subscriber<>() {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
          throw new IllegalStateException("a bad subscriber");
        }

        @Override
        public void onNext(Integer value) {}

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onComplete() {}
      })).hasMessage("a bad subscriber");
    });
    assertThat(closed).isTrue();
  }

  /** Takes one value, then throws or cancels. */
  private static final class Brief implements Flow.Subscriber<Integer> {
    private final boolean throwing;
    private final List<Integer> seen = new ArrayList<>();
    private Flow.Subscription subscription;

    Brief(boolean throwing) {
      this.throwing = throwing;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
      given.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(Integer value) {
      seen.add(value);
      if (throwing) {
        throw new IllegalStateException("a bad subscriber");
      }
      subscription.cancel();
    }

    @Override
    public void onError(Throwable failure) {
      seen.add(-1);
    }

    @Override
    public void onComplete() {
      seen.add(-2);
    }
  }

  @Test
  void aSubscriberThatThrowsOrCancelsInOnNextGetsNothingMoreAndClosesTheStream() {
    for (boolean throwing : List.of(true, false)) {
      Brief subscriber = new Brief(throwing);
      AtomicInteger closed = new AtomicInteger();
      Epollo.run(EpolloOptions.defaults().withUncaughtHandler((_, _) -> {}), () -> {
        AsyncStream.of(1, 2, 3).onClose(closed::incrementAndGet).toPublisher().subscribe(subscriber);
        while (closed.get() == 0) {
          Tasks.yieldNow();
        }
      });
      assertThat(subscriber.seen).containsExactly(1);
      assertThat(closed).hasValue(1);
    }
  }

  @Test
  void signalsThatComeAfterTheCancelOrTheEndAreIgnored() {
    AtomicReference<Flow.Subscriber<? super Integer>> subscriber = new AtomicReference<>();
    Flow.Publisher<Integer> publisher = subscriber::set;
    AtomicInteger cancelled = new AtomicInteger();
    Flow.Subscription subscription = new Flow.Subscription() {
      @Override
      public void request(long n) {
        assertThat(n).isPositive();
      }

      @Override
      public void cancel() {
        cancelled.incrementAndGet();
      }
    };
    AsyncStream<Integer> closed = AsyncStream.<Integer>fromPublisher(publisher, 2);
    assertThat(closed.pollNext(NOBODY)).isInstanceOf(Poll.Pending.class);
    closed.close();
    subscriber.get().onSubscribe(subscription);
    assertThat(cancelled).hasValue(1);
    subscriber.get().onNext(1);
    subscriber.get().onComplete();

    AsyncStream<Integer> ended = AsyncStream.<Integer>fromPublisher(publisher, 2);
    assertThat(ended.pollNext(NOBODY)).isInstanceOf(Poll.Pending.class);
    subscriber.get().onSubscribe(subscription);
    subscriber.get().onSubscribe(subscription);
    assertThat(cancelled).as("the second subscription").hasValue(2);
    subscriber.get().onNext(1);
    subscriber.get().onComplete();
    subscriber.get().onNext(2);
    subscriber.get().onError(new IllegalStateException("late"));
    assertThat(ended.toList()).containsExactly(1);
  }
}
