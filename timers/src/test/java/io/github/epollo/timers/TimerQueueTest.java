package io.github.epollo.timers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The queue against a model that is obviously right: a map of deadlines, searched for the smallest. */
class TimerQueueTest {
  private static final class Item extends TimerQueue.Node {}

  private final TimerQueue queue = new TimerQueue();
  private final Map<Item, Long> model = new HashMap<>();

  @Property(tries = 300)
  void behavesAsTheModel(@ForAll long seed, @ForAll @IntRange(max = 3) int start,
      @ForAll @IntRange(min = 1, max = 200) int items) {
    Random random = new Random(seed);
    long now = List.of(Long.MIN_VALUE + 3, -500L, 0L, Long.MAX_VALUE - 1000).get(start);
    List<Item> all = new ArrayList<>();
    for (int i = 0; i < items; i++) {
      all.add(new Item());
    }
    for (int step = 0; step < 1000; step++) {
      Item item = all.get(random.nextInt(items));
      switch (random.nextInt(8)) {
        case 0, 1, 2, 3 -> put(item, Deadlines.after(now, random.nextInt(1000)));
        case 4 -> put(item, random.nextBoolean() ? Deadlines.NEVER : Deadlines.after(now, Deadlines.FURTHEST));
        case 5, 6 -> {
          queue.remove(item);
          model.remove(item);
        }
        default -> {
          now += random.nextInt(300);
          takeReached(now);
        }
      }
      assertThat(queue.size()).isEqualTo(model.size());
      assertThat(queue.earliest()).isEqualTo(earliest());
    }
    queueDrainsInOrder();
  }

  private void put(Item item, long deadline) {
    queue.put(item, deadline);
    if (deadline == Deadlines.NEVER) {
      model.remove(item);
    } else {
      model.put(item, deadline);
    }
  }

  private void takeReached(long now) {
    while (queue.takeReached(now) instanceof Item item) {
      Long deadline = model.remove(item);
      assertThat(deadline).isNotNull();
      assertThat(now - deadline).isNotNegative();
    }
    assertThat(model.values()).allMatch(deadline -> deadline - now > 0);
  }

  private void queueDrainsInOrder() {
    while (!model.isEmpty()) {
      long expected = earliest();
      Item first = (Item) queue.takeFirst();
      assertThat(model.remove(first)).isEqualTo(expected);
    }
    assertThat(queue.takeFirst()).isNull();
  }

  private long earliest() {
    return model.isEmpty()
        ? Deadlines.NEVER
        : model.values().stream().min((a, b) -> Long.signum(a - b)).orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 63, 64, 65, 10_000})
  void givesItsRoomBack(int count) {
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      items.add(new Item());
      queue.put(items.get(i), i % 7);
    }
    items.forEach(queue::remove);
    assertThat(queue.size()).isZero();
    assertThat(queue.capacity()).isLessThanOrEqualTo(128);
  }
}
