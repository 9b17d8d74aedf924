package io.github.epollo.runtime.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class OneshotTest {
  private static final Poll<Integer> FAILURE = Poll.failed(new ArithmeticException("sent"));

  /** Steps on a oneshot and on a plain-Java model of it. */
  private static final class Run {
    private final Oneshot<Integer> oneshot = Oneshot.create();
    private final UnaryOperator<Future<?>> twist;
    private final List<HandPolled<?>> receivers = new ArrayList<>();
    private final List<HandPolled<?>> watchers = new ArrayList<>();

    private Poll<?> sent;
    private HandPolled<?> waiting;
    private boolean senderClosed;
    private boolean receiverClosed;
    private boolean received;

    Run(UnaryOperator<Future<?>> twist) {
      this.twist = twist;
    }

    void run(List<Integer> steps) {
      for (int step : steps) {
        step(step % 16, step / 16);
        check();
      }
    }

    private void step(int choice, int argument) {
      HandPolled<?> receiver = receivers.isEmpty() ? null : receivers.get(argument % receivers.size());
      HandPolled<?> watcher = watchers.isEmpty() ? null : watchers.get(argument % watchers.size());
      boolean fresh = argument % 3 == 0;
      switch (choice) {
        case 0 -> send(Poll.ready(7), argument, () -> oneshot.sender().send(7));
        case 1 -> send(FAILURE, argument, () -> oneshot.sender().fail(((Poll.Failed<?>) FAILURE).cause()));
        case 2 -> {
          if (argument % 4 == 0) {
            oneshot.sender().close();
            senderClosed = true;
          }
        }
        case 3 -> {
          if (argument % 4 == 0) {
            oneshot.receiver().close();
            receiverClosed = true;
          }
        }
        case 4, 5 -> receivers.add(new HandPolled<>(twist.apply(oneshot.receiver().receiveAsync())));
        case 6, 7, 8, 9 -> {
          if (receiver != null && !check(receiver, receiver.poll(fresh))) {
            receivers.remove(receiver);
          }
        }
        case 10 -> {
          if (receiver != null) {
            receiver.future.close();
            receivers.remove(receiver);
            waiting = waiting == receiver ? null : waiting;
          }
        }
        case 11 -> {
          if (argument % 4 == 0) {
            check(null, tried(() -> oneshot.receiver().tryReceive()));
          }
        }
        case 12 -> {
          HandPolled<?> started = new HandPolled<>(twist.apply(oneshot.sender().closedAsync()));
          Poll<?> poll = started.poll();
          assertThat(poll).isEqualTo(received || receiverClosed ? Poll.ready(null) : Poll.pending());
          if (poll instanceof Poll.Pending) {
            watchers.add(started);
          }
        }
        case 13 -> {
          if (watcher != null) {
            watchers.remove(watcher);
            if (received || receiverClosed) {
              assertThat(watcher.poll()).isEqualTo(Poll.ready(null));
            } else {
              watcher.future.close();
            }
          }
        }
        default -> assertThat(oneshot.sender().isClosed()).isEqualTo(received || receiverClosed);
      }
    }

    private void send(Poll<?> what, int argument, Supplier<Boolean> call) {
      if (argument % 4 != 0) {
        return;
      }
      if (sent != null || received || senderClosed) {
        boolean used = received;
        assertThatThrownBy(call::get).as("received %s", used).isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("used or closed");
      } else {
        assertThat(call.get()).isEqualTo(!receiverClosed);
        sent = receiverClosed ? null : what;
      }
    }

    private static Poll<?> tried(Supplier<Poll<?>> call) {
      try {
        return call.get();
      } catch (RuntimeException e) {
        return Poll.failed(e);
      }
    }

    /** Whether {@code poll} is what the model answers to {@code who}; returns whether that waits on. */
    private boolean check(HandPolled<?> who, Poll<?> poll) {
      if (received || (waiting != null && waiting != who)) {
        assertThat(failure(poll)).isExactlyInstanceOf(IllegalStateException.class);
      } else if (sent != null) {
        assertThat(poll).isEqualTo(sent);
        received = true;
        waiting = null;
      } else if (receiverClosed) {
        assertThat(failure(poll)).isExactlyInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
        waiting = null;
      } else if (senderClosed) {
        assertThat(failure(poll)).isInstanceOf(ChannelClosedException.class);
        waiting = null;
      } else {
        assertThat(poll).isEqualTo(Poll.pending());
        waiting = who;
        return true;
      }
      return false;
    }

    private static Throwable failure(Poll<?> poll) {
      assertThat(poll).isInstanceOf(Poll.Failed.class);
      return ((Poll.Failed<?>) poll).cause();
    }

    private void check() {
      if (waiting != null) {
        boolean canGoOn = sent != null || senderClosed || receiverClosed;
        assertThat(waiting.wakes > 0).as("whether the receiver was woken").isEqualTo(canGoOn);
        assertThat(waiting.staleWakes).isZero();
      }
      for (HandPolled<?> watcher : watchers) {
        assertThat(watcher.wakes > 0).as("whether a sender was woken").isEqualTo(received || receiverClosed);
      }
    }
  }

  @Property(tries = 2000)
  void itBehavesAsTheModel(@ForAll @Size(max = 30) List<@IntRange(max = ChannelRun.CHOICES - 1) Integer> steps) {
    new Run(future -> future).run(steps);
  }

  private static Consumer<List<Integer>> run(UnaryOperator<Future<?>> twist) {
    return steps -> new Run(twist).run(steps);
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "DOES_NOT_PASS_A_CALL_ON")
  void thePropertyFindsMistakes(Mistake mistake) {
    assertThat(mistake.isFound(OneshotTest::run)).isTrue();
  }

  @Test
  void aValueThatCameBeforeTheReceiverClosedIsStillThere() {
    Oneshot<String> oneshot = Oneshot.create();
    assertThat(oneshot.sender().send("value")).isTrue();
    oneshot.receiver().close();
    assertThat(oneshot.receiver().receive()).isEqualTo("value");
    assertThatThrownBy(() -> oneshot.receiver().receive()).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("received before");
  }

  @Test
  void badInputIsRefused() {
    Oneshot<String> oneshot = Oneshot.create();
    assertThatThrownBy(() -> oneshot.sender().fail(null)).isInstanceOf(NullPointerException.class)
        .hasMessageContaining("cause");
    oneshot.sender().close();
    assertThatThrownBy(() -> oneshot.receiver().receive()).isInstanceOf(ChannelClosedException.class)
        .hasMessageContaining("closed before it sent");
    assertThatThrownBy(() -> oneshot.sender().send("late")).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("used or closed");
  }

  @Test
  void nullIsAValue() {
    Oneshot<Void> oneshot = Oneshot.create();
    assertThat(oneshot.sender().send(null)).isTrue();
    assertThat(oneshot.receiver().tryReceive()).isEqualTo(Poll.ready(null));
  }
}
