package io.github.epollo.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Outcome;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.loop.CarrierChoice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What a scope does with its children, policy by policy. */
abstract class ScopeContract extends EpolloContract {
  ScopeContract(CarrierChoice carrier, int loops) {
    super(carrier, loops);
  }

  /** Never ends by itself, and counts its {@code finally} block. */
  static Waiting waiting(AtomicInteger cleaned) {
    return new Waiting(cleaned);
  }

  record Waiting(AtomicInteger cleaned) implements Callable<String> {
    @Override
    public String call() {
      try {
        return Future.<String>pending().await();
      } finally {
        Tasks.yieldNow();
        cleaned.incrementAndGet();
      }
    }
  }

  private static String fail(Exception e) throws Exception {
    throw e;
  }

  @Test
  void allResultsAreThereAfterTheJoin() {
    Epollo.run(options, () -> {
      try (var scope = TaskScope.open()) {
        Task<String> text = scope.spawn(() -> "six");
        Task<Integer> number = scope.spawn("number", () -> 7);
        Task<Integer> future = scope.spawn(Future.ready(8));
        scope.join();
        assertThat(text.isDone() && number.isDone() && future.isDone()).isTrue();
        assertThat(text.join() + number.join() + future.join()).isEqualTo("six78");
        assertThat(number.name()).isEqualTo("number");
      }
    });
  }

  @Test
  void theListOfResultsIsInTheOrderOfSpawning() {
    Epollo.run(options, () -> {
      try (var scope = TaskScope.open(ScopePolicy.<Integer>allSucceed())) {
        for (int i = 0; i < 20; i++) {
          int number = i;
          scope.spawn(() -> {
            for (int j = number; j < 20; j++) {
              Tasks.yieldNow();
            }
            return number;
          });
        }
        assertThat(scope.join()).hasSize(20).isSorted();
      }
    });
  }

  @Test
  void theFirstFailureCancelsTheOthersAndIsThrownOnceTheyHaveEnded() {
    IllegalStateException first = new IllegalStateException("first");
    IllegalStateException second = new IllegalStateException("second");
    AtomicInteger cleaned = new AtomicInteger();
    Epollo.run(options, () -> {
      try (var scope = TaskScope.open()) {
        Task<String> waiting = scope.spawn(waiting(cleaned));
        scope.spawn(() -> {
          try {
            Future.pending().await();
          } finally {
            throwUnchecked(second);
          }
        });
        Task<String> failing = scope.spawn(() -> {
          Tasks.yieldNow();
          return fail(first);
        });
        assertThatThrownBy(scope::join).isSameAs(first).hasSuppressedException(second);
        assertThat(first.getSuppressed()).containsExactly(second);
        assertThat(cleaned).hasValue(1);
        assertThatThrownBy(waiting::join).isInstanceOf(CancellationException.class);
        assertThatThrownBy(failing::join).isSameAs(first);
      }
    });
    assertThat(uncaught).isEmpty();
  }

  private static void throwUnchecked(RuntimeException e) {
    throw e;
  }

  @Test
  void joinThrowsCheckedFailuresAsAwaitDoes() {
    Epollo.run(options, () -> {
      try (var scope = TaskScope.open()) {
        scope.spawn(() -> fail(new IOException("disk")));
        assertThatThrownBy(scope::join).isInstanceOf(UncheckedIOException.class).hasMessageContaining("disk");
      }
      try (var scope = TaskScope.open(ScopePolicy.<String>allSucceed())) {
        scope.spawn(() -> fail(new TimeoutException("late")));
        assertThatThrownBy(scope::join).isInstanceOf(CompletionException.class)
            .hasCauseInstanceOf(TimeoutException.class);
      }
      try (var scope = TaskScope.open()) {
        scope.spawn(() -> {
          throw new AssertionError("error");
        });
        assertThatThrownBy(scope::join).isInstanceOf(AssertionError.class);
      }
    });
  }

  @Test
  void twoChildrenMayFailWithOneException() {
    IllegalStateException same = new IllegalStateException();
    Epollo.run(options, () -> {
      try (var scope = TaskScope.open()) {
        scope.spawn(() -> fail(same));
        scope.spawn(() -> fail(same));
        assertThatThrownBy(scope::join).isSameAs(same);
      }
    });
  }

