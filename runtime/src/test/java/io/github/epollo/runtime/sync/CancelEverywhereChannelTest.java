package io.github.epollo.runtime.sync;

import static io.github.epollo.runtime.sync.CancelRuns.pause;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.CheckedBody;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.FutureMap;
import io.github.epollo.runtime.future.FutureQueue;
import io.github.epollo.runtime.future.FutureSet;
import io.github.epollo.runtime.future.Outcome;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Selected;
import io.github.epollo.runtime.future.Shared;
import io.github.epollo.runtime.sync.CancelRuns.Check;
import io.github.epollo.runtime.sync.CancelRuns.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** As {@link CancelEverywhereTest}, of what hands values over: each that was sent is received once, or is still there, whoever was cancelled. */
class CancelEverywhereChannelTest {
  private static final int SEEDS = 40;
  private static final int VALUES = 3; // of each sender

  private static void cancelEverywhere(Supplier<Scenario> scenarios) {
    CancelRuns.cancelEverywhere(SEEDS, Integer.MAX_VALUE, scenarios);
  }

  /** Two senders, one of which reserves, and the count of what they have sent. The last to go closes the channel. */
  private static final class Traffic {
    final Channel<Integer> channel;
    final List<Integer> sent = new ArrayList<>();
    final List<Integer> received = new ArrayList<>();
    final List<CheckedBody<?>> bodies = new ArrayList<>();
    private int senders;

    Traffic(Channel<Integer> channel) {
      this.channel = channel;
      sender(value -> channel.send(value));
      sender(value -> {
        try (SendPermit<Integer> permit = channel.reserve()) {
          if (value == 12) {
            return; // changed its mind
          }
          pause();
          permit.send(value);
        }
        sent.add(value);
      });
    }

    private interface Sending {
      void send(int value);
    }

    private void sender(Sending sending) {
      int first = ++senders * 10 - 9;
      boolean counted = senders == 2;
      bodies.add(() -> {
        try {
          for (int value = first; value < first + VALUES; value++) {
            sending.send(value);
            if (!counted) {
              sent.add(value);
            }
          }
        } catch (ChannelClosedException e) {
          // somebody had enough
        } finally {
          if (--senders == 0) {
            channel.close();
          }
        }
      });
    }

    /** Whether there was a value. */
    boolean got(Integer value) {
      if (value == null) {
        return false;
      }
      received.add(value);
      return true;
    }

    Scenario scenario() {
      return scenario(List.of());
    }

    Scenario scenario(List<Integer> dropped) {
      return new Scenario(bodies, _ -> {
        assertThat(channel.size()).isZero();
        List<Integer> all = new ArrayList<>(received);
        all.addAll(dropped);
        assertThat(all).containsExactlyInAnyOrderElementsOf(sent);
        assertThat(received.stream().filter(v -> v < 10)).isSorted();
        assertThat(received.stream().filter(v -> v > 10)).isSorted();
      });
    }
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.INCLUDE, names = {"RENDEZVOUS", "ONE", "THREE", "UNBOUNDED"})
  void channel(ChannelRun.Kind kind) {
    cancelEverywhere(() -> {
      Traffic traffic = new Traffic(kind.create());
      Channel<Integer> channel = traffic.channel;
      for (int i = 0; i < 2; i++) {
        traffic.bodies.add(() -> {
          while (traffic.got(channel.receiveOrNull())) {
            pause();
          }
        });
      }
      traffic.bodies.add(() -> {
        channel.closed();
        assertThat(channel.isClosed()).isTrue();
      });
      return traffic.scenario();
    });
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.INCLUDE, names = {"RENDEZVOUS", "ONE", "THREE", "UNBOUNDED"})
  void channelOfManyAtATime(ChannelRun.Kind kind) {
    cancelEverywhere(() -> {
      Traffic traffic = new Traffic(kind.create());
      for (int i = 0; i < 2; i++) {
        traffic.bodies.add(() -> {
          for (List<Integer> some = traffic.channel.receiveMany(2); !some.isEmpty(); some = traffic.channel
              .receiveMany(2)) {
            traffic.received.addAll(some);
          }
        });
      }
      return traffic.scenario();
    });
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.INCLUDE, names = {"RENDEZVOUS", "ONE", "THREE", "UNBOUNDED"})
  void channelThatIsDropped(ChannelRun.Kind kind) {
    cancelEverywhere(() -> {
      Traffic traffic = new Traffic(kind.create());
      List<Integer> dropped = new ArrayList<>();
      traffic.bodies.add(() -> {
        while (traffic.got(traffic.channel.receiveOrNull())) {
          pause();
        }
      });
      traffic.bodies.add(() -> {
        try {
          for (int i = 0; i < 2 && traffic.got(traffic.channel.receiveOrNull()); i++) {
            pause();
          }
        } finally {
          dropped.addAll(traffic.channel.closeNow());
        }
      });
      return traffic.scenario(dropped);
    });
  }

