package io.github.epollo.runtime.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Wakers that do what they should not: throw, and come back at once. Whoever wakes is not held up by that, and nobody is left out. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileWakersTest {
  private static final int MANY = 100_000;

  /** Waits for one thing after another, within the wake for the one before. */
  private static final class Eager {
    private final Supplier<Future<?>> things;
    private Future<?> thing;
    int got;

    Eager(Supplier<Future<?>> things) {
      this.things = things;
      this.thing = things.get();
      again();
    }

    private void again() {
      while (!(thing.poll(this::again) instanceof Poll.Pending)) {
        got++;
        thing = things.get();
      }
    }
  }

  /** Who comes back while others are woken is not taken for one of those who waited. */
  @Test
  void whoeverWakesEndsThoughTheyComeBack() {
    Broadcast<Integer> broadcast = Broadcast.bounded(4);
    List<Eager> all = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      BroadcastReceiver<Integer> receiver = broadcast.subscribe();
      all.add(new Eager(receiver::receiveAsync));
    }
    Watch<Integer> watch = Watch.of(0);
    for (int i = 0; i < 3; i++) {
      WatchObserver<Integer> observer = watch.observe();
      all.add(new Eager(observer::changedAsync));
    }
    Notify notify = new Notify();
    for (int i = 0; i < 3; i++) {
      all.add(new Eager(notify::notifiedAsync));
    }
    assertThat(broadcast.send(1)).isEqualTo(3);
    watch.set(1);
    notify.notifyWaiters();
    assertThat(all).allSatisfy(eager -> assertThat(eager.got).isEqualTo(1));
  }

  private static void crowd(Supplier<Future<?>> futures, Runnable happens) {
    List<ByHand<?>> crowd = new ArrayList<>();
    List<String> reports = Hostile.reports(() -> {
      for (int i = 0; i < MANY; i++) {
        if (i % (MANY / 10) == 0) {
          assertThat(futures.get().poll(Hostile.throwing("hostile"))).isInstanceOf(Poll.Pending.class);
        } else {
          crowd.add(ByHand.polled(futures.get()));
        }
      }
      happens.run();
    });
    assertThat(reports).hasSize(10).containsOnly("hostile");
    assertThat(crowd).allMatch(ByHand::isWoken);
    crowd.forEach(ByHand::close);
  }

  @Test
  void aCrowdIsWokenThoughSomeThrow() {
    Channel<Integer> channel = Channel.bounded(1);
    SendResult _ = channel.trySend(0);
    crowd(() -> channel.sendAsync(1), channel::close);
    Channel<Integer> empty = Channel.unbounded();
    crowd(empty::receiveAsync, empty::closeNow);
    Channel<Integer> open = Channel.unbounded();
    crowd(open::closedAsync, open::close);
    Channel<Integer> many = Channel.bounded(MANY);
    for (int i = 0; i < MANY; i++) {
      SendResult _ = many.trySend(i);
    }
    crowd(() -> many.sendAsync(1), () -> assertThat(many.receiveMany(MANY)).hasSize(MANY));
    Broadcast<Integer> broadcast = Broadcast.bounded(1);
    crowd(broadcast.subscribe()::receiveAsync, () -> broadcast.send(1));
    Watch<Integer> watch = Watch.of(0);
    WatchObserver<Integer> observer = watch.observe();
    crowd(observer::changedAsync, () -> watch.set(1));
    Oneshot<Integer> oneshot = Oneshot.create();
    crowd(oneshot.sender()::closedAsync, oneshot.receiver()::close);
    Notify notify = new Notify();
    crowd(notify::notifiedAsync, notify::notifyWaiters);
    CancellationToken token = new CancellationToken();
    crowd(() -> token.child().cancelledAsync(), token::cancel);
    Barrier barrier = new Barrier(MANY + 1);
    crowd(barrier::arriveAsync, barrier::arrive);
    AsyncSemaphore semaphore = new AsyncSemaphore(0);
    crowd(semaphore::acquireAsync, () -> semaphore.addPermits(MANY));
  }
}