  @Test
  void aChildThatIsCancelledHasNotSucceeded() {
    AtomicInteger cleaned = new AtomicInteger();
    Epollo.run(options, () -> {
      try (var scope = TaskScope.open()) {
        scope.spawn(waiting(cleaned));
        Task<String> one = scope.spawn(waiting(cleaned));
        Tasks.yieldNow();
        one.close();
        assertThatThrownBy(scope::join).isInstanceOf(CancellationException.class);
      }
    });
    assertThat(cleaned).hasValue(2);
  }

  @Test
  void theFirstSuccessWinsAndTheLosersHaveEnded() {
    AtomicInteger cleaned = new AtomicInteger();
    AtomicBoolean lateClosed = new AtomicBoolean();
    AutoCloseable early = () -> {
      throw new AssertionError("the winner is the caller's");
    };
    Epollo.run(options, () -> {
      try (var scope = TaskScope.open(ScopePolicy.<AutoCloseable>firstSuccess())) {
        scope.spawn(() -> {
          throw new IOException("does not matter");
        });
        scope.spawn(() -> {
          try {
            Future.pending().await();
          } catch (CancellationException e) {
            cleaned.incrementAndGet();
          }
          return () -> lateClosed.set(true);
        });
        scope.spawn(() -> {
          Tasks.yieldNow();
          return early;
        });
        assertThat(scope.join()).isSameAs(early);
        assertThat(cleaned).hasValue(1);
        assertThat(lateClosed).isTrue();
      }
    });
    assertThat(uncaught).isEmpty();
  }

  @Test
  void whenAllFailTheFirstFailureHasTheOthersSuppressed() {
    Epollo.run(options, () -> {
      try (var scope = TaskScope.open(ScopePolicy.<String>firstSuccess())) {
        for (int i = 0; i < 3; i++) {
          int number = i;
          Task<String> task = scope.spawn(() -> fail(new IllegalStateException("failure " + number)));
          while (!task.isDone()) {
            Tasks.yieldNow();
          }
        }
        assertThatThrownBy(scope::join).hasMessage("failure 0").satisfies(
            e -> assertThat(e.getSuppressed()).extracting(Throwable::getMessage).containsExactly("failure 1",
                "failure 2"));
      }
    });
  }

  @Test
  void withoutChildrenThereIsAResultIfThereCanBeOne() {
    Epollo.run(options, () -> {
      try (var scope = TaskScope.open()) {
        scope.join();
      }
      try (var scope = TaskScope.open(ScopePolicy.allSucceed())) {
        assertThat(scope.join()).isEmpty();
      }
      try (var scope = TaskScope.open(ScopePolicy.firstSuccess())) {
        assertThatThrownBy(scope::join).isInstanceOf(IllegalStateException.class).hasMessageContaining("no task");
      }
    });
  }

  @Test
  void allOutcomesAreCollectedInTheOrderOfSpawning() {
    IllegalStateException failure = new IllegalStateException();
    Epollo.run(options, () -> {
      try (var scope = TaskScope.open(ScopePolicy.<String>collectAll())) {
        scope.spawn(() -> {
          Tasks.yieldNow();
          return "slow";
        });
        scope.spawn(() -> fail(failure));
        Task<String> cancelled = scope.spawn(waiting(new AtomicInteger()));
        cancelled.close();
        List<Outcome<String>> outcomes = scope.join();
        assertThat(outcomes.get(0).get()).isEqualTo("slow");
        assertThat(outcomes.get(1)).isEqualTo(Outcome.ofFailure(failure));
        assertThat(outcomes.get(2).failure()).isInstanceOf(CancellationException.class);
        assertThat(outcomes).hasSize(3);
      }
    });
  }

