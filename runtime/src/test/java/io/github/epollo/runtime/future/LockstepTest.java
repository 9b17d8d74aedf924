package io.github.epollo.runtime.future;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.testsupport.Lockstep;
import io.github.epollo.testsupport.Lockstep.Cut;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The test tool itself: it sees a lost wake-up, and cuts where it was told to. */
class LockstepTest {
  private final Queue<Waker> waiting = new ArrayDeque<>();
  private int signals;

  /** Takes a signal, or waits for one. */
  private Future<@Nullable Void> signal() {
    return Future.fromPoll(waker -> {
      if (signals > 0) {
        signals--;
        return Poll.ready(null);
      }
      waiting.add(waker);
      return Poll.pending();
    });
  }

  private void give() {
    signals++;
    Waker waker = waiting.poll();
    if (waker != null) {
      waker.wake();
    }
  }

  @Test
  void allRun_inAnOrderThatTheSeedDecides() {
    Set<List<String>> orders = new HashSet<>();
    for (int seed = 0; seed < 50; seed++) {
      List<String> order = new ArrayList<>();
      Lockstep lockstep = new Lockstep(seed);
      for (String name : List.of("a", "b", "c")) {
        lockstep.add(name, () -> {
          give();
          signal().await();
          order.add(name);
        });
      }
      lockstep.run();
      assertThat(order).containsExactlyInAnyOrder("a", "b", "c");
      orders.add(order);
    }
    assertThat(orders).hasSize(6);
  }

  @Test
  void whoeverIsNeverWoken_isNamed() {
    assertThatThrownBy(() -> {
      for (int seed = 0; seed < 20; seed++) { // in some orders it comes first
        signals = 0;
        Lockstep again = new Lockstep(seed);
        again.add("reader", () -> signal().await());
        again.add("writer", () -> signals++); // forgets to wake
        again.run();
      }
    }).isInstanceOf(AssertionError.class).hasMessageContaining("reader");
  }

  @Test
  void aWaitIsCut_beforeOrAfterItsWakeUp() {
    Set<String> seen = new HashSet<>();
    for (Cut where : Cut.values()) {
      for (int seed = 0; seed < 20; seed++) {
        signals = 0;
        waiting.clear();
        Lockstep lockstep = new Lockstep(seed);
        Lockstep.Participant reader = lockstep.add("reader", () -> signal().await());
        reader.cutAt(0, where);
        lockstep.add("writer", this::give);
        lockstep.run();
        seen.add(
            where + (reader.wasCut() ? ", cut, " : ", not cut, ") + signals + " left, " + waiting.size() + " waiting");
      }
    }
    assertThat(seen).containsExactlyInAnyOrder("ON_PARKING, not cut, 0 left, 0 waiting",
        "ON_WAKING, not cut, 0 left, 0 waiting",
        "ON_PARKING, cut, 1 left, 0 waiting", "ON_WAKING, cut, 1 left, 0 waiting");
  }
}
