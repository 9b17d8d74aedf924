package io.github.epollo.stress;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.sync.AsyncSemaphore;
import io.github.epollo.runtime.sync.Channel;
import io.github.epollo.runtime.sync.Permit;
import io.github.epollo.runtime.sync.SendResult;
import org.junit.jupiter.api.Test;

/** Hazard 21: a waker that comes back into what has called it. */
final class HostileWakerScenariosTest {
  private static final String HANG = "hung";

  /** Whoever is woken takes part at once, within the call. */
  public static final class WakerUsesTheChannel extends Scenario {
    @Override
    protected void play() {
      Channel<Integer> channel = Channel.bounded(1);
      Future<Integer> receiving = channel.receiveAsync();
      boolean[] received = new boolean[1];
      SendResult[] sent = new SendResult[2];
      if (receiving.poll(() -> received[0] = receiving.poll(() -> {}) instanceof Poll.Ready) instanceof Poll.Ready) {
        received[0] = true;
      }
      together(() -> sent[0] = channel.trySend(1), () -> sent[1] = channel.trySend(2));
      int accepted = (sent[0] == SendResult.SENT ? 1 : 0) + (sent[1] == SendResult.SENT ? 1 : 0);
      require(accepted == (received[0] ? 1 : 0) + channel.size(), "a value is lost");
    }
  }

  /** Whoever is woken closes the semaphore, and gives back what it has got. */
  public static final class WakerClosesTheSemaphore extends Scenario {
    @Override
    protected void play() {
      AsyncSemaphore semaphore = new AsyncSemaphore(1);
      Permit held = semaphore.tryAcquire();
      Future<Permit> first = semaphore.acquireAsync();
      Polled<Permit> second = new Polled<>(semaphore.acquireAsync());
      Poll<Permit> _ = first.poll(() -> {
        semaphore.close();
        first.close();
      });
      together(held::close, second::pollIfWoken);
      Polled.settle(second);
      require(second.hasFailed() && semaphore.available() == 1, "permits were lost or made");
    }
  }

  @Test
  void aWakerMayUseTheChannelThatCallsIt() {
    Explore.holds(WakerUsesTheChannel.class);
  }

  @Test
  void aWakeUnderTheLockOfAChannelIsFound() {
    Explore.finds(HANG, WakerUsesTheChannel.class,
        Twin.of("io.github.epollo.runtime.sync.ChannelState").with(
            "        return result;\n      }\n      wake = put(value);",
            "        return result;\n      }\n      wake = put(value);\n      Wakers.wake(wake);"));
  }

  @Test
  void aWakerMayCloseTheSemaphoreThatCallsIt() {
    Explore.holds(WakerClosesTheSemaphore.class);
  }

  @Test
  void aWakeUnderTheLockOfASemaphoreIsFound() {
    Explore.finds(HANG, WakerClosesTheSemaphore.class,
        Twin.of(AsyncSemaphore.class).with("          waker = waiting.pollWaker();",
            "          Wakers.wake(waiting.pollWaker());"));
  }
}
