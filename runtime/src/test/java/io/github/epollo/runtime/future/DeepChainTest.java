package io.github.epollo.runtime.future;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Chains of any length need no stack; loops that call themselves need no memory. */
class DeepChainTest {
  private static final int DEEP = 100_000;

  @SuppressWarnings("ImmutableEnumChecker") // the functions are
  enum Stage {
    MAP(f -> f.map(n -> n + 1)), //
    THEN(f -> f.then(n -> Future.ready(n + 1))), //
    THEN_WHAT_WAITS(f -> f.then(n -> yielding(n + 1))), //
    HANDLE(f -> f.handle((n, _) -> n + 1)), //
    RECOVER(f -> f.map(n -> n + 1).recover(_ -> -1)), //
    RECOVER_WITH(f -> f.<Integer>map(n -> {
      throw new Failure(n);
    }).recoverWith(Failure.class, e -> Future.ready(e.number + 1))), //
    CATCHING(f -> f.catching().map(o -> o.get() + 1)), //
    INSPECT(f -> f.inspect(_ -> {}).map(n -> n + 1).inspectFailure(_ -> {}));

    private final UnaryOperator<Future<Integer>> add;

    Stage(UnaryOperator<Future<Integer>> add) {
      this.add = add;
    }
  }

  private static final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int number;

