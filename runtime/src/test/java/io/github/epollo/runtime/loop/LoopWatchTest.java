package io.github.epollo.runtime.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.future.Chance;
import io.github.epollo.testsupport.ProbeKernel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What the watch takes for a loop that is held; it is made to look by the test. */
final class LoopWatchTest {
  private static final long LIMIT = Duration.ofSeconds(1).toNanos();

  private final AtomicLong time = new AtomicLong(-5);
  private final ProbeKernel probe = new ProbeKernel().on("clockGettime", _ -> time.get());
  private final List<Loop> told = new ArrayList<>();
  private final List<Throwable> failures = new ArrayList<>();

  private LoopGroup group(HoldListener listener) throws Exception {
    return LoopGroup.create(1, "loop", probe.kernel(), CarrierChoice.SHARED, ReadyOrder.ARRIVAL, Chance::new,
        failures::add, new LoopInsight(LIMIT, listener, false, null));
  }

  private boolean lookAfter(LoopWatch watch, long nanos) {
    time.addAndGet(nanos);
    return watch.look();
  }

  @Test
  void aLoopThatDoesNotRunIsNotHeld() throws Exception {
    LoopGroup group = group((loop, _) -> told.add(loop));
    try (Loop loop = group.first()) {
      for (int i = 0; i < 3; i++) {
        assertThat(lookAfter(group.watch(), 10 * LIMIT)).isFalse();
      }
      assertThat(loop.isBusy()).isFalse();
    }
    assertThat(told).isEmpty();
  }

  @Test
  void aLoopThatMakesTurnsIsNotHeldHoweverLongTheyTake() throws Exception {
    LoopGroup group = group((loop, _) -> told.add(loop));
    try (Loop loop = group.first()) {
      AtomicInteger turns = new AtomicInteger();
      loop.runUntil(() -> {
        loop.execute(() -> {}); // so that it does not wait
        assertThat(lookAfter(group.watch(), 10 * LIMIT)).isFalse();
        return turns.incrementAndGet() == 20;
      }, Long.MAX_VALUE);
    }
    assertThat(told).isEmpty();
  }

  @Test
  void aLoopThatMakesNoProgressIsHeldAtOnceAndToldOfOnceAfterTheLimit() throws Exception {
    AtomicLong nanos = new AtomicLong();
    LoopGroup group = group((loop, n) -> {
      told.add(loop);
      nanos.set(n);
      throw new IllegalStateException("listener");
    });
    try (Loop loop = group.first()) {
      AtomicInteger turns = new AtomicInteger();
      loop.runUntil(() -> {
        boolean _ = lookAfter(group.watch(), 1);
        assertThat(lookAfter(group.watch(), LIMIT - 1)).isTrue();
        assertThat(told).hasSize(turns.get());
        assertThat(lookAfter(group.watch(), 1)).isTrue();
        assertThat(lookAfter(group.watch(), 10 * LIMIT)).isTrue();
        assertThat(told).hasSize(turns.get() + 1).containsOnly(loop);
        assertThat(nanos).hasValue(LIMIT);
        loop.execute(() -> {});
        return turns.incrementAndGet() == 3;
      }, Long.MAX_VALUE);
    }
    assertThat(failures).hasSize(3);
  }
}
