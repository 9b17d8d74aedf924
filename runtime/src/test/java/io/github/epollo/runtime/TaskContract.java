package io.github.epollo.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.loop.CarrierChoice;
import io.github.epollo.runtime.loop.Loop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** How tasks run, take turns and hand over their results. */
abstract class TaskContract extends EpolloContract {
  TaskContract(CarrierChoice carrier, int loops) {
    super(carrier, loops);
  }

  @Test
  void runReturnsWhatTheBodyReturns() {
    assertThat(Epollo.<String>run(options, () -> "value")).isEqualTo("value");
    assertThat(Epollo.<String>run(options, () -> null)).isNull();
    AtomicBoolean ran = new AtomicBoolean();
    Epollo.run(options, () -> ran.set(true));
    assertThat(ran).isTrue();
  }

  @Test
  void runUsesTheCarrierAskedFor() {
    Epollo.run(options, () -> {
      assertThat(Thread.currentThread().isVirtual()).isTrue();
      assertThat(Epollo.current().loop().carriesTasks()).isEqualTo(carrier == CarrierChoice.LOOP);
      assertThat(Epollo.current().loop().isOnThread()).isEqualTo(carrier == CarrierChoice.LOOP);
    });
  }

  @Test
  void failuresReachWhoeverWaitsAsTheContractMapsThem() {
    RuntimeException unchecked = new IllegalArgumentException("unchecked");
    IOException io = new IOException("io");
    Exception checked = new Exception("checked");
    Error error = new AssertionError("error");
    assertThatThrownBy(() -> fail(unchecked)).isSameAs(unchecked);
    assertThatThrownBy(() -> fail(io)).isInstanceOf(UncheckedIOException.class).hasCause(io);
    assertThatThrownBy(() -> fail(checked)).isInstanceOf(CompletionException.class).hasCause(checked);
    assertThatThrownBy(() -> fail(error)).isSameAs(error);
    try (Epollo epollo = start()) {
      assertThatThrownBy(() -> epollo.call(() -> {
        throw io;
      })).isInstanceOf(UncheckedIOException.class).hasCause(io);
    }
    assertThat(uncaught).isEmpty();
  }

  private void fail(Throwable failure) {
    Epollo.run(options, () -> {
      switch (failure) {
        case Error e -> throw e;
        case Exception e -> throw e;
        default -> throw new AssertionError(failure);
      }
    });
  }

