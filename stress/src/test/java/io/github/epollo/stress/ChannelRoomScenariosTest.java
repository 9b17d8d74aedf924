package io.github.epollo.stress;

import io.github.epollo.runtime.sync.Channel;
import io.github.epollo.runtime.sync.SendPermit;
import io.github.epollo.runtime.sync.SendResult;
import org.junit.jupiter.api.Test;

/** Hazard 20 on the side of a channel that sends: nobody waits for room that is there, whoever gives up. */
final class ChannelRoomScenariosTest {
  private static final String LOST = "a value is lost";
  private static final String NOT_SENT = "one waits although there is room";

  /** Of two who wait for room the first gives up while a value is taken: the second sends. */
  public static final class ReceiveMeetsCancelledSend extends Scenario {
    @Override
    protected void play() {
      Channel<Integer> channel = Channel.bounded(1);
      channel.trySend(1);
      Polled<Void> first = Polled.started(channel.sendAsync(2));
      Polled<Void> second = Polled.started(channel.sendAsync(3));
      together(channel::tryReceive, first::close);
      Polled.settle(second);
      require(second.hasValue(), NOT_SENT);
      Integer left = channel.tryReceive();
      require(left != null && left == 3 && channel.tryReceive() == null, LOST);
    }
  }

  /** One comes to wait for room, or for a place of its own, while a value is taken. */
  public static final class ReceiveMeetsSend extends Scenario {
    @Override
    protected void play() {
      Channel<Integer> channel = Channel.bounded(1);
      channel.trySend(1);
      Polled<SendPermit<Integer>> reserving = new Polled<>(channel.reserveAsync());
      together(channel::tryReceive, reserving::pollIfWoken);
      Polled.settle(reserving);
      require(reserving.hasValue(), NOT_SENT);
      reserving.value().send(2);
      Integer left = channel.tryReceive();
      require(left != null && left == 2, LOST);
    }
  }

  /** A place is given back, or its reservation given up, while another waits for room. */
  public static final class PermitGoesBack extends Scenario {
    @Override
    protected void play() {
      Channel<Integer> channel = Channel.bounded(1);
      SendPermit<Integer> permit = channel.tryReserve();
      Polled<SendPermit<Integer>> reserving = Polled.started(channel.reserveAsync());
      Polled<Void> sending = new Polled<>(channel.sendAsync(1));
      together(permit::close, reserving::close, sending::pollIfWoken);
      Polled.settle(sending);
      require(sending.hasValue(), NOT_SENT);
      require(channel.trySend(2) == SendResult.FULL, "more values than there is room for");
    }
  }

  /** Nothing between sender and receiver: they meet although another receiver gives up. */
  public static final class Rendezvous extends Scenario {
    @Override
    protected void play() {
      Channel<Integer> channel = Channel.rendezvous();
      Polled<Integer> leaving = Polled.started(channel.receiveAsync());
      Polled<Integer> receiving = new Polled<>(channel.receiveAsync());
      Polled<Void> sending = new Polled<>(channel.sendAsync(1));
      together(leaving::close, receiving::pollIfWoken, sending::pollIfWoken);
      Polled.settle(receiving, sending);
      require(sending.hasValue(), NOT_SENT);
      require(receiving.hasValue(), LOST);
    }
  }

  @Test
  void roomForOneWhoGivesUpIsForTheNext() {
    Explore.holds(ReceiveMeetsCancelledSend.class);
  }

  @Test
  void aSenderThatDoesNotPassTheCallOnIsFound() {
    Explore.finds(Polled.LOST_WAKE_UP, ReceiveMeetsCancelledSend.class,
        Twin.of("io.github.epollo.runtime.sync.ChannelState")
            .with("      wake = phase == Phase.OPEN ? senders.call(room()) : null;\n", "      wake = null;\n"));
  }

  @Test
  void aReservationTakesRoomThatComesAtTheSameTime() {
    Explore.holds(ReceiveMeetsSend.class);
  }

  @Test
  void aSenderThatLooksAndWaitsInTwoStepsIsFound() {
    Explore.finds(Polled.LOST_WAKE_UP, ReceiveMeetsSend.class,
        Twin.of("io.github.epollo.runtime.sync.ChannelState").with("        senders.join(waiter, waker);\n",
            "        lock.release(); lock.lock();\n        senders.join(waiter, waker);\n"));
  }

  @Test
  void aPlaceThatIsGivenBackIsUsed() {
    Explore.holds(PermitGoesBack.class);
  }

  @Test
  void aPlaceThatGoesBackSilentlyIsFound() {
    Explore.finds(Polled.LOST_WAKE_UP, PermitGoesBack.class,
        Twin.of("io.github.epollo.runtime.sync.ChannelState").with("      reserved--;\n      wake = removed();",
            "      reserved--;\n      wake = null;"));
  }

  @Test
  void senderAndReceiverMeetAlthoughAnotherGoes() {
    Explore.holds(Rendezvous.class);
  }

  @Test
  void aReceiverThatDoesNotCallASenderIsFound() {
    Explore.finds(Polled.LOST_WAKE_UP, Rendezvous.class,
        Twin.of("io.github.epollo.runtime.sync.ChannelState")
            .with("wake = taken == null ? senders.call(room()) : null;", "wake = null;"));
  }
}
