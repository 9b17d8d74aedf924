package io.github.epollo.runtime.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Values move between tasks of several loops and plain threads, some of which are cancelled again and again: each is received once. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChannelThreadsTest {
  private static final int VALUES = 100_000;

  private final AtomicInteger nextValue = new AtomicInteger();
  private final AtomicInteger sendersLeft = new AtomicInteger();
  private final ConcurrentLinkedQueue<Integer> received = new ConcurrentLinkedQueue<>();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "LATEST")
  void eachValueIsReceivedOnceWhoeverIsCancelled(ChannelRun.Kind kind) throws Exception {
    Channel<Integer> channel = kind.create();
    sendersLeft.set(4);
    try (Epollo one = Epollo.start(); Epollo two = Epollo.start()) {
      List<Epollo> loops = List.of(one, two);
      List<Thread> threads = new ArrayList<>();
      List<Task<?>> tasks = new ArrayList<>();
      for (Epollo loop : loops) {
        threads.add(thread(() -> sendCancelled(loop, channel)));
        threads.add(thread(() -> receiveCancelled(loop, channel)));
        tasks.add(loop.spawn(() -> sendAll(channel)));
        tasks.add(loop.spawn(() -> receiveAll(channel)));
      }
      threads.add(thread(() -> receiveAll(channel)));
      for (Thread thread : threads) {
        thread.join();
      }
      for (Task<?> task : tasks) {
        task.join();
      }
    }
    assertThat(failure.get()).isNull();
    BitSet seen = new BitSet();
    for (int value : received) {
      assertThat(seen.get(value)).as("%s came before", value).isFalse();
      seen.set(value);
    }
    assertThat(seen.cardinality()).isEqualTo(VALUES);
    assertThat(channel.closeNow()).isEmpty();
  }

  private Thread thread(Runnable body) {
    return Thread.ofPlatform().start(() -> {
      try {
        body.run();
      } catch (Throwable t) {
        failure.compareAndSet(null, t);
      }
    });
  }

  private void sendAll(Channel<Integer> channel) {
    for (int value = nextValue.getAndIncrement(); value < VALUES; value = nextValue.getAndIncrement()) {
      if (value % 7 == 0) {
        try (SendPermit<Integer> permit = channel.reserve()) {
          permit.send(value);
        }
      } else {
        channel.send(value);
      }
    }
    senderEnds(channel);
  }

  private void senderEnds(Channel<Integer> channel) {
    if (sendersLeft.decrementAndGet() == 0) {
      channel.close();
    }
  }

  private void receiveAll(Channel<Integer> channel) {
    while (true) {
      List<Integer> batch = channel.receiveMany(3);
      if (batch.isEmpty()) {
        return;
      }
      received.addAll(batch);
      Integer one = channel.receiveOrNull();
      if (one != null) {
        received.add(one);
      }
    }
  }

  /** Sends with a task at a time, most of which are cancelled; what was not sent is sent by the next. */
  private void sendCancelled(Epollo loop, Channel<Integer> channel) {
    Random random = new Random(1);
    int value = nextValue.getAndIncrement();
    while (value < VALUES) {
      int first = value;
      AtomicInteger unsent = new AtomicInteger(first);
      Task<?> task = loop.spawn(() -> {
        for (int own = first; own < VALUES; own = nextValue.getAndIncrement()) {
          unsent.set(own);
          channel.send(own);
          unsent.set(-1);
        }
      });
      pause(random);
      join(task);
      value = unsent.get() >= 0 ? unsent.get() : nextValue.getAndIncrement();
    }
    senderEnds(channel);
  }

  private void receiveCancelled(Epollo loop, Channel<Integer> channel) {
    Random random = new Random(2);
    AtomicInteger ended = new AtomicInteger();
    while (ended.get() == 0) {
      Task<?> task = loop.spawn(() -> {
        for (int value : channel) {
          received.add(value);
        }
        ended.set(1);
      });
      pause(random);
      join(task);
    }
  }

  private static void pause(Random random) {
    for (int i = random.nextInt(300); i > 0; i--) {
      Thread.onSpinWait();
    }
    if (random.nextInt(10) == 0) {
      Thread.yield();
    }
  }

  private static void join(Task<?> task) {
    task.cancel().await();
    try {
      Object _ = task.join();
    } catch (CancellationException e) {
      // as it was meant
    }
  }
}
