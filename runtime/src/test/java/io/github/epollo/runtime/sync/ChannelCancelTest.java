package io.github.epollo.runtime.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.loop.Loop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** A task is cancelled at its k-th wait, for every k: what it has not done, its successor does, and each value arrives once and in order. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChannelCancelTest {
  private static final int VALUES = 20;

  private final List<Integer> received = new ArrayList<>();
  private int next;
  private boolean loopCarriesTasks;

  @ParameterizedTest
  @EnumSource(mode = Mode.INCLUDE, names = {"RENDEZVOUS", "ONE", "THREE"})
  void aSenderIsCancelledAtEachOfItsWaits(ChannelRun.Kind kind) {
    int waits = 0;
    for (boolean cancelled = true; cancelled; waits++) {
      int k = waits;
      cancelled = run(kind, k, true);
    }
    assertThat(waits).isGreaterThan(loopCarriesTasks ? 3 : 0); // else the others do not run by turns
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.INCLUDE, names = {"RENDEZVOUS", "ONE", "THREE", "UNBOUNDED"})
  void aReceiverIsCancelledAtEachOfItsWaits(ChannelRun.Kind kind) {
    int waits = 0;
    for (boolean cancelled = true; cancelled; waits++) {
      int k = waits;
      cancelled = run(kind, k, false);
    }
    assertThat(waits).isGreaterThan(loopCarriesTasks ? 3 : 0); // else the others do not run by turns
  }

  /** Cancels one side after {@code turns} turns of the other tasks; false if that was too late. */
  private boolean run(ChannelRun.Kind kind, int turns, boolean sender) {
    received.clear();
    next = 0;
    Channel<Integer> channel = kind.create();
    boolean[] cancelled = {false};
    Epollo.run(() -> {
      loopCarriesTasks = Loop.current().carriesTasks();
      Task<?> sending = Tasks.spawn(() -> send(channel));
      Task<?> receiving = Tasks.spawn(() -> receive(channel));
      for (int i = 0; i < turns; i++) {
        Tasks.yieldNow();
      }
      Task<?> victim = sender ? sending : receiving;
      victim.cancel().await();
      try {
        victim.join();
      } catch (CancellationException e) {
        cancelled[0] = true;
        if (sender) {
          send(channel);
        } else {
          receive(channel);
        }
      }
      Task<?> other = sender ? receiving : sending;
      other.join();
    });
    assertThat(received).isEqualTo(IntStream.range(0, VALUES).boxed().toList());
    return cancelled[0];
  }

  private void send(Channel<Integer> channel) {
    while (next < VALUES) {
      if (next % 3 == 0) {
        try (SendPermit<Integer> permit = channel.reserve()) {
          permit.send(next++);
        }
      } else {
        channel.send(next);
        next++;
      }
      if (next % 5 == 0) {
        Tasks.yieldNow();
      }
    }
    channel.close();
  }

  private void receive(Channel<Integer> channel) {
    while (true) {
      List<Integer> batch = channel.receiveMany(2);
      if (batch.isEmpty()) {
        return;
      }
      received.addAll(batch);
    }
  }
}