  @Test
  void manyJoinOneTask() throws Exception {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    try (Epollo epollo = start(); Epollo other = start()) {
      CompletableFuture<String> gate = new CompletableFuture<>();
      Task<String> task = epollo.spawn(() -> await(gate));
      List<Task<String>> joiners = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        joiners.add((i % 2 == 0 ? epollo : other).spawn(task::join));
      }
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        threads.add(thread(failure, () -> assertThat(task.join()).isEqualTo("value")));
      }
      gate.complete("value");
      for (Task<String> joiner : joiners) {
        assertThat(joiner.join()).isEqualTo("value");
      }
      for (Thread t : threads) {
        t.join();
      }
      assertThat(task.isDone()).isTrue();
      assertThat(task.join()).isEqualTo("value");
    }
    assertThat(failure).hasNullValue();
  }

  @Test
  void aJoinThatIsCancelledLeavesTheTaskAlone() {
    try (Epollo epollo = start()) {
      CompletableFuture<String> gate = new CompletableFuture<>();
      Task<String> task = epollo.spawn(() -> await(gate));
      Task<String> joiner = epollo.spawn(task::join);
      joiner.cancel().await();
      assertThatThrownBy(joiner::join).isInstanceOf(CancellationException.class)
          .hasMessageContaining("the end of task");
      gate.complete("value");
      assertThat(task.join()).isEqualTo("value");
    }
  }

  @Test
  void twoWakersThatAreEqualAreStillTwo() {
    record Counting(String name, AtomicInteger woken) implements Waker {
      @Override
      public void wake() {
        woken.incrementAndGet();
      }

      @Override
      public boolean equals(Object other) {
        return other instanceof Counting c && c.name.equals(name);
      }

      @Override
      public int hashCode() {
        return name.hashCode();
      }
    }

    try (Epollo epollo = start()) {
      CompletableFuture<String> gate = new CompletableFuture<>();
      Task<String> task = epollo.spawn(() -> await(gate));
      List<Counting> wakers = List.of(new Counting("w", new AtomicInteger()), new Counting("w", new AtomicInteger()),
          new Counting("w", new AtomicInteger()));
      wakers.forEach(w -> assertThat(task.poll(w)).isInstanceOf(Poll.Pending.class));
      gate.complete("value");
      task.join();
      while (wakers.stream().anyMatch(w -> w.woken.get() == 0)) {
        Thread.onSpinWait(); // a waker that is never called ends here
      }
      assertThat(wakers).allSatisfy(w -> assertThat(w.woken.get()).isEqualTo(1));
    }
  }

  @Test
  void aTaskAsAStage() throws Exception {
    try (Epollo epollo = start()) {
      assertThat(epollo.spawn(() -> "value").toCompletionStage().toCompletableFuture().get()).isEqualTo("value");
      IOException io = new IOException("io");
      CompletableFuture<Void> gate = new CompletableFuture<>();
      CompletableFuture<?> failed = epollo.spawn(() -> {
        await(gate);
        throw io;
      }).toCompletionStage().toCompletableFuture();
      gate.complete(null);
      assertThatThrownBy(failed::get).isInstanceOf(ExecutionException.class).hasCause(io);

      Task<?> forever = epollo.spawn(() -> Future.pending().await());
      assertThat(forever.toCompletionStage().toCompletableFuture().cancel(true)).isTrue();
      assertThatThrownBy(forever::join).isInstanceOf(CancellationException.class);

      Task<?> cancelled = epollo.spawn(() -> Future.pending().await());
      CompletableFuture<?> stage = cancelled.toCompletionStage().toCompletableFuture();
      cancelled.cancel().await();
      assertThatThrownBy(stage::get).isInstanceOf(CancellationException.class);
    }
    assertThat(uncaught).isEmpty();
  }

  @Test
  void aStageAsAFuture() {
    Epollo.run(options, () -> {
      assertThat(Future.fromCompletionStage(CompletableFuture.supplyAsync(() -> "value")).await()).isEqualTo("value");
      IOException io = new IOException("io");
      assertThatThrownBy(() -> await(CompletableFuture.supplyAsync(() -> {
        throw new UncheckedIOException(io);
      }))).isInstanceOf(UncheckedIOException.class).hasCause(io);
      assertThatThrownBy(() -> await(CompletableFuture.failedFuture(io))).isInstanceOf(UncheckedIOException.class);

      CompletableFuture<String> stage = new CompletableFuture<>();
      Task<String> waiting = Tasks.spawn(() -> await(stage));
      Tasks.yieldNow();
      waiting.cancel().await();
      assertThat(stage).isCancelled();
      assertThatThrownBy(() -> await(stage)).isInstanceOf(CancellationException.class);
    });
  }

  @Test
  void aFutureIsPolledWheneverItIsWoken() throws Exception {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    int rounds = 20_000;
    AtomicInteger published = new AtomicInteger();
    AtomicInteger seen = new AtomicInteger();
    AtomicReference<Waker> waker = new AtomicReference<>();
    try (Epollo epollo = start()) {
      Task<String> task = epollo.spawn(Future.fromPoll(w -> {
        waker.set(w);
        seen.set(published.get());
        return seen.get() == rounds ? Poll.ready("all seen") : Poll.pending();
      }));
      while (waker.get() == null) {
        Thread.onSpinWait();
      }
      Thread writer = thread(failure, () -> {
        for (int i = 1; i <= rounds; i++) {
          published.set(i);
          waker.get().wake();
          if (i % 100 == 0) {
            while (seen.get() < i) {
              Thread.onSpinWait(); // a lost wake-up ends here
            }
          }
        }
      });
      assertThat(task.join()).isEqualTo("all seen");
      writer.join();
      waker.get().wake(); // late
    }
    assertThat(failure).hasNullValue();
  }

  @Test
  void aWakeDuringThePollIsNotLost() {
    AtomicInteger polls = new AtomicInteger();
    Epollo.run(options, () -> {
      Task<Integer> task = Tasks.spawn(Future.fromPoll(w -> {
        w.wake();
        w.wake();
        return polls.incrementAndGet() == 1_000 ? Poll.ready(1_000) : Poll.pending();
      }));
      assertThat(task.join()).isEqualTo(1_000);
    });
    assertThat(polls).hasValue(1_000);
  }

  @Test
  void tasksThatYieldTakeTurns() {
    Epollo.run(options, () -> {
      List<String> steps = new CopyOnWriteArrayList<>();
      List<Task<?>> tasks = new ArrayList<>();
      for (String name : List.of("a", "b")) {
        tasks.add(Tasks.spawnOn(Loop.current(), () -> {
          for (int i = 0; i < 3; i++) {
            steps.add(name + i);
            Tasks.yieldNow();
          }
        }));
      }
      assertThat(steps.isEmpty() || carrier == CarrierChoice.SHARED).isTrue(); // a spawn does not run at once
      tasks.forEach(Task::join);
      assertThat(steps).containsExactlyInAnyOrder("a0", "b0", "a1", "b1", "a2", "b2");
      if (carrier == CarrierChoice.LOOP) {
        assertThat(steps).containsExactly("a0", "b0", "a1", "b1", "a2", "b2");
      }
    });
  }

  @Test
  void namesAppearWhereOneLooksForThem() {
    Epollo.run(options.withName("front"), () -> {
      assertThat(Epollo.current().toString()).startsWith("front (OPEN");
      Task<String> named = Tasks.spawn("reader", () -> Thread.currentThread().getName());
      assertThat(named.name()).isEqualTo("reader");
      assertThat(named).hasToString("task reader");
      assertThat(named.join()).isEqualTo("task reader");
      Task<?> unnamed = Tasks.spawn(() -> {});
      assertThat(unnamed.name()).matches("\\d+");
      assertThat(Tasks.current().name()).matches("\\d+");
    });
  }

  @Test
  void currentIsTheTaskItself() {
    Epollo.run(options, () -> {
      CompletableFuture<Task<?>> inside = new CompletableFuture<>();
      Task<?> task = Tasks.spawn(() -> {
        inside.complete(Tasks.current());
      });
      assertThat(await(inside)).isSameAs(task);
    });
  }
}
