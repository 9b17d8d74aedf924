package io.github.epollo.stress;

import io.github.epollo.runtime.sync.Oneshot;
import org.junit.jupiter.api.Test;

/** What is sent with a oneshot arrives, and each side hears when the other goes. */
final class OneshotScenariosTest {
  private static final String LOST = "the value is lost";

  /** Sent and closed while the receiver comes to wait. */
  public static final class SendMeetsReceive extends Scenario {
    @Override
    protected void play() {
      Oneshot<Integer> oneshot = Oneshot.create();
      Polled<Integer> receiving = new Polled<>(oneshot.receiver().receiveAsync());
      together(receiving::pollIfWoken, () -> {
        oneshot.sender().send(1);
        oneshot.sender().close();
      });
      Polled.settle(receiving);
      require(receiving.hasValue(), LOST);
    }
  }

  /** The receiver is closed while the value is sent: it is refused, or can be received; and the sender hears of it. */
  public static final class SendMeetsClose extends Scenario {
    @Override
    protected void play() {
      Oneshot<Integer> oneshot = Oneshot.create();
      Polled<Void> watching = new Polled<>(oneshot.sender().closedAsync());
      boolean[] sent = new boolean[1];
      together(() -> {
        sent[0] = oneshot.sender().send(1);
        watching.pollIfWoken();
      }, oneshot.receiver()::close);
      Polled.settle(watching);
      require(watching.isDone(), "the sender does not hear that the receiver is gone");
      if (sent[0]) {
        Polled<Integer> receiving = Polled.started(oneshot.receiver().receiveAsync());
        require(receiving.hasValue(), LOST);
      }
    }
  }

  /** The sender is closed while one receiver gives up and another comes. */
  public static final class CloseMeetsReceive extends Scenario {
    @Override
    protected void play() {
      Oneshot<Integer> oneshot = Oneshot.create();
      Polled<Integer> receiving = new Polled<>(oneshot.receiver().receiveAsync());
      together(receiving::pollIfWoken, oneshot.sender()::close);
      Polled.settle(receiving);
      require(receiving.hasFailed(), "the receiver waits for a sender that is gone");
    }
  }

  @Test
  void whatIsSentWhileTheReceiverComesToWaitIsReceived() {
    Explore.holds(SendMeetsReceive.class);
  }

  @Test
  void aReceiverThatLooksAndWaitsInTwoStepsIsFound() {
    Explore.finds(Polled.LOST_WAKE_UP, SendMeetsReceive.class,
        Twin.of(Oneshot.class).with("        receiver = waiter;\n",
            "        lock.release(); lock.lock();\n        receiver = waiter;\n"));
  }

  @Test
  void theSenderKnowsWhetherItsValueCanBeReceived() {
    Explore.holds(SendMeetsClose.class);
  }

  @Test
  void aSendToAReceiverThatHasJustGoneIsFound() {
    Explore.finds(Polled.LOST_WAKE_UP, SendMeetsClose.class,
        Twin.of(Oneshot.class).with("      watchers.join(waiter, waker);\n",
            "      lock.release(); lock.lock();\n      watchers.join(waiter, waker);\n"));
  }

  @Test
  void aReceiverHearsOfASenderThatGoes() {
    Explore.holds(CloseMeetsReceive.class);
  }

  @Test
  void aCloseWithoutTheLockIsFound() {
    Explore.finds(Polled.LOST_WAKE_UP, CloseMeetsReceive.class,
        Twin.of(Oneshot.class).with("      senderClosed = true;\n      wake = callReceiver();",
            "      wake = callReceiver();\n      lock.release(); lock.lock();\n      senderClosed = true;"));
  }
}
