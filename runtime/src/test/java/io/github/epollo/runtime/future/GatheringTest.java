package io.github.epollo.runtime.future;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.future.laws.Lab;
import io.github.epollo.runtime.future.laws.Spec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** Single cases of FutureSet, FutureMap and FutureQueue; their laws are elsewhere. */
class GatheringTest {
  @Test
  void onlyThoseThatWereWokenArePolled() {
    int count = 10_000;
    int[] polls = new int[1];
    List<Waker> wakers = new ArrayList<>();
    FutureSet<Integer> set = new FutureSet<>();
    boolean[] ready = new boolean[count];
    for (int i = 0; i < count; i++) {
      int number = i;
      set.add(Future.fromPoll(waker -> {
        polls[0]++;
        wakers.add(waker);
        return ready[number] ? Poll.ready(number) : Poll.pending();
      }));
    }
    int[] woken = new int[1];
    assertThat(set.pollNext(() -> woken[0]++)).isEqualTo(Poll.pending());
    assertThat(polls[0]).isEqualTo(count);
    ready[77] = true;
    wakers.get(77).wake();
    wakers.get(77).wake();
    wakers.get(99).wake();
    assertThat(woken[0]).isEqualTo(1);
    assertThat(set.tryNext()).isEqualTo(Outcome.ofValue(77));
    assertThat(set.tryNext()).isNull();
    assertThat(polls[0]).isEqualTo(count + 2);
    assertThat(set.size()).isEqualTo(count - 1);
  }

  @Test
  void anEmptyOneHasNoNext() {
    assertThat(new FutureSet<Integer>().next()).isNull();
    assertThat(new FutureQueue<Integer>().nextAsync().await()).isNull();
    assertThat(new FutureMap<String, Integer>().tryNext()).isNull();
    assertThat(new FutureSet<Integer>().isEmpty()).isTrue();
  }