  @Test
  void aSupervisedChildFailsAlone() {
    RuntimeException failure = new IllegalStateException();
    List<Throwable> told = new CopyOnWriteArrayList<>();
    Epollo.run(options, () -> {
      try (var scope = TaskScope.open(ScopePolicy.supervise())) {
        scope.spawn(() -> fail(failure));
        Task<String> sibling = scope.spawn(() -> {
          Tasks.yieldNow();
          return "alive";
        });
        scope.spawn(waiting(new AtomicInteger())).close();
        scope.join();
        assertThat(sibling.join()).isEqualTo("alive");
      }
      assertThat(uncaught).containsExactly(failure);
      try (var scope = TaskScope.open(ScopePolicy.supervise((task, e) -> {
        assertThat(task.name()).isEqualTo("failing");
        told.add(e);
      }))) {
        scope.spawn("failing", () -> fail(failure));
        scope.join();
      }
    });
    assertThat(told).containsExactly(failure);
    assertThat(uncaught).containsExactly(failure);
  }

  @Test
  void aPolicyThatThrowsEndsTheScopeWithWhatItThrew() {
    IllegalStateException thrown = new IllegalStateException("policy");
    AtomicInteger cleaned = new AtomicInteger();
    Epollo.run(options, () -> {
      try (var scope = TaskScope.open(ScopePolicy.supervise((_, _) -> {
        throw thrown;
      }))) {
        scope.spawn(waiting(cleaned));
        scope.spawn(() -> fail(new IOException()));
        assertThatThrownBy(scope::join).isSameAs(thrown);
      }
    });
    assertThat(cleaned).hasValue(1);
  }

  @Test
  void closeCancelsWhatIsLeftAndWaitsForItsFinallyBlocks() {
    AtomicInteger cleaned = new AtomicInteger();
    Epollo.run(options, () -> {
      TaskScope<?, ?> left;
      try (var scope = TaskScope.open()) {
        left = scope;
        scope.spawn(waiting(cleaned));
        Tasks.yieldNow();
        scope.spawn(waiting(cleaned)); // may not have begun
      }
      assertThat(cleaned).hasValue(2);
      left.close();
    });
  }

  @Test
  void whatTheBodyThrowsHasTheFailuresOfTheChildrenSuppressed() {
    IOException thrown = new IOException("body");
    IllegalStateException inFinally = new IllegalStateException("finally");
    Epollo.run(options, () -> {
      assertThatThrownBy(() -> {
        try (var scope = TaskScope.open()) {
          scope.spawn(() -> {
            try {
              Future.pending().await();
            } finally {
              throwUnchecked(inFinally);
            }
          });
          Tasks.yieldNow();
          throw thrown;
        }
      }).isSameAs(thrown);
      assertThat(thrown.getSuppressed()).hasSize(1);
      assertThat(thrown.getSuppressed()[0]).isInstanceOf(CompletionException.class).hasCause(inFinally);
    });
  }

  @Test
  void aFailureThatNobodyJoinedIsThrownByClose() {
    IllegalStateException failure = new IllegalStateException();
    Epollo.run(options, () -> {
      assertThatThrownBy(() -> {
        try (var scope = TaskScope.open()) {
          Task<?> task = scope.spawn(() -> fail(failure));
          while (!task.isDone()) {
            Tasks.yieldNow();
          }
        }
      }).isInstanceOf(CompletionException.class).hasCause(failure).hasMessageContaining("without a join");
      assertThatThrownBy(() -> {
        try (var scope = TaskScope.open()) {
          Object _ = scope.spawn(() -> fail(failure)).join();
        }
      }).isSameAs(failure);
    });
  }

  @Test
  void aFailureOfCleanUpIsNotLostBehindACancelledScope() {
    IllegalStateException failure = new IllegalStateException();
    Epollo.run(options, () -> {
      assertThatThrownBy(() -> {
        try (var scope = TaskScope.open()) {
          scope.spawn(() -> {
            try {
              return Future.<String>pending().await();
            } finally {
              throwUnchecked(failure);
            }
          });
          Future<?> _ = scope.cancel();
        }
      }).isInstanceOf(CompletionException.class).cause().isInstanceOf(CancellationException.class)
          .hasSuppressedException(failure);
    });
  }

