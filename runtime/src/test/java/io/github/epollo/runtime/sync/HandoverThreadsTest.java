package io.github.epollo.runtime.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Oneshots, broadcasts and watches between the tasks of two loops and a plain thread. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HandoverThreadsTest {
  private static final int VALUES = 20_000;

  /** Each value is received, handed back by {@code send}, or still there when the receiver was cancelled. */
  @Test
  void noValueOfAOneshotIsLostWhenItsReceiverIsCancelled() {
    AtomicInteger received = new AtomicInteger();
    int handedBack = 0;
    int found = 0;
    try (Epollo loop = Epollo.start()) {
      for (int i = 0; i < VALUES / 10; i++) {
        Oneshot<Integer> oneshot = Oneshot.create();
        Task<?> receiver = loop.spawn(() -> {
          try (OneshotReceiver<Integer> side = oneshot.receiver()) {
            received.addAndGet(side.receive());
          }
        });
        if (i % 2 == 0) {
          receiver.close();
        }
        handedBack += oneshot.sender().send(1) ? 0 : 1;
        try {
          Object _ = receiver.join();
        } catch (CancellationException e) {
          assertThat(i % 2).isZero();
          if (oneshot.sender().isClosed()) {
            found += left(oneshot);
          }
        }
        oneshot.sender().closed();
      }
    }
    assertThat(received.get() + handedBack + found).isEqualTo(VALUES / 10);
  }

  private static int left(Oneshot<Integer> oneshot) {
    try {
      return oneshot.receiver().receive();
    } catch (IllegalStateException e) {
      return 0; // it was handed back
    }
  }

  @Test
  void receiversOfABroadcastGetOrMissEachValueInOrder() {
    Broadcast<Integer> broadcast = Broadcast.bounded(64);
    List<Task<Long>> tasks = new ArrayList<>();
    try (Epollo one = Epollo.start(); Epollo two = Epollo.start()) {
      for (Epollo loop : List.of(one, two, one, two)) {
        BroadcastReceiver<Integer> receiver = broadcast.subscribe();
        tasks.add(loop.spawn(() -> listen(receiver)));
      }
      for (int i = 0; i < VALUES; i++) {
        assertThat(broadcast.send(i)).isEqualTo(4);
      }
      broadcast.close();
      for (Task<Long> task : tasks) {
        assertThat(task.join()).isEqualTo(VALUES);
      }
    }
    assertThat(broadcast.kept()).isZero();
  }

  /** How many were received or missed. */
  private static long listen(BroadcastReceiver<Integer> receiver) {
    try (receiver) {
      long next = 0;
      while (true) {
        try {
          Integer value = receiver.receiveOrNull();
          if (value == null) {
            return next;
          }
          assertThat(value.longValue()).isEqualTo(next);
          next++;
        } catch (LaggedException e) {
          next += e.missed();
        }
      }
    }
  }

  @Test
  void observersOfAWatchSeeItGrowAndDoNotMissTheLastValue() {
    Watch<Integer> watch = Watch.of(0);
    List<Task<Integer>> tasks = new ArrayList<>();
    try (Epollo one = Epollo.start(); Epollo two = Epollo.start()) {
      for (Epollo loop : List.of(one, two, one, two)) {
        WatchObserver<Integer> observer = watch.observe();
        tasks.add(loop.spawn(() -> {
          int last = 0;
          while (last < VALUES) {
            int value = observer.changed();
            assertThat(value).isGreaterThan(last);
            last = value;
          }
          return last;
        }));
        tasks.add(loop.spawn(() -> watch.waitFor(v -> v == VALUES)));
      }
      for (int i = 1; i <= VALUES; i++) {
        watch.set(i);
      }
      for (Task<Integer> task : tasks) {
        assertThat(task.join()).isEqualTo(VALUES);
      }
    }
  }
}
