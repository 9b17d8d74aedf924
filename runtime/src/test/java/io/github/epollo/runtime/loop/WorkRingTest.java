package io.github.epollo.runtime.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class WorkRingTest {
  /** Each number adds so many, then takes half as many, so that the ring wraps and grows. */
  @Property
  void isAQueue(@ForAll @Size(max = 40) List<@IntRange(max = 200) Integer> steps) {
    WorkRing ring = new WorkRing();
    ArrayDeque<Runnable> model = new ArrayDeque<>();
    for (int step : steps) {
      for (int i = 0; i < step; i++) {
        Runnable work = new Object()::notifyAll;
        ring.add(work);
        model.add(work);
      }
      for (int i = 0; i < step / 2; i++) {
        assertThat(ring.poll()).isSameAs(model.poll());
      }
      assertThat(ring.isEmpty()).isEqualTo(model.isEmpty());
    }
    while (!model.isEmpty()) {
      assertThat(ring.poll()).isSameAs(model.poll());
    }
    assertThat(ring.poll()).isNull();
  }
}