  /** One receives until something else happens, and begins again. */
  @ParameterizedTest
  @EnumSource(mode = Mode.INCLUDE, names = {"RENDEZVOUS", "ONE", "THREE", "UNBOUNDED"})
  void channelInARace(ChannelRun.Kind kind) {
    cancelEverywhere(() -> {
      Traffic traffic = new Traffic(kind.create());
      Notify tick = new Notify();
      AtomicInteger racing = new AtomicInteger(2);
      for (int i = 0; i < 2; i++) {
        boolean tickFirst = i == 0;
        traffic.bodies.add(() -> {
          try {
            for (Outcome<Integer> end = null; end == null || end.get() != null;) {
              Future<Outcome<Integer>> value = traffic.channel.receiveOrNullAsync().catching();
              Future<Outcome<Integer>> ticked = tick.notifiedAsync().map(_ -> Outcome.ofValue(-1));
              end = (tickFirst ? Future.raceInOrder(ticked, value) : Future.raceInOrder(value, ticked)).await();
              if (end.get() != null && end.get() >= 0) {
                traffic.received.add(end.get());
              }
            }
          } finally {
            racing.decrementAndGet();
          }
        });
      }
      traffic.bodies.add(() -> {
        while (racing.get() > 0) {
          tick.notifyOne();
          pause();
        }
      });
      return traffic.scenario();
    });
  }

  /** One waits for two channels; what is left of a choice takes part in the next. */
  @Test
  void channelsInAChoice() {
    cancelEverywhere(() -> {
      Traffic traffic = new Traffic(Channel.bounded(1));
      Channel<Integer> other = Channel.rendezvous();
      AtomicInteger sentThere = new AtomicInteger();
      List<Integer> there = new ArrayList<>();
      AtomicInteger choosing = new AtomicInteger(2);
      for (int i = 0; i < 2; i++) {
        traffic.bodies.add(() -> {
          Future<Integer> here = traffic.channel.receiveOrNullAsync();
          Future<Integer> elsewhere = other.receiveOrNullAsync();
          try {
            for (Integer value = 0; value != null;) {
              Selected<Integer> selected = Future.selectInOrder(here, elsewhere).await();
              value = selected.outcome().get();
              if (selected.index() == 0) {
                boolean _ = traffic.got(value);
                here = traffic.channel.receiveOrNullAsync();
              } else if (value != null) {
                there.add(value);
                elsewhere = other.receiveOrNullAsync();
              }
            }
          } finally {
            here.close();
            elsewhere.close();
            choosing.decrementAndGet();
          }
        });
      }
      traffic.bodies.add(() -> {
        for (int i = 0; i < 3; i++) {
          Future<Integer> sending = other.sendAsync(i).map(_ -> 1);
          Integer sent = Future.raceInOrder(sending, Future.<Integer>fromPoll(waker -> {
            waker.wake();
            return choosing.get() == 0 ? Poll.ready(0) : Poll.pending();
          })).await();
          sentThere.addAndGet(sent);
        }
      });
      Scenario scenario = traffic.scenario();
      return new Scenario(scenario.bodies(), cut -> {
        scenario.check().accept(cut);
        assertThat(there.size() + other.closeNow().size()).isEqualTo(sentThere.get());
      });
    });
  }

