package io.github.epollo.timers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.loop.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SleepTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration MILLI = Duration.ofMillis(1);

  private final CountingKernel probe = new CountingKernel();

  private void run(io.github.epollo.runtime.Body body) {
    Epollo.run(TestRuntime.options().withKernel(probe.kernel()), body);
  }

  private static long lateness(Duration duration) {
    long before = Loop.current().now();
    Timers.sleep(duration);
    return Loop.current().now() - before - duration.toNanos();
  }

  @Test
  void tenThousandSleeps_noneEarly_oneSettimeAWait() {
    run(() -> {
      Random random = new Random(1);
      List<Task<Long>> sleeps = new ArrayList<>();
      for (int i = 0; i < 10_000; i++) {
        Duration duration = Duration.ofNanos(random.nextInt(300_000_000));
        sleeps.add(Tasks.spawn(() -> lateness(duration)));
      }
      for (Task<Long> sleep : sleeps) {
        assertThat(sleep.join()).isNotNegative();
      }
    });
    assertThat(probe.mostSettimesAWait).hasValue(1);
    assertThat(probe.settimes).allMatch(time -> time > 0);
    assertThat(probe.settimes.size()).isLessThanOrEqualTo(probe.waits.get());
    assertThat(probe.timerfds).hasValue(1);
  }

  @Test
  void sleepsWithLaterDeadlines_costNoSettime() {
    run(() -> {
      Sleep first = Timers.sleepAsync(Duration.ofMillis(50));
      Task<?> task = Tasks.spawn(first);
      Tasks.yieldNow();
      for (int i = 0; i < 100; i++) {
        Timers.sleepAsync(HOUR).poll(() -> {});
        Tasks.yieldNow();
      }
      task.join();
    });
    assertThat(probe.settimes).hasSizeLessThanOrEqualTo(2); // for the first sleep, and for the hour when that was over
  }

  @Test
  void aRuntimeWithoutTimers_hasNoTimerfd() {
    run(() -> Tasks.spawn(() -> Tasks.yieldNow()).join());
    assertThat(probe.timerfds).hasValue(0);
  }

  @Test
  void waitingMakesNoTurns() {
    run(() -> {
      Timers.sleep(MILLI);
      int before = probe.waits.get();
      Timers.sleep(Duration.ofMillis(100));
      assertThat(probe.waits.get() - before).isLessThan(20);
    });
  }

  @Test
  void zero_letsOthersRun() {
    run(() -> {
      AtomicBoolean ran = new AtomicBoolean();
      Task<?> other = Tasks.spawn(() -> ran.set(true));
      while (!ran.get()) {
        Timers.sleep(Duration.ZERO);
      }
      other.join();
    });
  }

  @Test
  void aLoopOfSleepsUntilThePast_canBeCancelled() {
    run(() -> {
      Task<?> task = Tasks.spawn(() -> {
        while (true) {
          Timers.sleepUntil(Loop.current().now() - 1);
        }
      });
      Timers.sleep(MILLI);
      task.cancel().await();
      assertThatThrownBy(task::join).isInstanceOf(CancellationException.class);
    });
  }

  @Test
  void aLoopOfAwaitsOfAnElapsedSleep_letsOthersRun() {
    run(() -> {
      AtomicBoolean ran = new AtomicBoolean();
      Task<?> other = Tasks.spawn(() -> ran.set(true));
      Sleep elapsed = Timers.sleepAsync(Duration.ZERO);
      while (!ran.get()) {
        elapsed.await();
      }
      other.join();
    });
  }

  @Test
  void negative_namesValueAndRemedy() {
    run(() -> {
      Duration negative = Duration.ofMillis(-5);
      Sleep sleep = Timers.sleepAsync(HOUR);
      List<org.assertj.core.api.ThrowableAssert.ThrowingCallable> calls = List.of(() -> Timers.sleep(negative),
          () -> Timers.sleepAsync(negative), () -> Timers.timeout(negative, Future.pending()),
          () -> Timers.withTimeout(negative, () -> 1), () -> sleep.reset(negative),
          () -> Timers.deadlineAfter(negative));
      for (var call : calls) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessageContaining("PT-0.005S")
            .withMessageContaining("Duration.ZERO");
      }
    });
  }

  @Test
  void outsideARuntime_saysSo() {
    assertThatIllegalStateException().isThrownBy(() -> Timers.sleep(MILLI)).withMessageContaining("no Epollo runtime");
  }

  @Test
  void cancel_endsTheSleep() {
    run(() -> {
      Task<?> task = Tasks.spawn(() -> Timers.sleep(HOUR));
      Tasks.yieldNow();
      task.cancel().await();
      assertThatThrownBy(task::join).isInstanceOf(CancellationException.class);
    });
  }

  @Test
  void reset_toEarlier_whileWaiting() {
    run(() -> {
      Sleep sleep = Timers.sleepAsync(HOUR);
      Task<?> task = Tasks.spawn(sleep);
      Timers.sleep(MILLI);
      sleep.reset(MILLI);
      task.join();
      assertThat(sleep.isElapsed()).isTrue();
    });
  }

  /** Each wake may arm, move and close others, poll itself again, and throw. */
  @ParameterizedTest
  @ValueSource(ints = {1, 50, 3000})
  void hostileWakers(int count) {
    List<Throwable> reported = java.util.Collections.synchronizedList(new ArrayList<>());
    Epollo.run(TestRuntime.options().withUncaughtHandler((_, failure) -> reported.add(failure)), () -> {
      Random random = new Random(5);
      AtomicInteger woken = new AtomicInteger();
      AtomicInteger caught = new AtomicInteger();
      List<Sleep> victims = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        victims.add(Timers.sleepAsync(Duration.ofMillis(random.nextInt(20))));
      }
      Loop loop = Loop.current();
      for (Sleep own : victims) {
        Waker waker = new Waker() {
          @Override
          public void wake() {
            woken.incrementAndGet();
            victims.get(random.nextInt(count)).reset(Duration.ofMillis(random.nextInt(5)));
            victims.get(random.nextInt(count)).close();
            if (random.nextBoolean()) {
              own.reset(Duration.ofMillis(1));
              try {
                own.poll(this);
              } catch (IllegalStateException nested) { // the budget was spent, so poll called this waker
                caught.incrementAndGet();
              }
            }
            throw new IllegalStateException("hostile");
          }
        };
        loop.execute(() -> own.poll(waker)); // on the loop's thread, with whatever carrier
      }
      Timers.sleep(Duration.ofMillis(200)); // which still works
      loop.execute(() -> victims.forEach(Sleep::close));
      Timers.sleep(MILLI);
      assertThat(woken.get()).isPositive();
      List<String> messages = reported.stream().map(Throwable::getMessage).filter(m -> !m.contains("it is closed"))
          .toList();
      assertThat(messages.size()).isEqualTo(woken.get() - caught.get()); // each is reported, and none stops the others
      assertThat(messages.stream().distinct()).containsExactly("hostile");
    });
  }

  @Test
  void aStormOfTimers_firesInBatches_withLooksForEventsBetween() {
    run(() -> {
      Loop loop = Loop.current();
      AtomicInteger woken = new AtomicInteger();
      List<Integer> perWait = new ArrayList<>();
      long deadline = loop.now() + 200_000_000;
      for (int i = 0; i < 5 * LoopTimers.BATCH; i++) {
        Timers.sleepUntilAsync(deadline).poll(() -> {
          woken.incrementAndGet();
          int wait = probe.waits.get();
          while (perWait.size() <= wait) {
            perWait.add(0);
          }
          perWait.set(wait, perWait.get(wait) + 1);
        });
      }
      while (woken.get() < 5 * LoopTimers.BATCH) {
        Timers.sleepUntil(deadline + 1_000_000);
      }
      assertThat(perWait).allMatch(n -> n <= 2 * LoopTimers.BATCH);
    });
  }
}
