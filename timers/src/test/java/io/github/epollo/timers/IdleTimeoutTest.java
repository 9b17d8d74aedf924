package io.github.epollo.timers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.Body;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.loop.Loop;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class IdleTimeoutTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration LIMIT = Duration.ofMillis(20);

  private final CountingKernel probe = new CountingKernel();

  private void run(Body body) {
    Epollo.run(TestRuntime.options().withKernel(probe.kernel()), body);
  }

  private static long now() {
    return Loop.current().now();
  }

  @Test
  void withoutATouch_theBodyIsStopped_notEarly() {
    run(() -> {
      long before = now();
      assertThatThrownBy(() -> Timers.withIdleTimeout(LIMIT, _ -> Timers.sleep(HOUR)))
          .isInstanceOf(DeadlineExceededException.class)
          .hasMessageStartingWith("nothing has happened for PT0.02S while waiting for a sleep");
      assertThat(now() - before).isGreaterThanOrEqualTo(LIMIT.toNanos());
      assertThat(Thread.interrupted()).isFalse();
    });
  }

  /** A busy machine may keep the other task from touching in time, so all that is certain is that at some time nothing has happened for as long. */
  @Test
  void anotherTask_mayTouch() {
    run(() -> {
      AtomicReference<IdleTimeout> shared = new AtomicReference<>();
      AtomicLong quiet = new AtomicLong(); // the longest time between two touches
      AtomicLong last = new AtomicLong(now());
      Task<?> toucher = Tasks.spawn(() -> {
        for (int i = 0; i < 10; i++) {
          Timers.sleep(Duration.ofMillis(4));
          long before = now();
          if (shared.get() != null) {
            shared.get().touch();
          }
          quiet.accumulateAndGet(now() - last.getAndSet(before), Math::max);
        }
      });
      assertThatThrownBy(() -> Timers.withIdleTimeout(Duration.ofMillis(100), idle -> {
        shared.set(idle);
        Timers.withIdleTimeout(HOUR, _ -> toucher.join());
        Timers.sleep(HOUR);
      })).hasMessageContaining("PT0.1S");
      quiet.accumulateAndGet(now() - last.get(), Math::max);
      assertThat(quiet.get()).isGreaterThanOrEqualTo(100_000_000);
    });
  }

  @Test
  void touches_readTheClockOnce_andTouchNeitherTheKernelNorTheTimers() {
    AtomicInteger clockReads = new AtomicInteger();
    run(() -> Timers.withIdleTimeout(HOUR, idle -> {
      Timers.sleep(Duration.ofMillis(1));
      int settimes = probe.settimes.size();
      int waits = probe.waits.get();
      if (TestRuntime.LOOP_CARRIES) {
        probe.clock = time -> {
          clockReads.incrementAndGet();
          return time;
        };
      }
      for (int i = 0; i < 10_000; i++) {
        idle.touch();
      }
      probe.clock = time -> time;
      assertThat(clockReads.get()).isEqualTo(TestRuntime.LOOP_CARRIES ? 10_000 : 0);
      assertThat(probe.settimes).hasSizeLessThanOrEqualTo(settimes + 1);
      assertThat(probe.waits.get()).isLessThanOrEqualTo(waits + 1);
    }));
  }

  @Test
  void aCallOfTheJdk_isInterrupted() {
    run(() -> {
      CountDownLatch never = new CountDownLatch(1);
      assertThatThrownBy(() -> Timers.withIdleTimeout(LIMIT, _ -> never.await()))
          .isInstanceOf(DeadlineExceededException.class).hasCauseInstanceOf(InterruptedException.class);
    });
  }

  /** The timer fires, and is set again, around the end of the body: it must neither hit the code after it nor stay. */
  @Test
  void races_ofTheBodysEnd_againstTheTimer() {
    run(() -> {
      Random random = new Random(5);
      int passed = 0;
      for (int i = 0; i < 50_000; i++) {
        int yields = random.nextInt(4);
        try {
          Timers.withIdleTimeout(Duration.ofNanos(random.nextInt(6_000)), idle -> {
            for (int y = 0; y < yields; y++) {
              idle.touch();
              Tasks.yieldNow();
            }
          });
        } catch (DeadlineExceededException e) {
          passed++;
        }
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
      }
      assertThat(passed).isBetween(1, 49_999);
      Timers.sleep(Duration.ofMillis(1));
      assertThat(Timers.armed()).isZero();
    });
  }
}
