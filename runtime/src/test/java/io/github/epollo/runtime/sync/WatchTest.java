package io.github.epollo.runtime.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class WatchTest {
  /** An observer with at most one future, or one who waits for a multiple of a number; and what the model knows of it. */
  private static final class Observing {
    final WatchObserver<Integer> observer;
    int seen; // of all that was set
    int divisor; // of what is waited for; 0 for any change
    HandPolled<?> polled;

    Observing(WatchObserver<Integer> observer, int seen) {
      this.observer = observer;
      this.seen = seen;
    }
  }

  private static Consumer<List<Integer>> run(UnaryOperator<Future<?>> twist) {
    return steps -> {
      Watch<Integer> watch = Watch.of(1);
      int value = 1;
      int version = 0;
      boolean closed = false;
      List<Observing> all = new ArrayList<>();
      for (int step : steps) {
        int argument = step / 16;
        Observing one = all.isEmpty() ? null : all.get(argument % all.size());
        switch (step % 16) {
          case 0, 1, 2 -> {
            int next = argument % 12;
            if (closed) {
              assertThatThrownBy(() -> watch.set(next)).isInstanceOf(ChannelClosedException.class);
            } else {
              watch.set(next);
              value = next;
              version++;
            }
          }
          case 3 -> {
            if (!closed) {
              value++;
              version++;
              assertThat(watch.update(v -> v + 1)).isEqualTo(value);
            }
          }
          case 4, 5 -> {
            int next = argument % 3;
            if (!closed) {
              assertThat(watch.updateIfChanged(_ -> next)).isEqualTo(next != value);
              version += next != value ? 1 : 0;
              value = next;
            }
          }
          case 6, 7 -> all.add(new Observing(watch.observe(), version));
          case 8 -> {
            if (one != null) {
              assertThat(one.observer.hasChanged()).isEqualTo(one.seen != version);
              assertThat(one.observer.get()).isEqualTo(value);
              one.seen = version;
            }
          }
          case 9 -> {
            if (argument % 8 == 0) {
              watch.close();
              closed = true;
            }
          }
          case 10 -> {
            if (one != null && one.polled != null) {
              one.polled.future.close();
              one.polled = null;
            }
          }
          default -> {
            if (one != null) {
              if (one.polled == null) {
                one.divisor = argument % 4;
                one.polled = new HandPolled<>(twist.apply(one.divisor == 0
                    ? one.observer.changedAsync()
                    : watch.waitForAsync(v -> v % one.divisor == 0)));
              }
              Poll<?> poll = one.polled.poll(argument % 3 == 0);
              boolean ready = canGoOn(one, value, version);
              if (ready) {
                assertThat(poll).isEqualTo(Poll.ready(value));
                one.seen = one.divisor == 0 ? version : one.seen;
              } else if (closed) {
                assertThat(poll).isInstanceOfSatisfying(Poll.Failed.class,
                    failed -> assertThat(failed.cause()).isInstanceOf(ChannelClosedException.class));
              } else {
                assertThat(poll).isEqualTo(Poll.pending());
              }
              one.polled = ready || closed ? null : one.polled;
            }
          }
        }
        assertThat(watch.get()).isEqualTo(value);
        assertThat(watch.isClosed()).isEqualTo(closed);
        for (Observing observing : all) {
          if (observing.polled != null) {
            if (closed || canGoOn(observing, value, version)) {
              assertThat(observing.polled.wakes).isPositive();
            }
            assertThat(observing.polled.staleWakes).isZero();
          }
        }
      }
    };
  }

  private static boolean canGoOn(Observing one, int value, int version) {
    return one.divisor == 0 ? one.seen != version : value % one.divisor == 0;
  }

  @Property(tries = 2000)
  void observersSeeTheLatestValueOnce(
      @ForAll @Size(max = 60) List<@IntRange(max = ChannelRun.CHOICES - 1) Integer> steps) {
    run(future -> future).accept(steps);
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "DOES_NOT_PASS_A_CALL_ON")
  void thePropertyFindsMistakes(Mistake mistake) {
    assertThat(mistake.isFound(WatchTest::run)).isTrue();
  }

  @Test
  void updatesOfManyThreadsAreAllMade() throws Exception {
    Watch<Integer> watch = Watch.of(0);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      threads.add(Thread.ofPlatform().start(() -> {
        for (int j = 0; j < 10_000; j++) {
          watch.update(v -> v + 1);
        }
      }));
    }
    assertThat(watch.waitFor(v -> v == 40_000)).isEqualTo(40_000);
    for (Thread thread : threads) {
      thread.join();
    }
  }

  @Test
  void aFunctionMayUseTheWatchItself() {
    Watch<Integer> watch = Watch.of(0);
    AtomicInteger calls = new AtomicInteger();
    assertThat(watch.update(v -> {
      if (calls.getAndIncrement() == 0) {
        watch.set(5);
      }
      return v + 1;
    })).isEqualTo(6);
    assertThat(calls).hasValue(2);
    assertThat(watch.waitFor(v -> {
      watch.close();
      return v == 6;
    })).isEqualTo(6);
  }

  @Test
  void aChangeBetweenTheLookAndTheWaitIsNotMissed() {
    Watch<Integer> watch = Watch.of(0);
    HandPolled<Integer> waiting = new HandPolled<>(watch.waitForAsync(v -> {
      if (v == 0) {
        watch.set(1);
      }
      return v == 1;
    }));
    assertThat(waiting.poll()).isEqualTo(Poll.ready(1));
  }

  @Test
  void badInputIsRefused() {
    assertThatThrownBy(() -> Watch.of(null)).isInstanceOf(NullPointerException.class).hasMessageContaining("be null");
    Watch<Integer> watch = Watch.of(1);
    assertThatThrownBy(() -> watch.set(null)).isInstanceOf(NullPointerException.class).hasMessageContaining("be null");
    assertThatThrownBy(() -> watch.update(_ -> null)).isInstanceOf(NullPointerException.class)
        .hasMessageContaining("be null");
    assertThatThrownBy(() -> watch.waitForAsync(null)).isInstanceOf(NullPointerException.class)
        .hasMessageContaining("condition");
    assertThatThrownBy(() -> watch.waitFor(_ -> {
      throw new ArithmeticException("condition");
    })).isInstanceOf(ArithmeticException.class);
    assertThat(watch.get()).isEqualTo(1);
  }
}
