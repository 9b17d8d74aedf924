package io.github.epollo.runtime.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Steps on a channel and on a plain-Java model of it. After each step both agree on what was answered, on what is in the channel, and on who was woken.
 */
final class ChannelRun {
  /** The kinds of channel. */
  enum Kind {
    RENDEZVOUS, ONE, THREE, UNBOUNDED, LATEST;

    Channel<Integer> create() {
      return switch (this) {
        case RENDEZVOUS -> Channel.rendezvous();
        case ONE -> Channel.bounded(1);
        case THREE -> Channel.bounded(3);
        case UNBOUNDED -> Channel.unbounded();
        case LATEST -> Channel.latest();
      };
    }
  }

  static final int CHOICES = 16 * 64;

  private enum Wish {
    SEND, RESERVE, RECEIVE, RECEIVE_OR_NULL, RECEIVE_MANY, CLOSED
  }

  /** Somebody with a future. */
  private static final class Party {
    final Wish wish;
    final int argument; // the value, or the limit
    final HandPolled<?> polled;

    Party(Wish wish, int argument, Future<?> future) {
      this.wish = wish;
      this.argument = argument;
      this.polled = new HandPolled<>(future);
    }

    @Override
    public String toString() {
      return wish + " " + argument;
    }
  }

  private final Kind kind;
  private final Channel<Integer> channel;
  private final UnaryOperator<Future<?>> twist;
  private final List<Party> parties = new ArrayList<>();
  private final List<SendPermit<Integer>> permits = new ArrayList<>();
  private int nextValue;

  // the model
  private final Deque<Integer> values = new ArrayDeque<>();
  private final LineModel<Party> senders = new LineModel<>();
  private final LineModel<Party> receivers = new LineModel<>();
  private final LineModel<Party> watchers = new LineModel<>();
  private int reserved;
  private boolean closed;
  private boolean dropped;
  private boolean failed;

  // the accounts
  final List<Integer> sent = new ArrayList<>();
  final List<Integer> received = new ArrayList<>();
  final List<Integer> handedBack = new ArrayList<>();

  /** A run in which {@code twist} is applied to every future. */
  ChannelRun(Kind kind, UnaryOperator<Future<?>> twist) {
    this.kind = kind;
    this.channel = kind.create();
    this.twist = twist;
  }

  ChannelRun(Kind kind) {
    this(kind, future -> future);
  }

  /** Takes all {@code steps}, then closes everything and checks the accounts. */
  void run(List<Integer> steps) {
    for (int step : steps) {
      step(step % 16, step / 16);
      check();
    }
    for (Party party : List.copyOf(parties)) {
      close(party);
      check();
    }
    handedBack.addAll(channel.closeNow());
    List<Integer> accounted = new ArrayList<>(received);
    accounted.addAll(handedBack);
    if (kind == Kind.LATEST) {
      assertThat(sent).containsAll(accounted);
    } else {
      assertThat(accounted).containsExactlyElementsOf(sent);
    }
  }

  private void step(int choice, int argument) {
    switch (choice) {
      case 0 -> start(Wish.SEND, nextValue, channel.sendAsync(nextValue++));
      case 1 -> start(Wish.RESERVE, 0, channel.reserveAsync());
      case 2 -> start(Wish.RECEIVE, 0, channel.receiveAsync());
      case 3 -> start(Wish.RECEIVE_OR_NULL, 0, channel.receiveOrNullAsync());
      case 4 -> start(Wish.RECEIVE_MANY, 1 + argument % 4, channel.receiveManyAsync(1 + argument % 4));
      case 5 -> start(Wish.CLOSED, 0, channel.closedAsync());
      case 6 -> trySend(nextValue++);
      case 7 -> tryReceive();
      case 8 -> tryReserve();
      case 9, 10, 11 -> {
        if (!parties.isEmpty()) {
          poll(parties.get(argument % parties.size()), argument % 3 == 0);
        }
      }
      case 12 -> {
        if (!parties.isEmpty()) {
          close(parties.get(argument % parties.size()));
        }
      }
      case 13 -> {
        if (!permits.isEmpty()) {
          send(permits.remove(argument % permits.size()));
        }
      }
      case 14 -> {
        if (!permits.isEmpty()) {
          SendPermit<Integer> permit = permits.remove(argument % permits.size());
          permit.close();
          permit.close();
          reserved--;
        }
      }
      default -> end(argument);
    }
  }

  private void start(Wish wish, int argument, Future<?> future) {
    Party party = new Party(wish, argument, twist.apply(future));
    parties.add(party);
    poll(party, true);
  }

  private void trySend(int value) {
    SendResult expected = closed ? SendResult.CLOSED : room() > 0 ? SendResult.SENT : SendResult.FULL;
    assertThat(channel.trySend(value)).isEqualTo(expected);
    if (expected == SendResult.SENT) {
      put(value);
    }
  }

  private void put(int value) {
    sent.add(value);
    if (kind == Kind.LATEST) {
      values.clear();
    }
    values.add(value);
  }

  private void tryReceive() {
    if (values.isEmpty() && hasEnded()) {
      assertClosed(Poll.failed(thrownBy(channel::tryReceive)), true);
    } else {
      Integer expected = values.poll();
      Integer value = channel.tryReceive();
      assertThat(value).isEqualTo(expected);
      if (value != null) {
        received.add(value);
      }
    }
  }

  private void tryReserve() {
    if (closed) {
      assertClosed(Poll.failed(thrownBy(channel::tryReserve)), false);
      return;
    }
    SendPermit<Integer> permit = channel.tryReserve();
    assertThat(permit != null).isEqualTo(room() > 0);
    if (permit != null) {
      permits.add(permit);
      reserved++;
    }
  }

