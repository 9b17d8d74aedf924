package io.github.epollo.runtime.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.Waker;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChannelTest {
  @Test
  void capacityZeroIsRefusedAndTheMessageNamesRendezvous() {
    assertThatThrownBy(() -> Channel.bounded(0)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("capacity 0").hasMessageContaining("Channel.rendezvous()");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, Integer.MIN_VALUE})
  void aNegativeCapacityIsRefused(int capacity) {
    assertThatThrownBy(() -> Channel.bounded(capacity)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("" + capacity).hasMessageContaining("must be positive");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  void aLimitThatIsNotPositiveIsRefused(int limit) {
    Channel<Integer> channel = Channel.bounded(1);
    assertThatThrownBy(() -> channel.receiveManyAsync(limit)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most " + limit);
  }

  @Test
  void nullIsRefused() {
    Channel<Integer> channel = Channel.bounded(1);
    assertThatThrownBy(() -> channel.send(null)).isInstanceOf(NullPointerException.class)
        .hasMessageContaining("cannot send null");
    assertThatThrownBy(() -> channel.sendAsync(null)).isInstanceOf(NullPointerException.class)
        .hasMessageContaining("cannot send null");
    assertThatThrownBy(() -> channel.trySend(null)).isInstanceOf(NullPointerException.class)
        .hasMessageContaining("cannot send null");
    try (SendPermit<Integer> permit = channel.reserve()) {
      assertThatThrownBy(() -> permit.send(null)).isInstanceOf(NullPointerException.class)
          .hasMessageContaining("cannot send null");
      permit.send(1);
    }
    assertThatThrownBy(() -> channel.close(null)).isInstanceOf(NullPointerException.class)
        .hasMessageContaining("use close()");
    assertThat(channel.receive()).isEqualTo(1);
  }

  @Test
  void aUsedPermitAndAClosedOneSayThatTheyAreForOneValue() {
    Channel<Integer> channel = Channel.bounded(2);
    SendPermit<Integer> used = channel.reserve();
    used.send(1);
    used.close();
    assertThatThrownBy(() -> used.send(2)).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("for one value");
    SendPermit<Integer> closed = channel.reserve();
    closed.close();
    assertThatThrownBy(() -> closed.send(2)).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("for one value");
    assertThat(channel.receiveMany(9)).containsExactly(1);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsThereSaysSo(ChannelRun.Kind kind) {
    Channel<Integer> channel = kind.create();
    int expected = switch (kind) {
      case RENDEZVOUS -> 0;
      case ONE, LATEST -> 1;
      case THREE -> 3;
      case UNBOUNDED -> Integer.MAX_VALUE;
    };
    assertThat(channel.capacity()).isEqualTo(expected);
    assertThat(channel).asString().contains("channel").contains("with 0 values");
  }

  @Test
  void directCallsWaitAndEndAsTheirTwinsDo() {
    Channel<Integer> channel = Channel.bounded(1);
    List<Integer> received = new ArrayList<>();
    Epollo.run(() -> {
      Task<?> sender = Tasks.spawn(() -> {
        for (int i = 0; i < 1000; i++) {
          channel.send(i);
        }
        channel.close();
        assertThatThrownBy(() -> channel.send(0)).isInstanceOf(ChannelClosedException.class)
            .hasMessageContaining("cannot send to a channel of capacity 1");
        channel.closed();
      });
      for (int value : channel) {
        received.add(value);
      }
      sender.join();
    });
    assertThat(received).isEqualTo(IntStream.range(0, 1000).boxed().toList());
    assertThat(channel.receiveOrNull()).isNull();
    assertThat(channel.receiveMany(1)).isEmpty();
    assertThatThrownBy(channel::receive).isInstanceOf(ChannelClosedException.class).hasMessageContaining("has ended");
  }

  @Test
  void aLoopThatIsLeftTakesNoValueThatItDidNotSee() {
    Channel<Integer> channel = Channel.unbounded();
    for (int i = 0; i < 3; i++) {
      channel.send(i);
    }
    for (int value : channel) {
      if (value == 1) {
        break;
      }
    }
    channel.close();
    Iterator<Integer> rest = channel.iterator();
    assertThat(rest.next()).isEqualTo(2);
    assertThat(rest.hasNext()).isFalse();
    assertThat(rest.hasNext()).isFalse();
    assertThatThrownBy(rest::next).isInstanceOf(NoSuchElementException.class).hasMessageContaining("ended");
  }

  @Test
  void aFailureReachesReceiversAfterTheValues() {
    Channel<Integer> channel = Channel.bounded(2);
    Exception failure = new Exception("source broke");
    channel.send(1);
    channel.close(failure);
    assertThat(channel.receive()).isEqualTo(1);
    assertThatThrownBy(channel::receive).isInstanceOf(ChannelClosedException.class).hasCause(failure)
        .hasMessageContaining("source broke");
    assertThatThrownBy(channel::receiveOrNull).isInstanceOf(ChannelClosedException.class).hasCause(failure);
    assertThatThrownBy(() -> channel.receiveMany(1)).isInstanceOf(ChannelClosedException.class).hasCause(failure);
    assertThatThrownBy(() -> channel.iterator().hasNext()).isInstanceOf(ChannelClosedException.class).hasCause(failure);
  }

  /** The task always finds values ready: others run all the same, and it can be cancelled. */
  @Test
  void whoNeverHasToWaitStillLetsOthersRunAndIsCancelled() {
    Channel<Integer> channel = Channel.bounded(1);
    AtomicInteger rounds = new AtomicInteger();
    Epollo.run(() -> {
      Task<?> busy = Tasks.spawn(() -> {
        while (true) {
          channel.send(1);
          channel.receive();
          rounds.incrementAndGet();
        }
      });
      while (rounds.get() == 0) {
        Tasks.yieldNow();
      }
      busy.cancel().await();
      assertThatThrownBy(busy::join).isInstanceOf(CancellationException.class);
    });
  }

  /** Hazard 21: a waker uses the channel, which is under no lock then. */
  @Test
  void aWakerMayUseTheChannelAndMayThrow() {
    Channel<Integer> channel = Channel.unbounded();
    List<Throwable> reported = new ArrayList<>();
    Thread thread = Thread.currentThread();
    Thread.UncaughtExceptionHandler before = thread.getUncaughtExceptionHandler();
    thread.setUncaughtExceptionHandler((_, t) -> reported.add(t));
    try {
      List<Object> seen = new ArrayList<>();
      Waker hostile = () -> {
        seen.add(channel.size());
        seen.add(channel.tryReceive());
        throw new ArithmeticException("hostile");
      };
      channel.receiveAsync().poll(hostile);
      assertThat(channel.trySend(1)).isEqualTo(SendResult.SENT);
      assertThat(seen).containsExactly(1, 1);
      assertThat(reported).singleElement().isInstanceOf(ArithmeticException.class);

      AtomicInteger woken = new AtomicInteger();
      Channel<Integer> other = Channel.bounded(1);
      other.closedAsync().poll(() -> {
        throw new ArithmeticException("hostile");
      });
      other.receiveAsync().poll(woken::incrementAndGet);
      other.receiveAsync().poll(woken::incrementAndGet);
      other.close();
      assertThat(woken).hasValue(2);
    } finally {
      thread.setUncaughtExceptionHandler(before);
    }
  }

  @Test
  void aCrowdOfWaitersIsServedInOrderAndLeavesNothingBehind() {
    Channel<Integer> channel = Channel.rendezvous();
    List<HandPolled<Integer>> crowd = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      HandPolled<Integer> one = new HandPolled<>(channel.receiveAsync());
      one.poll();
      crowd.add(one);
    }
    for (int i = 0; i < 100_000; i += 2) {
      crowd.get(i).future.close();
    }
    for (int i = 1; i < 100_000; i += 2) {
      assertThat(channel.trySend(i)).isEqualTo(SendResult.SENT);
      assertThat(crowd.get(i).wakes).isOne();
    }
    assertThat(channel.trySend(0)).isEqualTo(SendResult.FULL);
  }
}
