package io.github.epollo.stress;

import io.github.epollo.runtime.sync.Channel;
import io.github.epollo.runtime.sync.ChannelClosedException;
import io.github.epollo.runtime.sync.SendPermit;
import io.github.epollo.runtime.sync.SendResult;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Hazard 20 on channels: each value that was sent is received once, and nobody waits for what is there, whoever gives up or closes. */
final class ChannelScenariosTest {
  private static final String LOST = "a value is lost";

  /** A value is sent while one comes to wait for it. */
  public static final class SendMeetsReceive extends Scenario {
    @Override
    protected void play() {
      Channel<Integer> channel = Channel.bounded(1);
      Polled<Integer> receiving = new Polled<>(channel.receiveAsync());
      together(receiving::pollIfWoken, () -> channel.trySend(1));
      Polled.settle(receiving);
      require(receiving.hasValue(), LOST);
    }
  }

  /** Of two who wait the first gives up while a value is sent: the second gets it. */
  public static final class SendMeetsCancel extends Scenario {
    @Override
    protected void play() {
      Channel<Integer> channel = Channel.unbounded();
      Polled<Integer> first = Polled.started(channel.receiveAsync());
      Polled<Integer> second = Polled.started(channel.receiveAsync());
      together(() -> channel.trySend(1), first::close);
      Polled.settle(second);
      require(second.hasValue(), LOST);
    }
  }

  /** One who does not wait takes the value that another was called for; the next value is for that one. */
  public static final class ReceiverIsOvertaken extends Scenario {
    @Override
    protected void play() {
      Channel<Integer> channel = Channel.bounded(2);
      Polled<Integer> waiting = Polled.started(channel.receiveAsync());
      Integer[] taken = new Integer[1];
      together(() -> channel.trySend(1), waiting::pollIfWoken, () -> taken[0] = channel.tryReceive());
      Polled.settle(waiting);
      require(waiting.hasValue() != (taken[0] != null), LOST);
      if (!waiting.isDone()) {
        channel.trySend(2);
        Polled.settle(waiting);
        require(waiting.hasValue(), LOST);
      }
    }
  }

  /** The channel is closed while one sends and one comes to wait: what was accepted is received, and then it ends. */
  public static final class CloseMeetsSendAndReceive extends Scenario {
    @Override
    protected void play() {
      Channel<Integer> channel = Channel.bounded(1);
      Polled<Integer> receiving = new Polled<>(channel.receiveAsync());
      SendResult[] sent = new SendResult[1];
      together(channel::close, receiving::pollIfWoken, () -> sent[0] = channel.trySend(1));
      Polled.settle(receiving);
      require(receiving.isDone(), "one waits for a closed channel");
      require(receiving.hasValue() == (sent[0] == SendResult.SENT), LOST);
    }
  }

  /** A value goes into its place while the channel is closed at once: it was received, is handed out, or was refused. */
  public static final class CloseNowMeetsPermit extends Scenario {
    @Override
    protected void play() {
      Channel<Integer> channel = Channel.bounded(1);
      SendPermit<Integer> permit = channel.tryReserve();
      Polled<Integer> receiving = Polled.started(channel.receiveAsync());
      boolean[] refused = new boolean[1];
      List<?>[] dropped = new List<?>[1];
      together(() -> {
        try {
          permit.send(1);
        } catch (ChannelClosedException _) {
          refused[0] = true;
        }
      }, () -> dropped[0] = channel.closeNow(), receiving::pollIfWoken);
      Polled.settle(receiving);
      require(receiving.isDone(), "one waits for a closed channel");
      require((refused[0] ? 1 : 0) + dropped[0].size() + (receiving.hasValue() ? 1 : 0) == 1, LOST);
    }
  }

  /** Two send to a channel that keeps the last value only. */
  public static final class LatestValue extends Scenario {
    @Override
    protected void play() {
      Channel<Integer> channel = Channel.latest();
      Polled<Integer> receiving = new Polled<>(channel.receiveAsync());
      together(receiving::pollIfWoken, () -> channel.trySend(1), () -> channel.trySend(2));
      require(channel.size() <= 1, "more values than one");
      Polled.settle(receiving);
      require(receiving.hasValue(), LOST);
    }
  }

  @Test
  void aValueThatIsSentWhileATaskComesToWaitIsReceived() {
    Explore.holds(SendMeetsReceive.class);
  }

  @Test
  void aReceiverThatLooksAndWaitsInTwoStepsIsFound() {
    Explore.finds(Polled.LOST_WAKE_UP, SendMeetsReceive.class,
        Twin.of("io.github.epollo.runtime.sync.ChannelState").with("        taken = endOrJoin(waiter, waker);\n",
            "        lock.release(); lock.lock();\n        taken = endOrJoin(waiter, waker);\n"));
  }

  @Test
  void aValueForOneWhoGivesUpIsForTheNext() {
    Explore.holds(SendMeetsCancel.class);
  }

  @Test
  void aReceiverThatDoesNotPassTheCallOnIsFound() {
    Explore.finds(Polled.LOST_WAKE_UP, SendMeetsCancel.class,
        Twin.of("io.github.epollo.runtime.sync.ChannelState").with("      wake = receivers.call(values.size());\n",
            "      wake = null;\n"));
  }

  @Test
  void aReceiverThatIsOvertakenWaitsOn() {
    Explore.holds(ReceiverIsOvertaken.class);
  }

  @Test
  void aReceiverThatStaysCalledWhenItIsOvertakenIsFound() {
    Explore.finds(Polled.LOST_WAKE_UP, ReceiverIsOvertaken.class,
        Twin.of("io.github.epollo.runtime.sync.WaitLine").with(
            "      waiter.called = false;\n      called--;\n      queue.addFirst(waiter);",
            "      waiter.called = false;\n      queue.addFirst(waiter);"));
  }

  @Test
  void whatWasAcceptedBeforeTheCloseIsReceived() {
    Explore.holds(CloseMeetsSendAndReceive.class);
  }

  @Test
  void aCloseThatWakesNoReceiverIsFound() {
    Explore.finds(Polled.LOST_WAKE_UP, CloseMeetsSendAndReceive.class,
        Twin.of("io.github.epollo.runtime.sync.ChannelState").with(
            "    return waker == null && hasEnded() ? receivers.callNext() : waker;", "    return waker;"));
  }

  @Test
  void aCloseAtOnceAccountsForEachValue() {
    Explore.holds(CloseNowMeetsPermit.class);
  }

  @Test
  void aSendToAChannelThatWasJustDroppedIsFound() {
    Explore.finds(LOST, CloseNowMeetsPermit.class,
        Twin.of("io.github.epollo.runtime.sync.ChannelState").with("      wake = put(value); // first",
            "      lock.release(); lock.lock();\n      wake = put(value); // first"));
  }

  @Test
  void theLatestValueIsOne() {
    Explore.holds(LatestValue.class);
  }

  @Test
  void aReplacementInTwoStepsIsFound() {
    Explore.finds("more values than one", LatestValue.class,
        Twin.of("io.github.epollo.runtime.sync.ChannelState").with("      T _ = values.poll();\n",
            "      T _ = values.poll();\n      lock.release(); lock.lock();\n"));
  }
}