  @Test
  void channelOfTheLatest() {
    cancelEverywhere(() -> {
      Channel<Integer> channel = Channel.latest();
      List<Integer> received = new ArrayList<>();
      AtomicInteger sent = new AtomicInteger();
      List<CheckedBody<?>> bodies = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        bodies.add(() -> {
          for (Integer value = channel.receiveOrNull(); value != null; value = channel.receiveOrNull()) {
            received.add(value);
          }
        });
      }
      bodies.add(() -> {
        try {
          for (int i = 1; i <= 5; i++) {
            channel.send(i);
            sent.set(i);
            pause();
          }
        } finally {
          channel.close();
        }
      });
      return new Scenario(bodies, _ -> {
        assertThat(received).isSorted().doesNotHaveDuplicates();
        assertThat(received.getLast()).isEqualTo(sent.get());
      });
    });
  }

  @Test
  void oneshot() {
    cancelEverywhere(() -> {
      Oneshot<Integer> oneshot = Oneshot.create();
      List<Object> received = new ArrayList<>();
      AtomicInteger ended = new AtomicInteger();
      List<CheckedBody<?>> bodies = new ArrayList<>();
      CheckedBody<?> receive = () -> {
        while (ended.get() == 0) {
          try {
            received.add(oneshot.receiver().receive());
            ended.set(1);
          } catch (ChannelClosedException e) {
            ended.set(1);
          } catch (IllegalStateException e) {
            pause(); // the other one waits, or has it
          }
        }
      };
      bodies.add(receive);
      bodies.add(receive);
      bodies.add(() -> {
        try (OneshotSender<Integer> sender = oneshot.sender()) {
          pause();
          pause();
          assertThat(sender.send(7)).isTrue();
          sender.closed();
        }
      });
      return new Scenario(bodies, cut -> {
        if (cut != 2) {
          assertThat(received).containsExactly(7);
          assertThat(oneshot.sender().isClosed()).isTrue();
        }
      });
    });
  }

  @Test
  void broadcast() {
    cancelEverywhere(() -> {
      Broadcast<Integer> broadcast = Broadcast.bounded(2);
      List<BroadcastReceiver<Integer>> receivers = List.of(broadcast.subscribe(), broadcast.subscribe());
      int[] sums = new int[2]; // of values received or missed
      AtomicInteger sent = new AtomicInteger();
      List<CheckedBody<?>> bodies = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        int number = Math.min(i, 1); // two share one
        boolean slow = i == 1;
        bodies.add(() -> {
          while (true) {
            try {
              if (receivers.get(number).receiveOrNull() == null) {
                return;
              }
              sums[number]++;
            } catch (LaggedException e) {
              sums[number] += (int) e.missed();
            }
            if (slow) {
              pause();
              pause();
            }
          }
        });
      }
      bodies.add(() -> {
        try {
          for (int i = 0; i < 6; i++) {
            assertThat(broadcast.send(i)).isEqualTo(2);
            sent.incrementAndGet();
            pause();
          }
          while (sums[1] < sent.get()) {
            pause(); // they get it without being woken by the end
          }
        } finally {
          broadcast.close();
        }
      });
      return new Scenario(bodies, cut -> {
        if (cut != 0) {
          assertThat(sums[0]).isEqualTo(sent.get());
        }
        assertThat(sums[1]).isEqualTo(sent.get());
        receivers.forEach(BroadcastReceiver::close);
        assertThat(broadcast.kept()).isZero();
      });
    });
  }

  @Test
  void watch() {
    cancelEverywhere(() -> {
      Watch<Integer> watch = Watch.of(0);
      List<List<Integer>> seen = List.of(new ArrayList<>(), new ArrayList<>());
      AtomicInteger found = new AtomicInteger();
      List<CheckedBody<?>> bodies = new ArrayList<>();
      for (List<Integer> mine : seen) {
        WatchObserver<Integer> observer = watch.observe();
        bodies.add(() -> {
          try {
            while (true) {
              mine.add(observer.changed());
            }
          } catch (ChannelClosedException e) {
            // the end
          }
        });
      }
      bodies.add(() -> {
        try {
          found.set(watch.waitFor(value -> value >= 3));
        } catch (ChannelClosedException e) {
          assertThat(watch.get()).isLessThan(3);
        }
      });
      bodies.add(() -> {
        try (watch) {
          for (int i = 1; i <= 5; i++) {
            watch.set(i);
            pause();
          }
          while (seen.stream().noneMatch(mine -> mine.contains(5))) {
            pause(); // it is seen without a wake by the end
          }
        }
      });
      return new Scenario(bodies, cut -> {
        for (int i = 0; i < 2; i++) {
          assertThat(seen.get(i)).isSorted().doesNotHaveDuplicates();
          if (cut != i) {
            assertThat(seen.get(i)).endsWith(watch.get());
          }
        }
        if (cut != 2 && watch.get() >= 3) {
          assertThat(found.get()).isGreaterThanOrEqualTo(3);
        }
      });
    });
  }

  private interface Rest {
    /** The next value; null: none is left. */
    Integer next();
  }

  /** One waits for many; when it is cancelled it goes on, and all is still there. */
  private static void gathering(java.util.function.Function<List<Future<Integer>>, Rest> gathers) {
    cancelEverywhere(() -> {
      Channel<Integer> channel = Channel.rendezvous();
      Rest rest = gathers.apply(IntStream.range(0, 4).mapToObj(_ -> channel.receiveAsync()).toList());
      List<Integer> received = new ArrayList<>();
      AtomicInteger sent = new AtomicInteger();
      List<CheckedBody<?>> bodies = new ArrayList<>();
      CheckedBody<?> send = () -> {
        while (sent.get() < 4) {
          int value = sent.getAndIncrement();
          try {
            channel.send(value);
          } catch (CancellationException e) {
            channel.send(value); // it is still its own
          }
          pause();
        }
      };
      bodies.add(send);
      bodies.add(send);
      bodies.add(() -> {
        while (true) {
          try {
            Integer value = rest.next();
            if (value == null) {
              return;
            }
            received.add(value);
          } catch (CancellationException e) {
            // again
          }
        }
      });
      Check check = cut -> assertThat(received).containsExactlyInAnyOrder(0, 1, 2, 3);
      return new Scenario(bodies, check);
    });
  }

  @Test
  void futureSet() {
    gathering(futures -> {
      FutureSet<Integer> set = new FutureSet<>();
      futures.forEach(set::add);
      return () -> {
        Outcome<Integer> next = set.next();
        return next == null ? null : next.get();
      };
    });
  }

  @Test
  void futureQueue() {
    gathering(futures -> {
      FutureQueue<Integer> queue = new FutureQueue<>();
      futures.forEach(queue::add);
      return () -> {
        Outcome<Integer> next = queue.next();
        return next == null ? null : next.get();
      };
    });
  }

  @Test
  void futureMap() {
    gathering(futures -> {
      FutureMap<Integer, Integer> map = new FutureMap<>();
      futures.forEach(future -> map.put(map.size(), future));
      return () -> {
        FutureMap.Finished<Integer, Integer> next = map.next();
        return next == null ? null : next.outcome().get();
      };
    });
  }

  @Test
  void shared() {
    cancelEverywhere(() -> {
      Channel<Integer> channel = Channel.rendezvous();
      Shared<Integer> first = channel.receiveAsync().then(one -> channel.receiveAsync().map(two -> one + two)).shared();
      List<Shared<Integer>> handles = List.of(first, first.another());
      List<Integer> received = new ArrayList<>();
      List<CheckedBody<?>> bodies = new ArrayList<>();
      for (Shared<Integer> handle : handles) {
        bodies.add(() -> {
          pause();
          received.add(handle.await());
        });
      }
      bodies.add(() -> {
        for (int value = 1; value <= 2; value++) {
          try {
            channel.send(value);
          } catch (CancellationException e) {
            channel.send(value);
          }
        }
      });
      return new Scenario(bodies, cut -> {
        assertThat(received).hasSize(cut >= 0 && cut < 2 ? 1 : 2).containsOnly(3);
        assertThat(channel.size()).isZero();
      });
    });
  }
}
