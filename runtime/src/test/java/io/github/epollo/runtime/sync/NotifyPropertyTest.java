package io.github.epollo.runtime.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Notifications against a model: who is chosen, who is told, what is stored, and that one who goes hands on what was meant for one. */
final class NotifyPropertyTest {
  private static final int OPERATIONS = 7;

  @Property(tries = 1000)
  void choosesWhomTheModelChooses(@ForAll @Size(max = 80) List<@IntRange(min = 0, max = 699) Integer> script) {
    new Run(notified -> notified).play(script);
  }

  @Test
  void catchesOneThatTakesItsNotificationAlongWhenItIsClosed() {
    Random random = new Random(1);
    assertThat(Stream.generate(() -> random.ints(60, 0, 700).boxed().toList()).limit(300).anyMatch(script -> {
      try {
        new Run(Losing::new).play(script);
        return false;
      } catch (AssertionError e) {
        return true;
      }
    })).isTrue();
  }

  private record Losing(Future<@Nullable Void> source) implements Future<@Nullable Void> {
    @Override
    public Poll<@Nullable Void> poll(Waker waker) {
      return source.poll(waker);
    }

    @Override
    public void close() {
      if (source.poll(() -> {}) instanceof Poll.Pending) {
        source.close();
      }
    }
  }

  private static final class Run {
    private final Notify notify = new Notify();
    private final Function<Notified, Future<@Nullable Void>> wrapper;
    private final List<One> open = new ArrayList<>(); // in the order of their registration
    private boolean stored;

    /** What the model knows of a future. */
    private static final class One {
      private final Notified notified;
      private final ByHand<@Nullable Void> hand;
      private boolean polled;
      private boolean chosen;
      private boolean told;

      One(Notified notified, Function<Notified, Future<@Nullable Void>> wrapper) {
        this.notified = notified;
        this.hand = new ByHand<>(wrapper.apply(notified));
      }

      boolean waits() {
        return !chosen && !told;
      }
    }

    Run(Function<Notified, Future<@Nullable Void>> wrapper) {
      this.wrapper = wrapper;
    }

    void play(List<Integer> script) {
      for (int step : script) {
        int argument = step / OPERATIONS;
        switch (step % OPERATIONS) {
          case 0, 1 -> {
            One one = register();
            poll(one);
          }
          case 2 -> {
            One one = register();
            assertThat(one.notified.enable()).isEqualTo(one.chosen);
          }
          case 3 -> pick(argument, this::poll);
          case 4 -> pick(argument, this::close);
          case 5 -> {
            notify.notifyOne();
            choose();
          }
          default -> {
            notify.notifyWaiters();
            open.stream().filter(One::waits).forEach(one -> one.told = true);
          }
        }
        assertThat(open).allMatch(one -> one.waits() || !one.polled || one.hand.isWoken(), "woken");
      }
      while (!open.isEmpty()) {
        close(open.getFirst());
      }
      ByHand<@Nullable Void> last = new ByHand<>(notify.notifiedAsync());
      assertThat(last.isReady()).as("a notification is stored").isEqualTo(stored);
      last.close();
    }

    private void pick(int argument, java.util.function.Consumer<One> action) {
      if (!open.isEmpty()) {
        action.accept(open.get(argument % open.size()));
      }
    }

    private One register() {
      One one = new One(notify.notifiedAsync(), wrapper);
      one.chosen = stored;
      stored = false;
      open.add(one);
      return one;
    }

    private void poll(One one) {
      one.polled = true;
      assertThat(one.hand.isReady()).isEqualTo(!one.waits());
      if (!one.waits()) {
        open.remove(one);
      }
    }

    private void close(One one) {
      one.hand.close();
      open.remove(one);
      if (one.chosen) {
        choose();
      }
    }

    private void choose() {
      One first = open.stream().filter(One::waits).findFirst().orElse(null);
      if (first == null) {
        stored = true;
      } else {
        first.chosen = true;
      }
    }
  }
}
