package io.github.epollo.runtime.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ChannelPropertiesTest {
  @Property(tries = 3000)
  void everyKindBehavesAsTheModelWhateverIsPolledAndClosedWhen(@ForAll ChannelRun.Kind kind,
      @ForAll @Size(max = 60) List<@IntRange(max = ChannelRun.CHOICES - 1) Integer> steps) {
    new ChannelRun(kind).run(steps);
  }

  @ParameterizedTest
  @EnumSource
  void thePropertyFindsMistakes(Mistake mistake) {
    for (ChannelRun.Kind kind : ChannelRun.Kind.values()) {
      boolean waits = kind != ChannelRun.Kind.UNBOUNDED && kind != ChannelRun.Kind.LATEST;
      assertThat(mistake.isFound(twist -> new ChannelRun(kind, twist)::run) || !waits).as("%s", kind).isTrue();
    }
  }

  @Property(tries = 500)
  void theQueueOfValuesIsAQueue(@ForAll @IntRange(min = 1, max = 5) int chunkLength,
      @ForAll @Size(max = 100) List<Boolean> adds) {
    ValueQueue<Integer> queue = new ValueQueue<>(chunkLength);
    Queue<Integer> model = new ArrayDeque<>();
    List<Integer> polled = new ArrayList<>();
    List<Integer> expected = new ArrayList<>();
    for (int i = 0; i < adds.size(); i++) {
      if (adds.get(i)) {
        queue.add(i);
        model.add(i);
      } else {
        polled.add(queue.poll());
        expected.add(model.poll());
      }
      assertThat(queue.size()).isEqualTo(model.size());
    }
    assertThat(polled).isEqualTo(expected);
  }
}
