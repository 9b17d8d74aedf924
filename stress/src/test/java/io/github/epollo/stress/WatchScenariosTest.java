package io.github.epollo.stress;

import io.github.epollo.runtime.sync.Broadcast;
import io.github.epollo.runtime.sync.BroadcastReceiver;
import io.github.epollo.runtime.sync.Watch;
import io.github.epollo.runtime.sync.WatchObserver;
import org.junit.jupiter.api.Test;

/** Watches and broadcasts: who comes to wait misses nothing, and hears of the end. */
final class WatchScenariosTest {
  private static final String LOST = "the value is lost";

  /** A value is set twice while one comes to watch: the last one is seen. */
  public static final class SetMeetsChanged extends Scenario {
    @Override
    protected void play() {
      Watch<Integer> watch = Watch.of(0);
      WatchObserver<Integer> observer = watch.observe();
      Polled<Integer> changed = new Polled<>(observer.changedAsync());
      Polled<Integer> second = new Polled<>(watch.waitForAsync(value -> value == 2));
      together(changed::pollIfWoken, second::pollIfWoken, () -> {
        watch.set(1);
        watch.set(2);
      });
      Polled.settle(changed, second);
      require(changed.hasValue() && second.hasValue(), LOST);
    }
  }

  /** Two add to the value of a watch, which is closed after both. */
  public static final class TwoUpdates extends Scenario {
    @Override
    protected void play() {
      Watch<Integer> watch = Watch.of(0);
      together(() -> watch.update(value -> value + 1), () -> watch.update(value -> value + 1));
      require(watch.get() == 2, LOST);
      Polled<Integer> waiting = new Polled<>(watch.waitForAsync(value -> value == 3));
      together(watch::close, waiting::pollIfWoken);
      Polled.settle(waiting);
      require(waiting.hasFailed(), "one waits for a watch that is closed");
    }
  }

  /** Two listen, one comes to wait and one goes, while a value is sent and the end follows. */
  public static final class BroadcastMeetsReceive extends Scenario {
    @Override
    protected void play() {
      Broadcast<Integer> broadcast = Broadcast.bounded(1);
      BroadcastReceiver<Integer> listener = broadcast.subscribe();
      BroadcastReceiver<Integer> leaver = broadcast.subscribe();
      Polled<Integer> receiving = new Polled<>(listener.receiveAsync());
      together(receiving::pollIfWoken, leaver::close, () -> broadcast.send(1));
      Polled.settle(receiving);
      require(receiving.hasValue(), LOST);
      Polled<Integer> end = new Polled<>(listener.receiveAsync());
      together(end::pollIfWoken, broadcast::close);
      Polled.settle(end);
      require(end.hasFailed(), "one waits for a broadcast that has ended");
    }
  }

  @Test
  void aValueThatIsSetWhileTwoComeToWatchIsSeen() {
    Explore.holds(SetMeetsChanged.class);
  }

  @Test
  void aWatcherThatDoesNotLookAgainIsFound() {
    Explore.finds(Polled.LOST_WAKE_UP, SetMeetsChanged.class,
        Twin.of(Watch.class).with("if (current != known || closed) {", "if (closed) {"));
  }

  @Test
  void noUpdateIsLost() {
    Explore.holds(TwoUpdates.class);
  }

  @Test
  void anUpdateInTwoStepsIsFound() {
    Explore.finds(LOST, TwoUpdates.class,
        Twin.of(Watch.class).with("        if (current != before) {", "        if (current == null) {"));
  }

  @Test
  void aBroadcastReachesWhoComesToWait() {
    Explore.holds(BroadcastMeetsReceive.class);
  }

  @Test
  void aListenerThatLooksAndWaitsInTwoStepsIsFound() {
    Explore.finds(Polled.LOST_WAKE_UP, BroadcastMeetsReceive.class,
        Twin.of(Broadcast.class).with("        waiting.join(waiter, waker);\n",
            "        lock.release(); lock.lock();\n        waiting.join(waiter, waker);\n"));
  }
}
