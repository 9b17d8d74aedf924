package io.github.epollo.timers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The order of a delay queue against a list in order of arrival that is searched for the earliest. */
class ExpiriesTest {
  private static final class Item extends Expiries.Entry {
    private long expected;
  }

  private final Expiries<Item> expiries = new Expiries<>();
  private final List<Item> model = new ArrayList<>();

  @Property(tries = 300)
  void behavesAsTheModel(@ForAll long seed, @ForAll @IntRange(max = 3) int start) {
    Random random = new Random(seed);
    long now = List.of(Long.MIN_VALUE + 3, -50L, 0L, Long.MAX_VALUE - 200).get(start);
    List<Item> all = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      all.add(new Item());
    }
    for (int step = 0; step < 500; step++) {
      Item item = all.get(random.nextInt(all.size()));
      switch (random.nextInt(7)) {
        case 0, 1, 2 -> put(item, Deadlines.after(now, random.nextInt(20))); // many ties
        case 3 -> put(item, Deadlines.NEVER);
        case 4 -> assertThat(expiries.remove(item)).isEqualTo(model.remove(item));
        case 5 -> {
          now += random.nextInt(15);
          take(now);
        }
        default -> {
          if (random.nextInt(20) == 0) {
            expiries.clear();
            model.clear();
          }
        }
      }
      assertThat(item.isPresent()).isEqualTo(model.contains(item));
      assertThat(expiries.size()).isEqualTo(model.size());
      Item first = first();
      assertThat(expiries.earliest()).isEqualTo(first == null ? Deadlines.NEVER : first.expected);
    }
  }

  private void put(Item item, long deadline) {
    expiries.put(item, deadline);
    item.expected = deadline;
    model.remove(item);
    model.add(item);
    assertThat(item.deadline()).isEqualTo(deadline);
  }

  private void take(long now) {
    while (true) {
      Item first = first();
      Item expected = first != null && Deadlines.isReached(first.expected, now) ? first : null;
      assertThat(expiries.takeReached(now)).isSameAs(expected);
      if (expected == null) {
        return;
      }
      model.remove(expected);
      assertThat(expected.isPresent()).isFalse();
    }
  }

  private Item first() {
    Item first = null;
    for (Item item : model) {
      if (first == null || Deadlines.isEarlier(item.expected, first.expected)) {
        first = item;
      }
    }
    return first;
  }
}
