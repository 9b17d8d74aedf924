package io.github.epollo.runtime.future;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.future.laws.Lab;
import io.github.epollo.runtime.future.laws.Spec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class SharedTest {
  /** Several handles, joined: each gets the one outcome, however the polls and wakes fall, and wherever all is closed. */
  @Property(tries = 400)
  void eachHandleGetsTheOutcome(@ForAll long seed, @ForAll @IntRange(max = 4) int steps, @ForAll boolean fails,
      @ForAll @IntRange(min = 1, max = 5) int handles) {
    Spec spec = new Spec(steps, fails);
    Lab.check(seed, lab -> {
      Shared<Integer> first = lab.future(7, spec).shared();
      List<Future<Outcome<Integer>>> all = new ArrayList<>();
      for (int i = 1; i < handles; i++) {
        all.add(first.another().catching());
      }
      all.add(first.catching());
      return Future.join(all);
    }, (_, trial) -> {
      assertThat(trial.result()).isInstanceOfSatisfying(Poll.Ready.class, ready -> assertThat((List<?>) ready.value())
          .hasSize(handles)
          .allSatisfy(outcome -> assertThat(outcome.toString()).isEqualTo(spec.outcome(7).toString())));
    });
  }

  /** One handle is closed while others wait: they are not left without a wake. */
  @Property(tries = 400)
  void theOthersGoOnWhenOneIsClosed(@ForAll long seed, @ForAll @IntRange(max = 4) int steps,
      @ForAll @IntRange(max = 4) int closedAfter) {
    Lab.check(seed, lab -> {
      Shared<Integer> first = lab.future(7, new Spec(steps, false)).shared();
      Shared<Integer> second = first.another();
      int[] polls = new int[1];
      Future<Integer> both = new AbstractFuture<>() {
        @Override
        protected Poll<Integer> advance(Waker waker) {
          if (polls[0]++ >= closedAfter) {
            first.close();
          } else {
            // With a waker that leads nowhere: as if its owner were slow. The second must not depend on it.
            Poll<Integer> poll = first.poll(() -> {});
            if (poll instanceof Outcome) {
              return second.poll(waker);
            }
          }
          return second.poll(waker);
        }

        @Override
        protected void release() {
          first.close();
          second.close();
        }
      };
      return both;
    }, (_, trial) -> assertThat(trial.result()).isEqualTo(Poll.ready(7)));
  }

  @Test
  void theLastHandleClosesTheSource() {
    AtomicInteger released = new AtomicInteger();
    Future<Integer> source = new AbstractFuture<>() {
      @Override
      protected Poll<Integer> advance(Waker waker) {
        return Poll.pending();
      }

      @Override
      protected void release() {
        released.incrementAndGet();
      }
    };
    Shared<Integer> one = source.shared();
    Shared<Integer> two = one.another();
    one.close();
    one.close();
    assertThat(released).hasValue(0);
    assertThatThrownBy(one::another).isInstanceOf(IllegalStateException.class).hasMessageContaining("is closed");
    Shared<Integer> three = two.another();
    two.close();
    assertThat(released).hasValue(0);
    three.close();
    assertThat(released).hasValue(1);
  }

  @Test
  void theResultIsKept() {
    Shared<Integer> one = Future.ready(7).shared();
    assertThat(one.await()).isEqualTo(7);
    assertThat(one.another().await()).isEqualTo(7);
    assertThatThrownBy(() -> one.poll(() -> {})).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("finished");
  }

  /** A waker that throws keeps no other from being woken. */
  @Test
  void aWakerThatThrowsKeepsNoOtherFromBeingWoken() {
    CompletableFuture<Integer> stage = new CompletableFuture<>();
    Shared<Integer> one = Future.fromCompletionStage(stage).shared();
    Shared<Integer> two = one.another();
    List<String> woken = new ArrayList<>();
    assertThat(one.poll(() -> {
      throw new IllegalStateException("hostile");
    })).isEqualTo(Poll.pending());
    assertThat(two.poll(() -> woken.add("two"))).isEqualTo(Poll.pending());
    stage.complete(7);
    assertThat(woken).containsExactly("two");
    List<Throwable> reported = new ArrayList<>();
    Thread.UncaughtExceptionHandler before = Thread.currentThread().getUncaughtExceptionHandler();
    Thread.currentThread().setUncaughtExceptionHandler((_, thrown) -> reported.add(thrown));
    try {
      assertThat(two.poll(() -> {})).isEqualTo(Poll.ready(7)); // not its failure
    } finally {
      Thread.currentThread().setUncaughtExceptionHandler(before);
    }
    assertThat(reported).singleElement().asInstanceOf(InstanceOfAssertFactories.THROWABLE).hasMessage("hostile");
  }

  @Test
  void manyThreadsWaitForOneResult() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (int round = 0; round < 3_000; round++) {
        CompletableFuture<Integer> a = new CompletableFuture<>();
        CompletableFuture<Integer> b = new CompletableFuture<>();
        int value = round;
        Shared<Integer> first = Future.fromCompletionStage(a).then(_ -> Future.fromCompletionStage(b)).shared();
        List<java.util.concurrent.Future<Integer>> results = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
          Shared<Integer> handle = first.another();
          results.add(threads.submit(handle::await));
        }
        threads.execute(() -> a.complete(0));
        first.close();
        b.complete(value);
        for (java.util.concurrent.Future<Integer> result : results) {
          assertThat(result.get()).isEqualTo(value);
        }
      }
    }
  }
}
