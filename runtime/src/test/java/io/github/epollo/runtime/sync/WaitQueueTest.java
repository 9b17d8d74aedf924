package io.github.epollo.runtime.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class WaitQueueTest {
  private static final class One extends Waiter<@Nullable Void> {
    @Override
    protected Poll<@Nullable Void> advance(Waker waker) {
      return Poll.pending();
    }
  }

  @Property
  void isAListFromWhichAnybodyMayGo(@ForAll @Size(max = 60) List<@IntRange(min = 0, max = 29) Integer> script) {
    WaitQueue queue = new WaitQueue();
    List<One> model = new ArrayList<>();
    List<One> all = IntStream.range(0, 10).mapToObj(_ -> new One()).toList();
    for (int step : script) {
      One one = all.get(step / 3);
      switch (step % 3) {
        case 0 -> {
          if (!model.contains(one)) {
            queue.add(one);
            model.add(one);
          }
        }
        case 1 -> assertThat(queue.remove(one)).isEqualTo(model.remove(one));
        default -> assertThat(queue.poll()).isSameAs(model.isEmpty() ? null : model.removeFirst());
      }
      assertThat(queue.size()).isEqualTo(model.size());
      assertThat(queue.isEmpty()).isEqualTo(model.isEmpty());
      assertThat(queue.first()).isSameAs(model.isEmpty() ? null : model.getFirst());
    }
  }

  @Test
  void refusesOneThatWaitsAlreadyAndKnowsNothingOfAnothersQueue() {
    WaitQueue queue = new WaitQueue();
    WaitQueue other = new WaitQueue();
    One one = new One();
    queue.add(one);
    assertThatIllegalStateException().isThrownBy(() -> other.add(one)).withMessageContaining("waits already");
    assertThat(other.remove(one)).isFalse();
    assertThat(queue.remove(one)).isTrue();
    other.add(one);
    assertThat(other.first()).isSameAs(one);
  }
}
