package io.github.epollo.timers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.loop.Loop;
import io.github.epollo.testsupport.ProbeKernel;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Tasks that run on another loop than their own, whose timers stay on that: its thread is held meanwhile. */
@EnabledIfSystemProperty(named = "epollo.test.carrier", matches = "loop")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class MovedTaskTest {
  private static final EpolloOptions OPTIONS = EpolloOptions.defaults().withLoops(2);

  /** Spawns {@code body} on a loop, and holds that from before it begins until {@code release}. */
  private static <T> Task<T> spawnHeld(Epollo epollo, AtomicBoolean release, Callable<T> body) {
    AtomicReference<Task<T>> task = new AtomicReference<>();
    Task<?> _ = epollo.spawnOn(epollo.loop(), () -> {
      task.set(Tasks.spawn(() -> {
        assertThat(Loop.current()).isSameAs(epollo.loop());
        assertThat(Loop.current().isOnThread()).isFalse();
        return body.call();
      }));
      while (!release.get()) {
        Thread.onSpinWait();
      }
    });
    while (task.get() == null) {
      Thread.onSpinWait();
    }
    return task.get();
  }

  private static int armed(Epollo epollo) {
    return epollo.<Integer>spawnOn(epollo.loop(), () -> Timers.armed()).join();
  }

  @Test
  void aSleepIsNeverEarlyAndLeavesNothingBehind() {
    try (Epollo epollo = Epollo.start(OPTIONS)) {
      AtomicBoolean release = new AtomicBoolean();
      Task<Long> sleeper = spawnHeld(epollo, release, () -> {
        Sleep given = Timers.sleepAsync(Duration.ofHours(1));
        assertThat(given.poll(() -> {})).isInstanceOf(io.github.epollo.runtime.future.Poll.Pending.class);
        given.reset(Duration.ofHours(2));
        given.close(); // armed, moved and cancelled from a thread that is not the loop's
        long before = Loop.current().now();
        release.set(true);
        Timers.sleep(Duration.ofMillis(5));
        return Loop.current().now() - before;
      });
      assertThat(sleeper.join()).isGreaterThanOrEqualTo(5_000_000);
      assertThat(armed(epollo)).isZero();
    }
  }

  @Test
  void aDeadlineThatWasSetElsewhereStopsTheTask() {
    try (Epollo epollo = Epollo.start(OPTIONS)) {
      AtomicBoolean release = new AtomicBoolean();
      Task<?> limited = spawnHeld(epollo, release, () -> {
        release.set(true);
        return Timers.withTimeout(Duration.ofMillis(5), () -> Future.pending().await());
      });
      assertThatThrownBy(limited::join).isInstanceOf(DeadlineExceededException.class);
      assertThat(armed(epollo)).isZero();
    }
  }

  @Test
  void aSleepIsCancelledWhileItsLoopIsHeld() {
    try (Epollo epollo = Epollo.start(OPTIONS)) {
      AtomicBoolean release = new AtomicBoolean();
      AtomicBoolean sleeps = new AtomicBoolean();
      Task<?> sleeper = spawnHeld(epollo, release, () -> {
        sleeps.set(true);
        Timers.sleep(Duration.ofHours(1));
        return null;
      });
      while (!sleeps.get()) {
        assertThat(sleeper.isDone()).isFalse();
      }
      sleeper.cancel().await(); // the loop is held still
      assertThatThrownBy(sleeper::join).isInstanceOf(CancellationException.class);
      release.set(true);
      assertThat(armed(epollo)).isZero();
    }
  }

  /** Another loop looks for the events of one that is held, and may take that of its timerfd: it touches no timer, and loses none. */
  @Test
  void aTimerThatIsDueWhileItsLoopIsHeldFiresAfterwards() {
    ProbeKernel probe = new ProbeKernel();
    try (Epollo epollo = Epollo.start(OPTIONS.withKernel(probe.kernel()))) {
      Loop loop = epollo.loop();
      boolean wasHeld = false;
      while (!wasHeld) { // on a machine that is busy, the time may be over too soon
        AtomicBoolean wasInTime = new AtomicBoolean();
        AtomicLong began = new AtomicLong();
        long set = probe.calls("timerfdSettime");
        Task<Long> sleeper = epollo.spawnOn(loop, () -> Tasks.spawn(() -> {
          began.set(loop.now());
          Timers.sleep(Duration.ofMillis(10));
          return loop.now() - began.get();
        })).join();
        while (probe.calls("timerfdSettime") == set && !sleeper.isDone()) {
          Thread.onSpinWait(); // until the loop waits for the timerfd
        }
        epollo.spawnOn(loop, () -> {
          wasInTime.set(loop.now() - began.get() < 10_000_000);
          long end = loop.now() + 40_000_000;
          while (loop.now() - end < 0) {
            Thread.onSpinWait();
          }
          assertThat(sleeper.isDone() && wasInTime.get()).isFalse();
        }).join();
        assertThat(sleeper.join()).isGreaterThanOrEqualTo(10_000_000);
        wasHeld = wasInTime.get();
      }
      assertThat(armed(epollo)).isZero();
    }
  }
}