  private void send(SendPermit<Integer> permit) {
    int value = nextValue++;
    reserved--;
    if (dropped) {
      assertThat(thrownBy(() -> permit.send(value))).isInstanceOf(ChannelClosedException.class);
    } else {
      permit.send(value);
      put(value);
      assertThat(thrownBy(() -> permit.send(value))).isInstanceOf(IllegalStateException.class)
          .isNotInstanceOf(ChannelClosedException.class);
    }
  }

  private void end(int argument) {
    if (argument % 8 == 0) {
      channel.close();
      closed = true;
    } else if (argument % 8 == 1) {
      channel.close(new IllegalArgumentException("broken"));
      failed |= !closed;
      closed = true;
    } else if (argument % 8 == 2) {
      List<Integer> left = channel.closeNow();
      assertThat(left).containsExactlyElementsOf(values);
      handedBack.addAll(left);
      values.clear();
      closed = true;
      dropped = true;
    }
  }

  private void poll(Party party, boolean freshWaker) {
    Poll<?> poll = party.polled.poll(freshWaker);
    boolean finished = switch (party.wish) {
      case SEND, RESERVE -> polledForRoom(party, poll);
      case RECEIVE, RECEIVE_OR_NULL, RECEIVE_MANY -> polledForValues(party, poll);
      case CLOSED -> {
        assertThat(poll).isEqualTo(closed ? Poll.ready(null) : Poll.pending());
        yield closed;
      }
    };
    LineModel<Party> line = line(party);
    if (finished) {
      line.leave(party);
      parties.remove(party);
    } else {
      line.join(party);
    }
  }

  private boolean polledForRoom(Party party, Poll<?> poll) {
    if (closed) {
      assertClosed(poll, false);
      return true;
    }
    if (room() <= 0) {
      assertThat(poll).as("%s", party).isEqualTo(Poll.pending());
      return false;
    }
    Object answer = ready(poll);
    if (party.wish == Wish.SEND) {
      assertThat(answer).isNull();
      put(party.argument);
    } else {
      @SuppressWarnings("unchecked") // it is this channel's
      SendPermit<Integer> permit = (SendPermit<Integer>) answer;
      permits.add(permit);
      reserved++;
    }
    return true;
  }

  private boolean polledForValues(Party party, Poll<?> poll) {
    if (!values.isEmpty()) {
      int count = party.wish == Wish.RECEIVE_MANY ? Math.min(party.argument, values.size()) : 1;
      List<Integer> expected = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        expected.add(values.remove());
      }
      Object answer = ready(poll);
      assertThat(party.wish == Wish.RECEIVE_MANY ? answer : List.of(answer)).isEqualTo(expected);
      received.addAll(expected);
      return true;
    }
    if (!hasEnded()) {
      assertThat(poll).as("%s", party).isEqualTo(Poll.pending());
      return false;
    }
    if (failed || party.wish == Wish.RECEIVE) {
      assertClosed(poll, true);
    } else {
      assertThat(ready(poll)).isEqualTo(party.wish == Wish.RECEIVE_OR_NULL ? null : List.of());
    }
    return true;
  }

  private void close(Party party) {
    party.polled.future.close();
    party.polled.future.close();
    parties.remove(party);
    line(party).leave(party);
  }

  private LineModel<Party> line(Party party) {
    return switch (party.wish) {
      case SEND, RESERVE -> senders;
      case RECEIVE, RECEIVE_OR_NULL, RECEIVE_MANY -> receivers;
      case CLOSED -> watchers;
    };
  }

  private int room() {
    return switch (kind) {
      case RENDEZVOUS -> receivers.size() - values.size() - reserved;
      case ONE -> 1 - values.size() - reserved;
      case THREE -> 3 - values.size() - reserved;
      case UNBOUNDED, LATEST -> 1;
    };
  }

  private boolean hasEnded() {
    return dropped || (closed && values.isEmpty() && reserved == 0);
  }

  /** Brings the model's lines up to date, and compares everything that can be seen. */
  private void check() {
    receivers.call(hasEnded() ? Integer.MAX_VALUE : values.size());
    senders.call(closed ? Integer.MAX_VALUE : room());
    watchers.call(closed ? Integer.MAX_VALUE : 0);
    for (Party party : parties) {
      boolean called = line(party).called.contains(party);
      assertThat(party.polled.wakes).as("wakes of %s", party).isEqualTo(called ? 1 : 0);
      assertThat(party.polled.staleWakes).as("wakes of old wakers of %s", party).isZero();
    }
    assertThat(channel.size()).isEqualTo(values.size());
    assertThat(channel.isClosed()).isEqualTo(closed);
  }

  private static Object ready(Poll<?> poll) {
    assertThat(poll).isInstanceOf(Poll.Ready.class);
    return ((Poll.Ready<?>) poll).value();
  }

  private void assertClosed(Poll<?> poll, boolean withFailure) {
    assertThat(poll).isInstanceOf(Poll.Failed.class);
    Throwable cause = ((Poll.Failed<?>) poll).cause();
    assertThat(cause).isInstanceOf(ChannelClosedException.class);
    assertThat(cause.getCause() != null).isEqualTo(failed);
    assertThat(cause).hasMessageContaining(withFailure ? "has ended" : "is closed");
  }

  private static Throwable thrownBy(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      return e;
    }
    throw new AssertionError("nothing was thrown");
  }
}