    Failure(int number) {
      super(null, null, false, false);
      this.number = number;
    }
  }

  private static <T> Future<T> yielding(T value) {
    boolean[] polled = new boolean[1];
    return Future.fromPoll(waker -> {
      if (polled[0]) {
        return Poll.ready(value);
      }
      polled[0] = true;
      waker.wake();
      return Poll.pending();
    });
  }

  @ParameterizedTest
  @EnumSource
  void aChainOfManyStagesIsAwaited(Stage stage) {
    Future<Integer> chain = yielding(0);
    for (int i = 0; i < DEEP; i++) {
      chain = stage.add.apply(chain);
    }
    assertThat(chain.await()).isEqualTo(DEEP);
  }

  @ParameterizedTest
  @EnumSource
  void aChainOfManyStagesIsClosed(Stage stage) {
    for (int polls = 0; polls < 3; polls++) {
      List<String> closed = new ArrayList<>();
      Future<Integer> chain = new AbstractFuture<>() {
        @Override
        protected Poll<Integer> advance(Waker waker) {
          return Poll.pending();
        }

        @Override
        protected void release() {
          closed.add("source");
        }
      };
      for (int i = 0; i < DEEP; i++) {
        chain = stage.add.apply(chain);
      }
      for (int i = 0; i < polls; i++) {
        assertThat(chain.poll(() -> {})).isEqualTo(Poll.pending());
      }
      chain.close();
      assertThat(closed).containsExactly("source");
    }
  }

  @Test
  void aChainThatIsPolledBetweenItsStagesIsAwaited() {
    Future<Integer> chain = Future.<Integer>fromPoll(_ -> Poll.pending());
    for (int i = 0; i < 20_000; i++) {
      chain = chain.map(n -> n + 1);
      assertThat(chain.poll(() -> {})).isEqualTo(Poll.pending());
    }
    chain.close();
  }

  private static Future<Integer> sum(int n) {
    return n == 0 ? Future.ready(0) : Future.ready(n).then(_ -> sum(n - 1)).map(s -> s + 1);
  }

  private static Future<Integer> countDown(int n) {
    return n == 0 ? yielding(42) : Future.ready(n).then(_ -> countDown(n - 1));
  }

  private static Future<Integer> failDown(int n) {
    return n == 0
        ? Future.ready(42)
        : Future.<Integer>failed(new Failure(n)).recoverWith(Failure.class, _ -> failDown(n - 1));
  }

  private static Future<Integer> alternating(int n) {
    if (n == 0) {
      return Future.ready(42);
    }
    return n % 2 == 0
        ? Future.ready(n).then(_ -> alternating(n - 1))
        : Future.<Integer>failed(new Failure(n)).recoverWith(_ -> alternating(n - 1));
  }

  private static Future<Integer> leftAndRight(int n) {
    return n == 0
        ? Future.ready(0)
        : Future.ready(n).then(_ -> yielding(1)).then(_ -> leftAndRight(n - 1)).recover(_ -> -1)
            .then(s -> Future.ready(s + 1));
  }

  private static Future<Integer> lazily(int n) {
    return n == 0 ? Future.ready(42) : Future.lazy(() -> lazily(n - 1));
  }

  @Test
  void aChainThatCallsItselfWithinIsAwaited() {
    assertThat(countDown(DEEP).await()).isEqualTo(42);
    assertThat(sum(DEEP).await()).isEqualTo(DEEP);
    assertThat(failDown(DEEP).await()).isEqualTo(42);
    assertThat(alternating(DEEP).await()).isEqualTo(42);
    assertThat(leftAndRight(DEEP).await()).isEqualTo(DEEP);
    assertThat(lazily(DEEP).await()).isEqualTo(42);
    assertThat(countDown(DEEP).map(n -> n + 1).then(n -> sum(DEEP).map(m -> n + m)).await()).isEqualTo(43 + DEEP);
  }

  @Test
  void aChainThatCallsItselfWithinIsClosedHalfWay() {
    for (Function<Integer, Future<Integer>> recursion : List.<Function<Integer, Future<Integer>>>of(
        DeepChainTest::leftAndRight, n -> countDown(n).then(_ -> Future.pending()))) {
      Future<Integer> future = recursion.apply(1000);
      for (int i = 0; i < 500 && future.poll(() -> {}) instanceof Poll.Pending; i++) {
        // half way
      }
      future.close();
    }
  }

  /** The rounds of a loop, counted down; each thousandth is watched. */
  private static final class Rounds {
    final List<WeakReference<Future<?>>> watched = new ArrayList<>();
    int left;
    int alive = -1;

    Rounds(int rounds) {
      left = rounds;
    }

    Future<Integer> loop(boolean handled) {
      if (--left == 0) {
        System.gc();
        alive = (int) watched.stream().filter(ref -> ref.get() != null).count();
        return Future.ready(left);
      }
      Future<Integer> step = left % 3 == 0 ? yielding(left) : Future.ready(left);
      Future<Integer> round = handled && left % 2 == 0
          ? step.<Integer>map(n -> {
            throw new Failure(n);
          }).recoverWith(_ -> loop(true))
          : step.then(_ -> loop(handled));
      if (left % 1000 == 0) {
        watched.add(new WeakReference<>(round));
      }
      return round;
    }
  }

  @Test
  void aLoopOfAMillionRoundsKeepsNone() {
    for (boolean handled : List.of(false, true)) {
      Rounds rounds = new Rounds(1_000_000);
      assertThat(rounds.loop(handled).await()).isZero();
      assertThat(rounds.watched).hasSize(999);
      assertThat(rounds.alive).as("futures of old rounds that are kept").isLessThanOrEqualTo(2);
    }
  }

  @Test
  void oneThatWasPolledBeforeGoesOnFromWhereItWas() {
    for (UnaryOperator<Future<Integer>> stage : List.<UnaryOperator<Future<Integer>>>of(f -> f, f -> f.map(n -> n))) {
      int[] calls = new int[1];
      boolean[] ready = new boolean[1];
      Future<Integer> begun = Future.ready(1).then(n -> {
        calls[0]++;
        return Future.fromPoll(_ -> ready[0] ? Poll.ready(n + 1) : Poll.pending());
      });
      assertThat(begun.poll(() -> {})).isEqualTo(Poll.pending());
      Future<Integer> outer = Future.ready(0).then(_ -> stage.apply(begun));
      ready[0] = true;
      assertThat(outer.await()).isEqualTo(2);
      assertThat(calls[0]).isEqualTo(1);
    }
  }

  @Test
  void aStageThatIsPartOfAnotherChainSaysSo() {
    Future<Integer> inner = Future.<Integer>pending().then(Future::ready);
    Future<Integer> outer = inner;
    for (int i = 0; i < 200; i++) {
      outer = outer.map(n -> n);
    }
    assertThat(outer.poll(() -> {})).isEqualTo(Poll.pending());
    assertThatThrownBy(() -> inner.poll(() -> {}))
        .isInstanceOf(IllegalStateException.class).hasMessageContaining("is part of another future");
    inner.close(); // does nothing
    outer.close();
  }
}
