package io.github.epollo.runtime.future;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.future.laws.Lab;
import io.github.epollo.runtime.future.laws.ScriptedFuture;
import io.github.epollo.runtime.future.laws.Spec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What is not a law for many children: single cases, bad input, and threads. */
class CombinatorTest {
  @Test
  void nullsAreRefusedWithTheirPlace() {
    Future<Integer> f = Future.ready(1);
    assertThatThrownBy(() -> Future.join(f, null, (a, b) -> a)).isInstanceOf(NullPointerException.class)
        .hasMessage("the future at index 1 is null");
    assertThatThrownBy(() -> Future.join(f, f, (a, b) -> a)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the future at index 1 is the one at index 0").hasMessageContaining("use shared()");
    assertThatThrownBy(() -> Future.anyOk(Arrays.asList(Future.ready(1), f, f)))
        .hasMessageContaining("the future at index 2 is the one at index 1");
    assertThatThrownBy(() -> Future.join(Arrays.asList(f, f, null))).hasMessage("the future at index 2 is null");
    assertThatThrownBy(() -> Future.tryJoin(null, f, f, (a, b, c) -> a)).hasMessage("the future at index 0 is null");
    assertThatThrownBy(() -> Future.race(f, null)).hasMessage("the future at index 1 is null");
    assertThatThrownBy(() -> Future.select(Arrays.asList(null, f))).hasMessage("the future at index 0 is null");
    assertThatThrownBy(() -> Future.anyOk(Arrays.asList(f, null))).hasMessage("the future at index 1 is null");
    assertThatThrownBy(() -> Future.join(f, f, null)).isInstanceOf(NullPointerException.class)
        .hasMessageContaining("combiner");
    assertThatThrownBy(() -> f.recover(null)).hasMessageContaining("recovery");
    assertThatThrownBy(() -> f.recover(null, _ -> 1)).hasMessageContaining("type");
    assertThatThrownBy(() -> f.inspect(null)).hasMessageContaining("inspector");
    assertThatThrownBy(() -> Future.lazy(null)).hasMessageContaining("supplier");
    assertThatThrownBy(() -> Future.fromExecutor(null, () -> 1)).hasMessageContaining("executor");
    assertThatThrownBy(() -> new FutureSet<>().add(null)).hasMessageContaining("future");
    assertThatThrownBy(() -> new FutureMap<String, Integer>().put(null, f)).hasMessageContaining("key");
  }

  @Test
  void noneAtAllIsRefusedWhereOneIsNeeded() {
    assertThat(Future.join(List.of()).await()).isEmpty();
    assertThat(Future.tryJoin(List.of()).await()).isEmpty();
    assertThatThrownBy(() -> Future.race(List.of())).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("use Future.pending()");
    assertThatThrownBy(() -> Future.selectInOrder(List.of())).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Future.anyOk(List.of())).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("use Future.failed(...)");
  }

  @Test
  void whatACombinerThrowsIsTheFailure() {
    RuntimeException thrown = new IllegalArgumentException("combiner");
    assertThatThrownBy(() -> Future.join(Future.ready(1), Future.ready(2), (_, _) -> {
      throw thrown;
    }).await()).isSameAs(thrown);
  }

  @Test
  void valuesMayBeNullOrOutcomes() {
    assertThat(
        Future.join(List.of(Future.<Object>ready(null), Future.<Object>ready(Outcome.ofFailure(new IOException()))))
            .await())
        .hasSize(2).startsWith((Object) null);
    assertThat(Future.race(Future.ready(null)).await()).isNull();
  }

  @Test
  void childrenThatFailWithTheSameExceptionDoNotSuppressIt() {
    RuntimeException same = new IllegalStateException("same");
    assertThatThrownBy(() -> Future.join(List.of(Future.failed(same), Future.failed(same))).await()).isSameAs(same)
        .hasNoSuppressedExceptions();
  }

  /** Hostile: a child that breaks its contract and throws from its poll, or from its close. */
  @Test
  void aChildThatThrowsKeepsNoOtherFromBeingClosed() {
    for (int way = 0; way < 4; way++) {
      Lab lab = new Lab(way);
      ScriptedFuture<Integer> other = lab.future(1, new Spec(-1, false));
      Future<Integer> hostile = new Future<>() {
        @Override
        public Poll<Integer> poll(Waker waker) {
          throw new IllegalStateException("poll");
        }

        @Override
        public void close() {
          throw new IllegalStateException("close");
        }
      };
      Future<?> group = switch (way) {
        case 0 -> Future.tryJoin(List.of(hostile, other));
        case 1 -> Future.raceInOrder(hostile, other);
        case 2 -> Future.join(hostile, other, (a, b) -> a);
        default -> Future.race(hostile, other);
      };
      if (way < 2) {
        assertThatThrownBy(group::await).hasMessage("poll");
      } else {
        assertThatThrownBy(group::close).hasMessage("close");
      }
      lab.check();
    }
  }

  @Test
  void lazyAsksAtTheFirstPoll() {
    List<String> asked = new ArrayList<>();
    Future<Integer> lazy = Future.lazy(() -> {
      asked.add("asked");
      return Future.ready(7);
    });
    assertThat(asked).isEmpty();
    assertThat(lazy.await()).isEqualTo(7);
    Future.lazy(() -> {
      asked.add("never");
      return Future.ready(7);
    }).close();
    assertThat(asked).containsExactly("asked");
    assertThatThrownBy(() -> Future.lazy(() -> null).await()).hasMessageContaining("given to lazy() returned null");
  }