  @Test
  void aLateResultThatCannotBeClosedDoesNotSpoilTheFirst() {
    IOException failure = new IOException();
    AutoCloseable first = () -> {};
    Epollo.run(options, () -> {
      try (var scope = TaskScope.open(ScopePolicy.<AutoCloseable>firstSuccess())) {
        scope.spawn(() -> first);
        scope.spawn(() -> {
          while (!Thread.currentThread().isInterrupted()) { // by the cancel that follows the first success
            Thread.yield();
          }
          return () -> {
            throw failure;
          };
        });
        assertThat(scope.join()).isSameAs(first);
      }
    });
    assertThat(uncaught).containsExactly(failure);
  }

  /** A child is either refused or waited for, whatever moment it comes at. */
  @Test
  void whatOthersSpawnWhileTheScopeEndsIsWaitedFor() {
    try (Epollo epollo = start()) {
      for (int i = 0; i < 300; i++) {
        boolean joins = i % 2 == 0;
        AtomicReference<TaskScope<Integer, List<Outcome<Integer>>>> opened = new AtomicReference<>();
        List<Task<Integer>> taken = new CopyOnWriteArrayList<>();
        Thread other = Thread.ofPlatform().start(() -> {
          while (opened.get() == null) {
            Thread.onSpinWait();
          }
          try {
            for (int n = 0; n < 50; n++) {
              taken.add(opened.get().spawn(() -> 1));
            }
          } catch (IllegalStateException e) {
            // it has ended
          }
        });
        AtomicInteger left = new AtomicInteger();
        int joined = epollo.call(() -> {
          int results = 0;
          try (var scope = TaskScope.open(ScopePolicy.<Integer>collectAll())) {
            opened.set(scope);
            if (joins) {
              results = scope.join().size();
            }
          }
          left.set((int) taken.stream().filter(t -> !t.isDone()).count());
          return results;
        });
        join(other);
        assertThat(left).hasValue(0);
        assertThat(taken).allMatch(Task::isDone);
        assertThat(joined).isEqualTo(joins ? taken.size() : 0);
      }
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Nobody is to interrupt the thread of a task, but libraries do. */
  @Test
  void anInterruptOfTheOwnersThreadDoesNotShortenTheClose() {
    List<String> steps = new CopyOnWriteArrayList<>();
    CompletableFuture<String> goOn = new CompletableFuture<>();
    try (Epollo epollo = start()) {
      Task<Boolean> owner = epollo.spawn(() -> {
        try (var scope = TaskScope.open()) {
          scope.spawn(() -> {
            try {
              return Future.<String>pending().await();
            } finally {
              steps.add("cleaning");
              Tasks.shield(() -> {
                steps.add(Future.fromCompletionStage(goOn).await());
              });
            }
          });
        }
        steps.add("closed");
        return Thread.interrupted();
      });
      while (steps.isEmpty()) {
        Thread.onSpinWait();
      }
      Thread thread = Objects.requireNonNull(owner.thread());
      thread.interrupt();
      while (thread.isInterrupted() && !owner.isDone()) {
        Thread.onSpinWait();
      }
      epollo.call(Tasks::yieldNow);
      goOn.complete("cleaned");
      assertThat(owner.join()).as("still interrupted").isTrue();
    }
    assertThat(steps).containsExactly("cleaning", "cleaned", "closed");
  }

  /** The one that was cancelled is asked first; whoever only logs the failure still learns the reason. */
  @Test
  void aFailureThatAnotherTasksCancellationHidesIsReported() {
    IllegalStateException failure = new IllegalStateException();
    try (Epollo epollo = start()) {
      Task<?> owner = epollo.spawn(() -> {
        try (var scope = TaskScope.open()) {
          Task<String> waiting = scope.spawn(waiting(new AtomicInteger()));
          scope.spawn(() -> fail(failure));
          String _ = waiting.join();
        }
      });
      while (!owner.isDone() || uncaught.isEmpty()) {
        Thread.onSpinWait();
      }
      assertThatThrownBy(owner::join).isInstanceOf(CancellationException.class);
    }
    assertThat(uncaught).hasSize(1);
    assertThat(uncaught.get(0).getSuppressed()[0]).hasCause(failure);
  }

  @Test
  void whenTheOwnerIsCancelledTheChildrenEndFirst() {
    AtomicInteger cleaned = new AtomicInteger();
    IllegalStateException inFinally = new IllegalStateException("finally");
    AtomicReference<Throwable> seen = new AtomicReference<>();
    AtomicInteger cleanedThen = new AtomicInteger();
    try (Epollo epollo = start()) {
      CompletableFuture<Void> begun = new CompletableFuture<>();
      Task<?> owner = epollo.spawn(() -> {
        try (var scope = TaskScope.open()) {
          scope.spawn(waiting(cleaned));
          scope.spawn(() -> {
            try {
              begun.complete(null);
              Future.pending().await();
            } finally {
              throwUnchecked(inFinally);
            }
          });
          try {
            scope.join();
          } catch (CancellationException e) {
            seen.set(e);
            cleanedThen.set(cleaned.get());
            assertThatThrownBy(() -> scope.spawn(() -> 1)).isInstanceOf(IllegalStateException.class);
            throw e;
          }
        }
      });
      await(begun);
      owner.cancel().await();
      assertThatThrownBy(owner::join).isSameAs(seen.get());
    }
    assertThat(cleanedThen).hasValue(1);
    assertThat(seen.get().getSuppressed()).containsExactly(inFinally);
  }

  @Test
  void cancelFromAChildCancelsItsSiblingsAndItself() {
    AtomicInteger cleaned = new AtomicInteger();
    Epollo.run(options, () -> {
      try (var scope = TaskScope.open(ScopePolicy.supervise())) {
        scope.spawn(waiting(cleaned));
        Task<?> canceller = scope.spawn(() -> {
          Tasks.yieldNow();
          var end = scope.cancel();
          assertThatThrownBy(() -> Tasks.shield(() -> {
            end.await();
          })).isInstanceOf(IllegalStateException.class).hasMessageContaining("wait for itself");
          Tasks.yieldNow();
        });
        assertThatThrownBy(scope::join).isInstanceOf(CancellationException.class).hasMessageContaining("was cancelled");
        assertThatThrownBy(canceller::join).isInstanceOf(CancellationException.class);
        assertThat(cleaned).hasValue(1);
      }
    });
  }

  @Test
  void cancelFromAPlainThreadReturnsWhenAllHaveEnded() {
    try (Epollo epollo = start()) {
      AtomicInteger cleaned = new AtomicInteger();
      CompletableFuture<TaskScope<?, ?>> opened = new CompletableFuture<>();
      Task<?> owner = epollo.spawn(() -> {
        try (var scope = TaskScope.open()) {
          scope.spawn(waiting(cleaned));
          scope.spawnBackground(() -> {
            String _ = waiting(cleaned).call();
          });
          opened.complete(scope);
          scope.join();
        }
      });
      await(opened).cancel().await();
      assertThat(cleaned).hasValue(2);
      assertThatThrownBy(owner::join).isInstanceOf(CancellationException.class);
      await(opened).cancel().await();
    }
  }

  @Test
  void whatIsSpawnedAfterACancelRunsUpToItsFirstAwait() {
    Epollo.run(options, () -> {
      try (var scope = TaskScope.open(ScopePolicy.collectAll())) {
        scope.cancel().await();
        AtomicInteger steps = new AtomicInteger();
        Task<?> late = scope.spawn(() -> {
          steps.incrementAndGet();
          Tasks.yieldNow();
          steps.incrementAndGet();
        });
        assertThatThrownBy(late::join).isInstanceOf(CancellationException.class);
        assertThat(steps).hasValue(1);
      }
    });
  }

  @Test
  void aBackgroundTaskDoesNotKeepJoinWaitingAndEndsWithTheScope() {
    AtomicInteger cleaned = new AtomicInteger();
    RuntimeException failure = new IllegalStateException();
    Epollo.run(options, () -> {
      try (var scope = TaskScope.open(ScopePolicy.<Integer>firstSuccess())) {
        Task<Void> background = scope.spawnBackground("heartbeat", () -> {
          String _ = waiting(cleaned).call();
        });
        scope.spawnBackground(() -> fail(failure));
        scope.spawn(() -> 42);
        assertThat(scope.join()).isEqualTo(42);
        assertThatThrownBy(() -> scope.spawnBackground(() -> {})).isInstanceOf(IllegalStateException.class);
        assertThat(background.name()).isEqualTo("heartbeat");
      }
      assertThat(cleaned).hasValue(1);
    });
    assertThat(uncaught).containsExactly(failure);
  }

  @Test
  void aCleanUpInAShieldIsWaitedFor() {
    AtomicBoolean sent = new AtomicBoolean();
    Epollo.run(options, () -> {
      try (var scope = TaskScope.open()) {
        scope.spawn(() -> {
          try {
            Future.pending().await();
          } finally {
            Tasks.shield(() -> {
              for (int i = 0; i < 5; i++) {
                Tasks.yieldNow();
              }
              sent.set(true);
            });
          }
        });
        Tasks.yieldNow();
      }
      assertThat(sent).isTrue();
    });
  }

  @Test
  void nestedScopesEndFromTheInside() {
    List<String> ends = new CopyOnWriteArrayList<>();
    Epollo.run(options, () -> {
      try (var scope = TaskScope.open()) {
        CompletableFuture<Void> begun = new CompletableFuture<>();
        scope.spawn(() -> {
          try (var inner = TaskScope.open()) {
            inner.spawn(() -> {
              try {
                begun.complete(null);
                Future.pending().await();
              } finally {
                Tasks.yieldNow();
                ends.add("inner");
              }
            });
            inner.join();
          } finally {
            ends.add("outer");
          }
        });
        Void _ = await(begun);
      }
    });
    assertThat(ends).containsExactly("inner", "outer");
  }

  @Test
  void aChildMaySpawnSiblingsWhileTheOwnerJoins() {
    Epollo.run(options, () -> {
      AtomicInteger ended = new AtomicInteger();
      try (var scope = TaskScope.open()) {
        scope.spawn(() -> {
          for (int i = 0; i < 10; i++) {
            Tasks.yieldNow();
            scope.spawn(() -> {
              Tasks.yieldNow();
              ended.incrementAndGet();
            });
          }
        });
        scope.join();
        assertThat(ended).hasValue(10);
      }
    });
  }

  @Test
  void aChildMayJoinASibling() {
    Epollo.run(options, () -> {
      try (var scope = TaskScope.open()) {
        Task<Integer> six = scope.spawn(() -> {
          Tasks.yieldNow();
          return 6;
        });
        Task<Integer> answer = scope.spawn(() -> six.join() * 7);
        scope.join();
        assertThat(answer.join()).isEqualTo(42);
      }
    });
  }

  @Test
  void joinAsyncIsOnlyTheWaiting() {
    Epollo.run(options, () -> {
      try (var scope = TaskScope.open(ScopePolicy.<Integer>allSucceed())) {
        CompletableFuture<Integer> number = new CompletableFuture<>();
        scope.spawn(() -> await(number));
        var abandoned = scope.joinAsync();
        Poll<List<Integer>> _ = abandoned.poll(() -> {
          throw new AssertionError("closed futures wake nobody");
        });
        abandoned.close();
        number.complete(1);
        assertThat(scope.joinAsync().await()).containsExactly(1);
        assertThatThrownBy(scope::joinAsync).isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("joined before");
        assertThatThrownBy(scope::join).isInstanceOf(IllegalStateException.class).hasMessageContaining("joined before");
      }
    });
    assertThat(uncaught).isEmpty();
  }

  private static final ScopedValue<String> USER = ScopedValue.newInstance();
  private static final ScopedValue<String> UNBOUND = ScopedValue.newInstance();
  private static final ScopedValue<String> OTHER = ScopedValue.newInstance();

  @Test
  void namedScopedValuesReachChildrenAndTheirScopes() throws Exception {
    Epollo.run(options, () -> ScopedValue.where(USER, "ada").where(OTHER, "x").call(() -> {
      try (var scope = TaskScope.open(ScopePolicy.<String>allSucceed(), o -> o.carrying(USER, UNBOUND))) {
        scope.spawn(() -> USER.get() + UNBOUND.isBound() + OTHER.isBound());
        scope.spawn(() -> {
          try (var inner = TaskScope.open(ScopePolicy.<String>allSucceed())) {
            inner.spawn(() -> "inner " + USER.get());
            return inner.join().getFirst();
          }
        });
        ScopedValue.where(USER, "bob").run(() -> {
          var _ = scope.spawn(USER::get);
          try (var inner = TaskScope.open(ScopePolicy.<String>allSucceed())) {
            inner.spawn(USER::get);
            assertThat(inner.join()).containsExactly("bob");
          }
        });
        assertThat(scope.join()).containsExactly("adafalsefalse", "inner ada", "ada");
      }
      return null;
    }));
  }

  @Test
  void aScopeThatIsLeftOpenIsClosedWhenItsOwnerEnds() {
    AtomicInteger cleaned = new AtomicInteger();
    Epollo.run(options, () -> {
      Task<String> careless = Tasks.spawn(() -> {
        var scope = TaskScope.open();
        scope.spawn(waiting(cleaned));
        TaskScope.open().spawn(waiting(cleaned));
        Tasks.yieldNow();
        return "result";
      });
      assertThat(careless.join()).isEqualTo("result");
      assertThat(cleaned).hasValue(2);
    });
    assertThat(uncaught).hasSize(1);
    assertThat(uncaught.get(0)).isInstanceOf(IllegalStateException.class).hasMessageContaining("left scope of task")
        .hasMessageContaining("try-with-resources");
  }

  @Test
  void closingTheRuntimeEndsScopesToo() {
    AtomicInteger cleaned = new AtomicInteger();
    CompletableFuture<Void> begun = new CompletableFuture<>();
    try (Epollo epollo = start()) {
      epollo.spawn(() -> {
        try (var scope = TaskScope.open(ScopePolicy.supervise())) {
          scope.spawn(() -> {
            begun.complete(null);
            return waiting(cleaned).call();
          });
          scope.join();
        } finally {
          cleaned.incrementAndGet();
        }
      });
      await(begun);
    }
    assertThat(cleaned).hasValue(2);
    assertThat(uncaught).isEmpty();
  }

  @Test
  void aScopeIsForItsOwner() throws Exception {
    try (Epollo epollo = start()) {
      assertThatThrownBy(TaskScope::open).isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("it is no task").hasMessageContaining("Epollo.start()");
      Future<String> polled = Future.fromPoll(_ -> {
        try (var scope = TaskScope.open()) {
          return Poll.ready(scope.toString());
        }
      });
      assertThatThrownBy(() -> epollo.spawn(polled).join()).isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("a future that the loop polls");
      epollo.call(() -> {
        try (var scope = TaskScope.open(ScopePolicy.collectAll(), o -> o.withName("mine"))) {
          AtomicReference<Throwable> failure = new AtomicReference<>();
          thread(failure, () -> {
            for (Body misuse : List.<Body>of(scope::join, scope::joinAsync, scope::close)) {
              assertThatThrownBy(misuse::run).isInstanceOf(IllegalStateException.class)
                  .hasMessageContaining("scope mine").hasMessageContaining("which opened it");
            }
          }).join();
          assertThat(failure.get()).isNull();
          Task<?> child = scope.spawn(() -> {
            for (Body misuse : List.<Body>of(scope::join, scope::joinAsync, scope::close)) {
              assertThatThrownBy(misuse::run).isInstanceOf(IllegalStateException.class)
                  .hasMessageContaining("from task").hasMessageContaining("which opened it");
            }
          });
          scope.join();
          child.join();
          assertThatThrownBy(() -> scope.spawn(() -> 1)).isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("has been joined");
          Body close = scope::close;
          close.run();
          assertThatThrownBy(() -> scope.spawn(() -> 1)).isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("is closed");
          assertThatThrownBy(scope::join).isInstanceOf(IllegalStateException.class).hasMessageContaining("is closed");
        }
      });
    }
  }

  @Test
  void scopesAreClosedInReverseOrder() {
    AtomicInteger cleaned = new AtomicInteger();
    Epollo.run(options, () -> {
      var outer = TaskScope.open();
      var inner = TaskScope.open(ScopePolicy.collectAll(), o -> o.withName("inner"));
      inner.spawn(waiting(cleaned));
      outer.spawn(waiting(cleaned));
      assertThatThrownBy(outer::close).isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("before scope inner");
      assertThat(cleaned).hasValue(2);
      inner.close();
      outer.close();
      try (var next = TaskScope.open()) {
        next.join();
      }
    });
    assertThat(uncaught).isEmpty();
  }

  @Test
  void nullAndNegativeAreRefused() {
    Epollo.run(options, () -> {
      assertThatThrownBy(() -> TaskScope.open((ScopePolicy<Object, Object>) null))
          .isInstanceOf(NullPointerException.class)
          .hasMessageContaining("policy");
      assertThatThrownBy(
          () -> TaskScope.open(ScopePolicy.collectAll(), o -> o.withTimeout(java.time.Duration.ofNanos(-1))))
          .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("PT-0.000000001S");
      assertThatThrownBy(() -> TaskScope.open(ScopePolicy.collectAll(), o -> o.carrying(USER, null)))
          .isInstanceOf(NullPointerException.class).hasMessageContaining("scoped value");
      assertThatThrownBy(() -> ScopePolicy.supervise(null)).isInstanceOf(NullPointerException.class);
      try (var scope = TaskScope.open()) {
        assertThatThrownBy(() -> scope.spawn((Body) null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> scope.spawn(null, () -> {})).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> scope.spawn((Future<String>) null)).isInstanceOf(NullPointerException.class);
        scope.join();
      }
      assertThatThrownBy(
          () -> TaskScope.open(ScopePolicy.collectAll(), o -> o.withTimeout(java.time.Duration.ofSeconds(1))))
          .isInstanceOf(IllegalStateException.class).hasMessageContaining("epollo-timers");
      assertThatThrownBy(() -> Tasks.current().joinAsync().await()).isInstanceOf(IllegalStateException.class);
    });
  }

  /** Children that end and spawn on threads of the JDK's and on the loop, all at once. */
  @Test
  void aStormOfChildrenFromSeveralThreadsIsCountedExactly() throws Exception {
    int threads = 3;
    int each = 300;
    AtomicInteger told = new AtomicInteger();
    try (Epollo epollo = start()) {
      CompletableFuture<TaskScope<Object, Integer>> opened = new CompletableFuture<>();
      CompletableFuture<Void> spawned = new CompletableFuture<>();
      Task<Integer> owner = epollo.spawn(() -> {
        try (TaskScope<Object, Integer> scope = TaskScope.open(new ScopePolicy<Object, Integer>() {
          private int ended; // plain: the calls come one after another

          @Override
          public boolean onEnd(Task<?> child, Outcome<?> outcome) {
            told.incrementAndGet();
            ended++;
            return false;
          }

          @Override
          public Integer result() {
            return ended;
          }
        })) {
          opened.complete(scope);
          Void _ = await(spawned);
          return scope.join();
        }
      });
      TaskScope<Object, Integer> scope = await(opened);
      AtomicReference<Throwable> failure = new AtomicReference<>();
      List<Thread> spawners = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        spawners.add(thread(failure, () -> {
          for (int i = 0; i < each; i++) {
            if (i % 2 == 0) {
              scope.spawn(Tasks::yieldNow);
            } else {
              scope.spawn(Future.ready(i));
            }
          }
        }));
      }
      for (Thread spawner : spawners) {
        spawner.join();
      }
      spawned.complete(null);
      assertThat(failure.get()).isNull();
      assertThat(owner.join()).isEqualTo(threads * each);
    }
    assertThat(told).hasValue(threads * each);
  }

  /** Each child holds 2 KiB: all of them together would not fit into the heap of the tests. */
  @Test
  void nothingIsKeptOfChildrenThatHaveEnded() {
    int count = 1_000_000;
    AtomicInteger ended = new AtomicInteger();
    Epollo.run(options, () -> {
      try (var scope = TaskScope.open(ScopePolicy.supervise())) {
        for (int i = 1; i <= count; i++) {
          byte[] held = new byte[2048];
          scope.spawn(() -> {
            if (held.length > 0) {
              ended.incrementAndGet();
            }
          });
          while (i - ended.get() > 1_000) {
            Tasks.yieldNow();
          }
        }
        scope.join();
      }
    });
    assertThat(ended).hasValue(count);
  }
}
