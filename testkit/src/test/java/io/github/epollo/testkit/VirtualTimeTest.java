package io.github.epollo.testkit;

import static io.github.epollo.testkit.SimRuntime.on;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.Body;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.kernel.Clocks;
import io.github.epollo.testkit.VirtualTime.Hold;
import io.github.epollo.timers.Timers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class VirtualTimeTest {
  private final SimKernel kernel = new SimKernel();
  private final VirtualTime time = kernel.time();
  private final long start = time.now();
  private final List<String> log = new CopyOnWriteArrayList<>();

  private void run(Body body) {
    Epollo.run(on(kernel), body);
  }

  private void log(Object what) {
    log.add(what + "@" + (time.now() - start) / 1_000_000_000L);
  }

  private void sleepThrice() {
    for (int i = 1; i <= 3; i++) {
      Timers.sleep(Duration.ofSeconds(10));
      log(i);
    }
  }

  @Test
  void aDayTakesNoTime() {
    long realBefore = System.nanoTime();
    run(() -> Timers.sleep(Duration.ofDays(1)));
    assertThat(time.now() - start).isEqualTo(Duration.ofDays(1).toNanos());
    assertThat(System.nanoTime() - realBefore).isLessThan(60_000_000_000L);
  }

  @Test
  void sleepsEndInTheOrderOfTheirDeadlines() {
    run(() -> {
      List<Task<?>> tasks = new ArrayList<>();
      for (int seconds : new int[]{5, 3, 9, 3, 1}) {
        tasks.add(Tasks.spawn(() -> {
          Timers.sleep(Duration.ofSeconds(seconds));
          log(seconds);
        }));
      }
      for (Task<?> task : tasks) {
        assertThat(task.join()).isNull();
      }
    });
    assertThat(log).containsExactly("1@1", "3@3", "3@3", "5@5", "9@9");
  }

  @Test
  void aPlainThreadAdvances() {
    time.setAutomatic(false);
    try (Epollo epollo = Epollo.start(on(kernel))) {
      Task<?> task = epollo.spawn(this::sleepThrice);
      time.advance(Duration.ofSeconds(9));
      assertThat(log).isEmpty();
      time.advance(Duration.ofSeconds(11));
      assertThat(log).containsExactly("1@10", "2@20");
      time.advanceUntilIdle();
      assertThat(task.isDone()).isTrue();
      assertThat(log).containsExactly("1@10", "2@20", "3@30");
    }
  }

  @Test
  void aTaskAdvances() {
    time.setAutomatic(false);
    run(() -> {
      Task<?> sleeper = Tasks.spawn(this::sleepThrice);
      time.advance(Duration.ofSeconds(25));
      log("advanced");
      time.runCurrent();
      assertThat(log).containsExactly("1@10", "2@20", "advanced@25");
      time.advanceUntilIdle();
      assertThat(sleeper.isDone()).isTrue();
    });
  }

  @Test
  void aTaskAdvances_whileAnotherHostSleeps() {
    SimKernel other = kernel.network().host("10.0.0.2");
    time.setAutomatic(false);
    try (Epollo epollo = Epollo.start(on(other))) {
      Task<?> task = epollo.spawn(this::sleepThrice);
      run(() -> {
        time.advance(Duration.ofSeconds(20));
        assertThat(log).containsExactly("1@10", "2@20");
        time.advanceUntilIdle();
      });
      assertThat(task.isDone()).isTrue();
    }
  }

  @Test
  void theThreadOfALocalRuntimeAdvances_betweenItsCalls() {
    Duration aMillionTicks = Duration.ofMillis(1_024); // of the timers' wheel: ends neither early nor late
    try (Epollo epollo = Epollo.local(on(kernel))) {
      epollo.call(() -> Timers.sleep(aMillionTicks));
      time.advance(Duration.ofSeconds(2));
      assertThat(time.now() - start).isEqualTo(3_024_000_000L);
      epollo.call(() -> Timers.sleep(aMillionTicks));
    }
    assertThat(time.now() - start).isEqualTo(4_048_000_000L);
  }

  @Test
  void whileItIsHeld_theClockDoesNotJump() {
    try (Epollo epollo = Epollo.start(on(kernel))) {
      Hold first = time.hold();
      Hold second = time.hold();
      Task<?> task = epollo.spawn(this::sleepThrice);
      time.runCurrent();
      first.close();
      first.close(); // does not end the second
      time.runCurrent();
      assertThat(time.now()).isEqualTo(start);
      second.close();
      assertThat(task.join()).isNull();
    }
    assertThat(log).containsExactly("1@10", "2@20", "3@30");
  }

  @Test
  void afterASuspend_whatWasDueIsDueAtOnce() {
    time.setAutomatic(false);
    run(() -> {
      Task<?> one = Tasks.spawn(this::sleepThrice);
      Task<?> two = Tasks.spawn(() -> {
        Timers.sleep(Duration.ofMinutes(1));
        log("minute");
      });
      time.runCurrent();
      time.jump(Duration.ofHours(1));
      time.runCurrent();
      assertThat(log).containsExactly("1@3600", "minute@3600");
      time.advanceUntilIdle();
      assertThat(one.isDone() && two.isDone()).isTrue();
    });
  }

  @Test
  void aStepOfTheWallClock_movesNoTimer() {
    run(() -> {
      Task<?> sleeper = Tasks.spawn(this::sleepThrice);
      long wall = kernel.clockGettime(Clocks.REALTIME);
      time.stepWallClock(Duration.ofHours(-1));
      assertThat(kernel.clockGettime(Clocks.REALTIME)).isEqualTo(wall - Duration.ofHours(1).toNanos());
      assertThat(time.now()).isEqualTo(start);
      assertThat(sleeper.join()).isNull();
    });
    assertThat(log).containsExactly("1@10", "2@20", "3@30");
  }

  @Test
  void endlessTimers_areNamed() {
    time.setAutomatic(false);
    run(() -> {
      Task<?> endless = Tasks.spawn(() -> {
        while (true) {
          Timers.sleep(Duration.ofMillis(1));
        }
      });
      assertThatThrownBy(() -> time.advanceUntilIdle(1000)).isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("1000 steps").hasMessageContaining("timerfd");
      assertThat(endless.cancel()).isNotNull();
    });
  }

  @Test
  void timeDoesNotGoBack() {
    assertThatThrownBy(() -> time.advance(Duration.ofNanos(-1))).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aClockThatWrapsAround_isOrderedAllTheSame() {
    SimKernel wrapping = new SimNetwork(Long.MAX_VALUE - 15_000_000_000L).host("10.0.0.1");
    try (Calls calls = new Calls(wrapping)) {
      int epoll = calls.epoll();
      assertThat(calls.waitText(epoll, 1, 10_000)).isEmpty();
      assertThat(wrapping.time().now()).isEqualTo(Long.MAX_VALUE - 5_000_000_000L);
      assertThat(calls.waitText(epoll, 1, 10_000)).isEmpty();
      assertThat(wrapping.time().now()).isEqualTo(Long.MIN_VALUE + 4_999_999_999L);
    }
  }

  @Test
  void aPlainThreadSpawns_whileTheWorldIsIdle() {
    try (Epollo epollo = Epollo.start(on(kernel))) {
      for (int i = 0; i < 200; i++) {
        assertThat(epollo.call(() -> 7)).isEqualTo(7);
      }
    }
    assertThat(time.now()).isEqualTo(start);
  }
}