  @Test
  void onceClosedItTakesNoMore() {
    Lab lab = new Lab(0);
    FutureSet<Integer> set = new FutureSet<>();
    set.add(lab.future(1, new Spec(-1, false)));
    set.add(lab.future(2, new Spec(0, false)));
    set.close();
    set.close();
    lab.check();
    assertThat(set.size()).isZero();
    assertThatThrownBy(() -> set.add(Future.ready(1))).isInstanceOf(IllegalStateException.class)
        .hasMessage("cannot add to FutureSet of 0: it is closed");
    assertThatThrownBy(set::next).isInstanceOf(IllegalStateException.class).hasMessageContaining("is closed");
    FutureMap<String, Integer> map = new FutureMap<>();
    map.close();
    assertThatThrownBy(() -> map.put("k", Future.ready(1))).isInstanceOf(IllegalStateException.class);
    FutureQueue<Integer> queue = new FutureQueue<>();
    queue.close();
    assertThatThrownBy(() -> queue.add(Future.ready(1))).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void oneThatIsAddedWakesWhoWaits() {
    FutureSet<Integer> set = new FutureSet<>();
    set.add(Future.pending());
    Future<Outcome<Integer>> next = set.nextAsync();
    int[] woken = new int[1];
    assertThat(next.poll(() -> woken[0]++)).isEqualTo(Poll.pending());
    set.add(Future.ready(7));
    assertThat(woken[0]).isEqualTo(1);
    assertThat(next.poll(() -> {})).isEqualTo(Poll.ready(Outcome.ofValue(7)));
    Future<Outcome<Integer>> given = set.nextAsync();
    assertThat(given.poll(() -> woken[0]++)).isEqualTo(Poll.pending());
    given.close();
    set.add(Future.ready(8));
    assertThat(woken[0]).isEqualTo(1); // nobody waits
    assertThat(set.next()).isEqualTo(Outcome.ofValue(8));
    set.close();
  }

  @Test
  void closingAnOlderNextLeavesTheNewerOneToBeWoken() {
    FutureQueue<Integer> queue = new FutureQueue<>();
    CompletableFuture<Integer> stage = new CompletableFuture<>();
    queue.add(Future.fromCompletionStage(stage));
    Future<Outcome<Integer>> older = queue.nextAsync();
    Future<Outcome<Integer>> newer = queue.nextAsync();
    int[] woken = new int[1];
    Waker waker = () -> woken[0]++;
    assertThat(older.poll(waker)).isEqualTo(Poll.pending());
    assertThat(newer.poll(waker)).isEqualTo(Poll.pending());
    older.close();
    stage.complete(7);
    assertThat(woken[0]).isEqualTo(1);
    assertThat(newer.await()).isEqualTo(Outcome.ofValue(7));
  }

  /** Hostile: a child whose poll closes the set it is in. */
  @Test
  void aChildMayCloseTheSetItIsIn() {
    Lab lab = new Lab(0);
    FutureSet<Integer> set = new FutureSet<>();
    set.add(Future.fromPoll(_ -> {
      set.close();
      return Poll.ready(7);
    }));
    set.add(lab.future(1, new Spec(-1, false)));
    assertThat(set.next()).isEqualTo(Outcome.ofValue(7));
    assertThat(set.size()).isZero();
    lab.check();
  }

  /** It promised to wake whoever polls it, and nobody would. */
  @Test
  void oneThatIsClosedWhileItIsPolledIsNotPendingForEver() {
    List<Future<Integer>> self = new ArrayList<>();
    self.add(Future.fromPoll(_ -> {
      self.getFirst().close();
      return Poll.pending();
    }));
    assertThatThrownBy(() -> self.getFirst().await()).isInstanceOf(CancellationException.class)
        .hasMessageContaining("was closed while it was polled");
  }

  /** Else it wakes a task that waits for something else by now. */
  @Test
  void onceItHasAnsweredItWakesNobody() {
    int[] wakes = new int[1];
    Waiting waiting = new Waiting() {
      @Override
      public void wake() {
        wakes[0]++;
      }
    };
    List<Waker> wakers = new ArrayList<>();
    FutureSet<Integer> set = new FutureSet<>();
    set.add(Future.fromPoll(waker -> {
      wakers.add(waker);
      return Poll.pending();
    }));
    set.add(Future.ready(7));
    waiting.run(_ -> assertThat(set.next()).isEqualTo(Outcome.ofValue(7)));
    wakers.getFirst().wake();
    assertThat(wakes[0]).isZero();
    set.close();
  }

  /** Putting and removing without a poll in between leaves nothing behind. */
  @Test
  void whatIsRemovedIsNotKept() {
    FutureMap<byte[], Integer> map = new FutureMap<>();
    for (int i = 0; i < 10_000; i++) {
      byte[] key = new byte[1_000_000]; // ten gigabytes in all
      assertThat(map.put(key, Future.pending())).isFalse();
      if (i % 2 == 0) {
        assertThat(map.remove(key)).isNotNull();
      } else {
        assertThat(map.close(key)).isTrue();
      }
    }
    map.close();
  }

  @Test
  void othersWakeWhileItIsPolled() throws Exception {
    int count = 30_000;
    try (ExecutorService threads = Executors.newFixedThreadPool(3); FutureSet<Integer> set = new FutureSet<>()) {
      Deque<Integer> missing = new ArrayDeque<>();
      boolean[] seen = new boolean[count];
      int added = 0;
      for (int taken = 0; taken < count; taken++) {
        while (added < count && set.size() < 50) {
          int number = added++;
          CompletableFuture<Integer> first = new CompletableFuture<>();
          ConcurrentLinkedQueue<Runnable> steps = new ConcurrentLinkedQueue<>();
          CompletableFuture<Integer> second = new CompletableFuture<>();
          steps.add(() -> first.complete(0));
          steps.add(() -> second.complete(number));
          set.add(Future.fromCompletionStage(first).then(_ -> Future.fromCompletionStage(second)));
          for (Runnable step : steps) {
            threads.execute(step);
          }
        }
        seen[set.next().get()] = true;
      }
      for (int i = 0; i < count; i++) {
        if (!seen[i]) {
          missing.add(i);
        }
      }
      assertThat(missing).isEmpty();
    }
  }
}
