package io.github.epollo.runtime.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Steps on a broadcast and on a plain-Java model of it, in which each receiver has a queue of its own. */
final class BroadcastRun {
  private static final class Listener {
    final BroadcastReceiver<Integer> receiver;
    final Deque<Integer> unseen = new ArrayDeque<>();
    int missed;
    boolean closed;

    Listener(BroadcastReceiver<Integer> receiver) {
      this.receiver = receiver;
    }
  }

  private record Party(Listener listener, boolean orNull, HandPolled<?> polled) {}

  private final int capacity;
  private final int replay;
  private final Deque<Integer> replayed = new ArrayDeque<>();
  private final Broadcast<Integer> broadcast;
  private final UnaryOperator<Future<?>> twist;
  private final List<Listener> listeners = new ArrayList<>();
  private final List<Party> parties = new ArrayList<>();
  private int nextValue;
  private boolean closed;
  private boolean failed;

  BroadcastRun(int capacity, int replay, UnaryOperator<Future<?>> twist) {
    this.capacity = capacity;
    this.replay = replay;
    this.broadcast = replay == 0 ? Broadcast.bounded(capacity) : Broadcast.bounded(capacity, replay);
    this.twist = twist;
  }

  void run(List<Integer> steps) {
    for (int step : steps) {
      step(step % 16, step / 16);
      check();
    }
    for (Listener listener : listeners) {
      listener.receiver.close();
    }
    assertThat(broadcast.kept()).isEqualTo(replayed.size());
    assertThat(broadcast.receiverCount()).isZero();
  }

  private void step(int choice, int argument) {
    Listener listener = listeners.isEmpty() ? null : listeners.get(argument % listeners.size());
    Party party = parties.isEmpty() ? null : parties.get(argument % parties.size());
    switch (choice) {
      case 0, 1, 2, 3, 4 -> send(nextValue++);
      case 5 -> listen(broadcast.subscribe());
      case 6 -> {
        if (listener != null) {
          listen(listener.receiver.resubscribe());
        }
      }
      case 7, 8 -> {
        if (listener != null) {
          boolean orNull = argument % 2 == 0;
          Future<?> future = orNull ? listener.receiver.receiveOrNullAsync() : listener.receiver.receiveAsync();
          Party started = new Party(listener, orNull, new HandPolled<>(twist.apply(future)));
          parties.add(started);
          poll(started, true);
        }
      }
      case 9, 10, 11 -> {
        if (party != null) {
          poll(party, argument % 3 == 0);
        }
      }
      case 12 -> {
        if (party != null) {
          party.polled.future.close();
          parties.remove(party);
        }
      }
      case 13 -> {
        if (listener != null) {
          check(listener, true, tried(listener.receiver));
        }
      }
      case 14 -> {
        if (listener != null) {
          listener.receiver.close();
          listener.receiver.close();
          listener.closed = true;
          listener.unseen.clear();
        }
      }
      default -> end(argument);
    }
  }

  private void listen(BroadcastReceiver<Integer> receiver) {
    Listener listener = new Listener(receiver);
    listener.unseen.addAll(replayed);
    listeners.add(listener);
  }

  private void send(int value) {
    long audience = listeners.stream().filter(l -> !l.closed).count();
    try {
      assertThat(broadcast.send(value)).isEqualTo((int) audience);
      assertThat(closed).isFalse();
    } catch (ChannelClosedException e) {
      assertThat(closed).isTrue();
      return;
    }
    replayed.add(value);
    if (replayed.size() > replay) {
      replayed.remove();
    }
    for (Listener listener : listeners) {
      if (!listener.closed) {
        listener.unseen.add(value);
        if (listener.unseen.size() > capacity) {
          listener.unseen.remove();
          listener.missed++;
        }
      }
    }
  }

  private void end(int argument) {
    if (argument % 16 == 0) {
      broadcast.close();
      closed = true;
    } else if (argument % 16 == 1) {
      broadcast.close(new IllegalArgumentException("broken"));
      failed |= !closed;
      closed = true;
    }
  }

  private static Poll<?> tried(BroadcastReceiver<Integer> receiver) {
    try {
      Integer value = receiver.tryReceive();
      return value == null ? Poll.pending() : Poll.ready(value);
    } catch (RuntimeException e) {
      return Poll.failed(e);
    }
  }

  private void poll(Party party, boolean freshWaker) {
    Poll<?> poll = party.polled.poll(freshWaker);
    check(party.listener, !party.orNull, poll);
    if (!(poll instanceof Poll.Pending)) {
      parties.remove(party);
    }
  }

  /** Whether {@code poll} is what the model answers; takes it there. */
  private void check(Listener listener, boolean endThrows, Poll<?> poll) {
    if (listener.closed) {
      assertThat(failure(poll)).isExactlyInstanceOf(IllegalStateException.class)
          .hasMessageContaining("subscribe again");
    } else if (listener.missed > 0) {
      assertThat(failure(poll)).isInstanceOfSatisfying(LaggedException.class,
          e -> assertThat(e.missed()).isEqualTo(listener.missed));
      listener.missed = 0;
    } else if (!listener.unseen.isEmpty()) {
      assertThat(poll).isEqualTo(Poll.ready(listener.unseen.remove()));
    } else if (!closed) {
      assertThat(poll).isEqualTo(Poll.pending());
    } else if (endThrows || failed) {
      assertThat(failure(poll)).isInstanceOf(ChannelClosedException.class);
      assertThat(failure(poll).getCause() != null).isEqualTo(failed);
    } else {
      assertThat(poll).isEqualTo(Poll.ready(null));
    }
  }

  private static Throwable failure(Poll<?> poll) {
    assertThat(poll).isInstanceOf(Poll.Failed.class);
    return ((Poll.Failed<?>) poll).cause();
  }

  private void check() {
    Set<Integer> kept = new HashSet<>(replayed);
    for (Listener listener : listeners) {
      kept.addAll(listener.unseen);
    }
    assertThat(broadcast.kept()).isEqualTo(kept.size());
    assertThat(broadcast.isClosed()).isEqualTo(closed);
    for (Party party : parties) {
      Listener listener = party.listener;
      if (closed || listener.closed || listener.missed > 0 || !listener.unseen.isEmpty()) {
        assertThat(party.polled.wakes).as("wakes of one who can go on").isPositive();
      }
      assertThat(party.polled.staleWakes).isZero();
    }
  }
}