  @Test
  void nowOrNeverPollsOnce() {
    assertThat(Future.ready(7).nowOrNever()).isEqualTo(Outcome.ofValue(7));
    IOException failure = new IOException();
    assertThat(Future.failed(failure).nowOrNever()).isEqualTo(Outcome.ofFailure(failure));
    Lab lab = new Lab(0);
    assertThat(lab.future(1, new Spec(-1, false)).nowOrNever()).isNull();
    lab.check();
  }

  @Test
  void anInspectorSeesWhatPasses() {
    List<Object> seen = new ArrayList<>();
    IOException failure = new IOException();
    assertThat(Future.ready(7).inspect(seen::add).inspectFailure(seen::add).await()).isEqualTo(7);
    assertThat(Future.failed(failure).inspect(seen::add).inspectFailure(seen::add).nowOrNever())
        .isEqualTo(Outcome.ofFailure(failure));
    assertThat(seen).containsExactly(7, failure);
    assertThatThrownBy(() -> Future.failed(failure).inspectFailure(_ -> {
      throw new IllegalStateException("inspector");
    }).await()).hasMessage("inspector").hasSuppressedException(failure);
  }

  @Property(tries = 300)
  void anAbortEndsTheWaiting(@ForAll long seed, @ForAll @IntRange(max = 4) int steps,
      @ForAll @IntRange(max = 4) int abortAfter) {
    Lab.check(seed, lab -> {
      Abortable<Integer> abortable = lab.future(1, new Spec(steps, false)).abortable();
      Future<Integer> aborter = lab.future(2, new Spec(abortAfter, false)).inspect(_ -> abortable.abort());
      return Future.join(abortable.catching(), aborter, (outcome, _) -> outcome);
    }, (_, trial) -> assertThat(trial.result()).isInstanceOfSatisfying(Poll.Ready.class, ready -> {
      Outcome<?> outcome = (Outcome<?>) ready.value();
      if (outcome.isValue()) {
        assertThat(outcome.get()).isEqualTo(1);
      } else {
        assertThat(outcome.failure()).isInstanceOf(CancellationException.class).hasMessage("child 1 was aborted");
      }
    }));
  }

  @Test
  void oneAbortedBeforeItBeganIsNotBegun() {
    Lab lab = new Lab(0);
    ScriptedFuture<Integer> source = lab.future(1, new Spec(0, false));
    Abortable<Integer> abortable = source.abortable();
    abortable.abort();
    assertThatThrownBy(abortable::await).isInstanceOf(CancellationException.class);
    assertThat(source.polls()).isZero();
    lab.check();
  }

  @Test
  void anAbortFromAnotherThreadRacesWithThePoll() throws Exception {
    for (int i = 0; i < 5_000; i++) {
      Abortable<Integer> abortable = Future.<Integer>pending().abortable();
      Thread thread = Thread.ofVirtual().start(abortable::abort);
      assertThatThrownBy(abortable::await).isInstanceOf(CancellationException.class);
      thread.join();
    }
  }

  @Test
  void anExecutorRunsTheWorkFromTheFirstPollOn() {
    List<Runnable> submitted = new ArrayList<>();
    Future<Integer> future = Future.fromExecutor(submitted::add, () -> 7);
    assertThat(submitted).isEmpty();
    List<String> woken = new ArrayList<>();
    assertThat(future.poll(() -> woken.add("old"))).isEqualTo(Poll.pending());
    assertThat(future.poll(() -> woken.add("new"))).isEqualTo(Poll.pending());
    assertThat(submitted).hasSize(1);
    submitted.getFirst().run();
    assertThat(woken).containsExactly("new");
    assertThat(future.await()).isEqualTo(7);
    assertThat(Future.fromExecutor(Runnable::run, () -> 8).await()).isEqualTo(8);
    IOException failure = new IOException();
    assertThat(Future.fromExecutor(Runnable::run, () -> {
      throw failure;
    }).nowOrNever()).isEqualTo(Outcome.ofFailure(failure));
  }

  @Test
  void closingInterruptsTheExecutorsThread() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
      Future<Integer> future = Future.fromExecutor(executor, () -> {
        begun.countDown();
        try {
          new CountDownLatch(1).await();
          return 1;
        } catch (InterruptedException e) {
          interrupted.complete(true);
          throw e;
        }
      });
      assertThat(future.poll(() -> {})).isEqualTo(Poll.pending());
      begun.await();
      future.close();
      assertThat(interrupted.get()).isTrue();
      assertThat(Future.fromExecutor(executor, Thread::interrupted).await()).isFalse();
    }
    ExecutorService closed = Executors.newSingleThreadExecutor();
    closed.shutdown();
    assertThatThrownBy(() -> Future.fromExecutor(closed, () -> 1).await())
        .isInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void aStageThatIsCancelledIsACancelledFuture() {
    CompletableFuture<Integer> stage = new CompletableFuture<>();
    Future<Integer> direct = Future.fromCompletionStage(stage);
    Future<Integer> dependent = Future.fromCompletionStage(stage.thenApply(n -> n + 1));
    assertThat(direct.poll(() -> {})).isEqualTo(Poll.pending());
    stage.cancel(true);
    assertThatThrownBy(direct::await).isInstanceOf(CancellationException.class);
    assertThatThrownBy(dependent::await).isInstanceOf(CancellationException.class);
  }

  @Test
  void chanceIsReplayedByItsSeed() {
    assertThat(new Chance(42).ints(100, 0, 10).toArray()).isEqualTo(new Chance(42).ints(100, 0, 10).toArray())
        .isNotEqualTo(new Chance(43).ints(100, 0, 10).toArray());
    assertThat(new Chance(42).nextLong()).isEqualTo(new SplittableRandom(42).nextLong()); // the same algorithm
    assertThat(Chance.current()).isSameAs(Chance.current()); // outside a runtime
  }
}
