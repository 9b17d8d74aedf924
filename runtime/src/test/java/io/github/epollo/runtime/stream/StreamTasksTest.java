package io.github.epollo.runtime.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.sync.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams among tasks and threads. */
class StreamTasksTest {
  private static AsyncStream<Integer> upTo(int n) {
    return AsyncStream.fromStream(IntStream.range(0, n).boxed());
  }

  private static AsyncStream<Integer> generated(int n) {
    return AsyncStream.generate(sink -> {
      for (int i = 0; i < n; i++) {
        sink.emit(i);
        Tasks.yieldNow();
      }
    });
  }

  @Test
  void aGeneratorAndItsReaderTakeTurns() {
    List<String> log = new ArrayList<>();
    Epollo.run(() -> {
      AsyncStream<Integer> stream = AsyncStream.generate(sink -> {
        for (int i = 1; i <= 2; i++) {
          log.add("makes " + i);
          sink.emit(i);
        }
        log.add("ends");
      });
      Tasks.yieldNow();
      log.add("begins");
      for (int n : stream) {
        for (int i = 0; i < 5; i++) {
          Tasks.yieldNow();
        }
        log.add("has " + n);
      }
    });
    assertThat(log).containsExactly("begins", "makes 1", "has 1", "makes 2", "has 2", "ends");
  }

  @Property(tries = 30)
  void aGeneratorThatIsClosedAfterAnyNumberOfValuesRunsItsFinallyBlocks(@ForAll @IntRange(max = 5) int values) {
    AtomicInteger made = new AtomicInteger();
    AtomicInteger cleaned = new AtomicInteger();
    Epollo.run(() -> {
      try (AsyncStream<Integer> stream = AsyncStream.generate(sink -> {
        try {
          while (true) {
            sink.emit(made.getAndIncrement());
          }
        } finally {
          Tasks.yieldNow();
          cleaned.incrementAndGet();
        }
      })) {
        for (int i = 0; i < values; i++) {
          assertThat(stream.next()).isEqualTo(i);
        }
      }
    });
    assertThat(made).hasValue(values);
    assertThat(cleaned).hasValue(values == 0 ? 0 : 1);
  }

  @Test
  void aGeneratorThatFailsFailsTheStreamAfterItsValues() {
    Epollo.run(() -> {
      AsyncStream<Integer> stream = AsyncStream.generate(sink -> {
        sink.emit(1);
        throw new IllegalStateException("no more");
      });
      assertThat(stream.next()).isEqualTo(1);
      assertThatThrownBy(stream::next).hasMessage("no more");
    });
  }

  @Test
  void aGeneratorThatGoesOnAfterItsStreamWasClosedIsTold() {
    CompletableFuture<Throwable> told = new CompletableFuture<>();
    Epollo.run(() -> {
      AsyncStream<Integer> stream = AsyncStream.generate(sink -> {
        try {
          sink.emit(1);
        } catch (CancellationException e) {
          try {
            sink.emit(2);
          } catch (CancellationException again) {
            told.complete(again);
          }
        }
      });
      assertThat(stream.next()).isEqualTo(1);
      stream.close();
      assertThat(Future.fromCompletionStage(told).await()).hasMessageContaining("the stream was closed");
    });
  }

  @Test
  void aGeneratorOutsideARuntimeIsAnError() {
    assertThatThrownBy(generated(1)::next).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> upTo(1).toPublisher()).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aReaderThatIsCancelledWhileItWaitsLosesNoValue() {
    Epollo.run(() -> {
      AsyncStream<Integer> stream = generated(100);
      List<Integer> seen = new ArrayList<>();
      while (true) {
        AtomicBoolean over = new AtomicBoolean();
        Task<?> reader = Tasks.spawn(() -> {
          for (Integer n; (n = stream.next()) != null;) {
            seen.add(n);
          }
          over.set(true);
        });
        for (int i = 0; i < seen.size() % 7; i++) {
          Tasks.yieldNow();
        }
        reader.cancel().await();
        if (over.get()) {
          break;
        }
        Integer mine = stream.next();
        if (mine == null) {
          break;
        }
        seen.add(mine);
      }
      assertThat(seen).containsExactlyElementsOf(IntStream.range(0, 100).boxed().toList());
    });
  }

