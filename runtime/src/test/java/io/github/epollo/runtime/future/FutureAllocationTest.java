package io.github.epollo.runtime.future;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A poll that finds nothing, and the wake before it, allocate nothing, whatever the combinator. */
class FutureAllocationTest {
  private static final int WARM_UP = 100_000;
  private static final int ROUNDS = 20_000;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** A child that never ends, and keeps its waker. */
  private static final class Child extends AbstractFuture<Integer> {
    private Waker waker;

    @Override
    protected Poll<Integer> advance(Waker waker) {
      this.waker = waker;
      return Poll.pending();
    }
  }

  private final List<Child> children = IntStream.range(0, 5).mapToObj(_ -> new Child()).toList();
  private final Waker parent = () -> {};
  private int next;

  @Test
  void aChain() {
    assertAllocatesNothing(children.get(0).map(n -> n + 1).then(Future::ready).handle((n, _) -> n).recover(_ -> 1));
  }

  @Test
  void aDeepChain() {
    Future<Integer> chain = children.get(0);
    for (int i = 0; i < 1000; i++) {
      chain = chain.map(n -> n + 1);
    }
    assertAllocatesNothing(chain);
  }

  @Test
  void joins() {
    assertAllocatesNothing(Future.join(children));
  }

  @Test
  void joinOfThree() {
    assertAllocatesNothing(Future.join(children.get(0), children.get(1), children.get(2), (a, _, _) -> a));
  }

  @Test
  void races() {
    assertAllocatesNothing(Future.race(children));
  }

  @Test
  void selectsInOrder() {
    assertAllocatesNothing(Future.selectInOrder(children));
  }

  @Test
  void aSharedOne() {
    assertAllocatesNothing(children.get(0).shared());
  }

  @Test
  void aSet() {
    FutureSet<Integer> set = new FutureSet<>();
    children.forEach(set::add);
    assertAllocatesNothing(() -> {
      wakeOne();
      set.pollNext(parent);
    });
  }

  private void assertAllocatesNothing(Future<?> future) {
    assertAllocatesNothing(() -> {
      wakeOne();
      future.poll(parent);
    });
  }

  private void wakeOne() {
    next = next == 4 ? 0 : next + 1;
    Waker waker = children.get(next).waker;
    if (waker != null) {
      waker.wake();
    }
  }

  private static void assertAllocatesNothing(Runnable round) {
    repeat(round, WARM_UP);
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5 && least > 0; i++) { // again if the compiler was not done
      long before = THREADS.getCurrentThreadAllocatedBytes();
      repeat(round, ROUNDS);
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(least).as("bytes of %d rounds", ROUNDS).isLessThan(ROUNDS / 10);
  }

  private static void repeat(Runnable round, int times) {
    for (int i = 0; i < times; i++) {
      round.run();
    }
  }
}
