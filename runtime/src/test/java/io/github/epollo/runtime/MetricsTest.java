package io.github.epollo.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.driver.Interest;
import io.github.epollo.runtime.io.AsyncFd;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.loop.Loop;
import io.github.epollo.runtime.loop.LoopMetrics;
import io.github.epollo.testsupport.ProbeKernel;
import io.github.epollo.testsupport.Waits;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is counted of a runtime, and what counting costs. */
@ExtendWith(NoLeaks.class)
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class MetricsTest {
  @Test
  void everythingGrowsThatShould() throws Exception {
    try (Epollo epollo = Epollo.start()) {
      RuntimeMetrics before = epollo.metrics();
      assertThat(before.tasks()).isZero();
      assertThat(before.spawned()).isZero();
      CountDownLatch never = new CountDownLatch(1);
      Task<?> waits = epollo.spawn("waits", () -> never.await());
      for (int i = 0; i < 100; i++) {
        epollo.spawn(Tasks::yieldNow).join();
      }
      for (int i = 0; i < 2; i++) { // without the flag tasks are none of the loop's turns; the second runs when the turn of the first has ended
        CountDownLatch ran = new CountDownLatch(1);
        epollo.loop().execute(ran::countDown);
        ran.await();
      }
      RuntimeMetrics after = epollo.metrics();
      assertThat(after.tasks()).isBetween(1L, 2L); // the last one may be just ending
      assertThat(after.spawned()).isEqualTo(101);
      LoopMetrics loop = after.loops().getFirst();
      LoopMetrics was = before.loops().getFirst();
      assertThat(loop.turns()).isGreaterThan(was.turns());
      assertThat(loop.runs()).isGreaterThanOrEqualTo(was.runs() + 2);
      assertThat(loop.polls()).isGreaterThanOrEqualTo(loop.waits());
      assertThat(loop.steals()).isZero();
      assertThat(loop.registrations()).isPositive(); // its eventfd
      assertThat(loop.turnTime()).isNull();
      assertThat(loop.scheduleDelay()).isNull();
      assertThat(after.toString()).contains("tasks ").contains("turns ").contains("wakeups ");
      assertThat(after.toJson()).startsWith("{\"name\":\"epollo-").contains("\"spawned\":101").endsWith("]}");
      waits.close();
    }
  }

  @Test
  @EnabledIfSystemProperty(named = "epollo.test.carrier", matches = "loop")
  void runsWaitsWakeupsAndEventsAreExact() throws Exception {
    try (Epollo epollo = Epollo.start()) {
      Loop loop = epollo.loop();
      awaitAsleep(loop);
      LoopMetrics before = loop.metrics();
      for (int i = 0; i < 50; i++) {
        CountDownLatch ran = new CountDownLatch(1);
        loop.execute(ran::countDown);
        ran.await();
        awaitAsleep(loop);
      }
      LoopMetrics after = loop.metrics();
      assertThat(after.runs() - before.runs()).isEqualTo(50);
      assertThat(after.wakeups() - before.wakeups()).isEqualTo(50);
      assertThat(after.events() - before.events()).isEqualTo(50);
      assertThat(after.waits() - before.waits()).isEqualTo(50);
      assertThat(after.ready()).isZero();
    }
  }

  private static void awaitAsleep(Loop loop) throws Exception {
    Waits.until("the loop waits", () -> {
      Thread thread = loop.thread();
      return thread != null
          && Arrays.stream(thread.getStackTrace()).anyMatch(f -> f.getMethodName().equals("epollWait"));
    });
  }

  @Test
  void registrationsAndGaugesAreThoseOfNow() {
    Epollo.run(() -> {
      Loop loop = Loop.current();
      long registered = loop.metrics().registrations();
      AtomicLong value = new AtomicLong(7);
      loop.addGauge("things", value::get);
      int number = loop.kernel().eventfd(0, FileFlags.EFD_CLOEXEC | FileFlags.EFD_NONBLOCK);
      try (AsyncFd _ = AsyncFd.adopt(number, Interest.READ)) {
        assertThat(loop.metrics().registrations()).isEqualTo(registered + 1);
      }
      assertThat(loop.metrics().registrations()).isEqualTo(registered);
      assertThat(loop.metrics().gauges()).containsEntry("things", 7L);
      value.set(8);
      assertThat(loop.metrics().gauges()).containsEntry("things", 8L);
      assertThat(loop.metrics().toString()).contains("things 8");
      assertThat(Epollo.current().metrics().toJson()).contains("\"gauges\":{\"things\":8");
    });
  }

  @Test
  void timesAreMeasuredOnDemand() {
    EpolloOptions options = EpolloOptions.defaults().withHistograms(true);
    Epollo.run(options, () -> {
      long begin = Loop.current().now();
      for (int i = 0; i < 1000; i++) {
        Tasks.spawn(() -> {}).join();
      }
      long end = Loop.current().now();
      LoopMetrics loop = Loop.current().metrics();
      assertThat(loop.turnTime()).isNotNull();
      assertThat(loop.scheduleDelay()).isNotNull();
      if (Loop.current().carriesTasks()) {
        assertThat(loop.scheduleDelay().count()).isPositive();
        assertThat(loop.scheduleDelay().percentile(1)).isLessThanOrEqualTo((end - begin) * 9 / 8);
      }
      assertThat(loop.turnTime().percentile(0.5)).isLessThanOrEqualTo(loop.turnTime().percentile(1));
      assertThat(loop.turnTime().since(loop.turnTime()).count()).isZero();
      assertThat(Epollo.current().metrics().toJson()).contains("\"turnTime\":{\"count\":");
    });
  }

  @Test
  @EnabledIfSystemProperty(named = "epollo.test.carrier", matches = "loop")
  void theClockIsNotReadWhereTimesAreNotMeasured() {
    for (boolean histograms : new boolean[]{false, true}) {
      ProbeKernel probe = new ProbeKernel();
      EpolloOptions options = EpolloOptions.defaults().withKernel(probe.kernel()).withHistograms(histograms);
      Epollo.run(options, () -> {
        probe.reset();
        for (int i = 0; i < 3000; i++) {
          Tasks.yieldNow();
        }
        if (histograms) {
          assertThat(probe.calls("clockGettime")).isPositive();
        } else {
          assertThat(probe.calls("clockGettime")).isZero();
        }
      });
    }
  }
}