  @Test
  void aMillionValuesThatAreDroppedLetOtherTasksRun() {
    for (boolean stackless : List.of(false, true)) {
      Epollo.run(() -> {
        AtomicInteger turns = new AtomicInteger();
        Task<?> other = Tasks.spawn(() -> {
          while (true) {
            turns.incrementAndGet();
            Tasks.yieldNow();
          }
        });
        Future<Long> counting = upTo(1_000_000).filter(n -> n < 0).countAsync();
        assertThat(stackless ? Tasks.spawn(counting).join() : counting.await()).isZero();
        assertThat(turns).hasValueGreaterThan(100);
        other.cancel().await();
      });
    }
  }

  @Test
  void aChannelIsReadUpToItsEndAndKeepsWhatAClosedStreamDidNotTake() {
    Epollo.run(() -> {
      Channel<Integer> channel = Channel.bounded(2);
      Task<?> sender = Tasks.spawn(() -> {
        for (int i = 0; i < 50; i++) {
          channel.send(i);
        }
        channel.close();
      });
      assertThat(AsyncStream.fromChannel(channel).take(20).toList()).hasSize(20).isSorted();
      try (AsyncStream<Integer> waiting = AsyncStream.fromChannel(channel);
          Future<Integer> next = waiting.nextAsync()) {
        assertThat(next.poll(() -> {})).isNotNull();
      }
      List<Integer> rest = AsyncStream.fromChannel(channel).toList();
      assertThat(rest).isSorted().endsWith(49);
      assertThat(rest.size()).isGreaterThanOrEqualTo(29); // the poll above may have taken one
      sender.join();
    });
  }

  @Test
  void forEachConcurrentRunsAsManyTasksAsItIsAllowed() {
    Epollo.run(() -> {
      AtomicInteger running = new AtomicInteger();
      AtomicInteger most = new AtomicInteger();
      AtomicInteger done = new AtomicInteger();
      CountDownLatch seven = new CountDownLatch(7); // the first ones wait for each other
      upTo(100).forEachConcurrent(7, _ -> Tasks.spawn(() -> {
        most.accumulateAndGet(running.incrementAndGet(), Math::max);
        seven.countDown();
        seven.await();
        for (int i = 0; i < 10; i++) {
          Tasks.yieldNow();
        }
        running.decrementAndGet();
        done.incrementAndGet();
      })).await();
      assertThat(done).hasValue(100);
      assertThat(most).hasValue(7);
    });
  }

  @Test
  void groupsAreReadByATaskEach() {
    Epollo.run(() -> {
      AtomicInteger sum = new AtomicInteger();
      List<Task<?>> readers = new ArrayList<>();
      generated(1000).groupBy(n -> n % 5, 5, 3).forEach(group -> readers.add(Tasks.spawn(() -> group.forEach(n -> {
        assertThat(n % 5).isEqualTo(group.key());
        sum.addAndGet(n);
      }))));
      readers.forEach(Task::join);
      assertThat(readers).hasSize(5);
      assertThat(sum).hasValue(499_500);
    });
  }

  @Test
  void halvesAreReadByDifferentThreads() throws Exception {
    for (int round = 0; round < 20; round++) {
      for (boolean tee : List.of(false, true)) {
        int n = 5_000;
        AsyncStream<Integer> source = upTo(n).mapAsync(i -> i % 10 == 0
            ? Future.fromCompletionStage(CompletableFuture.supplyAsync(() -> i))
            : Future.ready(i));
        Split<Integer> split = tee ? source.tee(4) : source.split(4, i -> i % 3 == 0);
        List<Integer> first = new CopyOnWriteArrayList<>();
        Thread thread = Thread.ofPlatform().start(() -> first.addAll(split.first().toList()));
        List<Integer> second = split.second().toList();
        thread.join();
        assertThat(first).isEqualTo(IntStream.range(0, n).filter(i -> tee || i % 3 == 0).boxed().toList());
        assertThat(second).isEqualTo(IntStream.range(0, n).filter(i -> tee || i % 3 != 0).boxed().toList());
      }
    }
  }

