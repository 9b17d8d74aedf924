package io.github.epollo.timers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.loop.Loop;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A million timers in one slot of a high level. */
class TimerStormTest {
  private static final int MILLION = 1_000_000;

  private final CountingKernel probe = new CountingKernel();

  /** Counts what fires between two looks for events; on the loop's thread. */
  private final class Counter implements Waker {
    final AtomicInteger fired = new AtomicInteger();
    int most;
    private int firedBefore;
    private int waitsBefore;

    @Override
    public void wake() {
      int waits = probe.waits.get();
      if (waits != waitsBefore) {
        waitsBefore = waits;
        firedBefore = fired.get();
      }
      most = Math.max(most, fired.incrementAndGet() - firedBefore);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 100_000_000})
  void aMillionTimers_atOneInstantOrSpread_doNotKeepTheLoopFromEvents(int spreadNanos) {
    Counter counter = new Counter();
    Epollo.run(TestRuntime.options().withKernel(probe.kernel()), () -> {
      LoopTimers timers = LoopTimers.current();
      Random random = new Random(1);
      Loop.current().execute(() -> { // on the loop's thread, with whatever carrier
        long deadline = timers.now() + 500_000_000;
        for (int i = 0; i < MILLION; i++) {
          new TimerEntry(timers, deadline + random.nextInt(spreadNanos)).arm(counter);
        }
      });
      while (counter.fired.get() < MILLION) {
        Timers.sleep(Duration.ofMillis(1));
      }
      assertThat(Timers.armed()).isZero();
    });
    assertThat(counter.fired).hasValue(MILLION);
    assertThat(counter.most).isLessThanOrEqualTo(2 * LoopTimers.BATCH); // one when the timerfd expires, one before the next wait
    assertThat(probe.waits.get()).isGreaterThan(MILLION / (2 * LoopTimers.BATCH));
  }
}