  @Test
  void wakesFromManyThreadsAreNotLost() {
    int n = 20_000;
    List<Integer> all = IntStream.range(0, n).boxed().toList();
    assertThat(upTo(n).buffered(16, i -> Future.fromCompletionStage(CompletableFuture.supplyAsync(() -> i))).toList())
        .isEqualTo(all);
    assertThat(
        upTo(n).bufferedUnordered(16, i -> Future.fromCompletionStage(CompletableFuture.supplyAsync(() -> i))).toList())
        .containsExactlyInAnyOrderElementsOf(all);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 16})
  void aPublisherOfTheJdkIsRead(int window) throws Exception {
    SubmissionPublisher<Integer> publisher = new SubmissionPublisher<>();
    Thread sender = Thread.ofPlatform().start(() -> {
      while (publisher.getNumberOfSubscribers() == 0) {
        Thread.onSpinWait();
      }
      IntStream.range(0, 5_000).forEach(publisher::submit);
      publisher.close();
    });
    assertThat(AsyncStream.fromPublisher(publisher, window).toList()).hasSize(5_000).isSorted();
    sender.join();
  }

  @Property(tries = 30)
  void aStreamThatBecomesAPublisherAndAStreamAgainIsTheSame(@ForAll @IntRange(max = 50) int n,
      @ForAll @IntRange(min = 1, max = 9) int window,
      @ForAll boolean fails) {
    Epollo.run(() -> {
      AsyncStream<Integer> source = fails
          ? generated(n).chain(AsyncStream.failed(new IllegalStateException("lost")))
          : generated(n);
      Seen seen = Seen.of(AsyncStream.fromPublisher(source.toPublisher(), window)).await();
      assertThat(seen)
          .isEqualTo(new Seen(IntStream.range(0, n).mapToObj(i -> (Object) i).toList(), fails ? "lost" : null));
    });
  }

  @Test
  void aStreamCanBePublishedToOneSubscriberOnly() {
    Epollo.run(() -> {
      Flow.Publisher<Integer> publisher = upTo(3).toPublisher();
      assertThat(AsyncStream.fromPublisher(publisher, 1).toList()).containsExactly(0, 1, 2);
      assertThatThrownBy(() -> AsyncStream.fromPublisher(publisher, 1).toList())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("has a subscriber already");
    });
  }

  @Test
  void closingTheReaderOfAPublisherClosesTheStreamBehindIt() {
    Epollo.run(() -> {
      CompletableFuture<String> closed = new CompletableFuture<>();
      Flow.Publisher<Integer> publisher = AsyncStream.iterate(0, n -> n + 1).onClose(() -> closed.complete("closed"))
          .toPublisher();
      assertThat(AsyncStream.fromPublisher(publisher, 4).take(10).toList()).hasSize(10);
      assertThat(Future.fromCompletionStage(closed).await()).isEqualTo("closed");
    });
  }

  @Test
  void aPublisherThatSendsMoreThanItWasAskedForIsAnError() {
    AtomicBoolean cancelled = new AtomicBoolean();
    AsyncStream<Integer> stream = AsyncStream
        .fromPublisher(subscriber -> subscriber.onSubscribe(new Flow.Subscription() {
          @Override
          public void request(long n) {
            for (int i = 0; i < 1000; i++) {
              subscriber.onNext(i);
            }
          }

          @Override
          public void cancel() {
            cancelled.set(true);
          }
        }), 4);
    assertThatThrownBy(() -> stream.forEach(_ -> {})).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("rule 1.1");
    assertThat(cancelled).isTrue();
  }

  @Test
  void aPublisherOfARuntimeThatIsClosedTellsItsSubscriber() {
    Flow.Publisher<Integer> publisher;
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    try (Epollo epollo = Epollo.start()) {
      publisher = epollo.spawn(() -> AsyncStream.<Integer>publisher(AsyncStream::pending)).join();
      AsyncStream<Integer> waiting = AsyncStream.fromPublisher(publisher, 1);
      Thread.ofVirtual().start(() -> failure.complete(org.assertj.core.api.Assertions.catchThrowable(waiting::next)));
      assertThat(AsyncStream.fromPublisher(publisher, 1).pollNext(() -> {})).isInstanceOf(Poll.Pending.class);
    }
    assertThat(failure.join()).isInstanceOfAny(CancellationException.class, IllegalStateException.class);
    assertThatThrownBy(AsyncStream.fromPublisher(publisher, 1)::next).isInstanceOf(IllegalStateException.class);
  }
}
