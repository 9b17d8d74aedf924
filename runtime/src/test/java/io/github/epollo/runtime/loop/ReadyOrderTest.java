package io.github.epollo.runtime.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

class ReadyOrderTest {
  @Test
  @EnabledIfSystemProperty(named = "epollo.test.carrier", matches = "loop")
  void theNewestFirstIfTheOrderSaysSo() {
    assertThat(spawned(count -> count - 1)).containsExactly(3, 0, 2, 1); // the body, woken by the end of 0, takes part, too
    assertThat(spawned(ReadyOrder.ARRIVAL)).containsExactly(0, 1, 2, 3);
  }

  private static List<Integer> spawned(ReadyOrder order) {
    List<Integer> ran = new ArrayList<>();
    Epollo.run(EpolloOptions.defaults().withReadyOrder(order), () -> {
      List<Task<?>> tasks = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        int number = i;
        tasks.add(Tasks.spawn(() -> {
          ran.add(number);
        }));
      }
      tasks.forEach(Task::join);
    });
    return ran;
  }

  @Property
  void everyWorkRunsOnceInAnyOrder(@ForAll List<@IntRange(max = 1000) Integer> picks) {
    int[] next = {0};
    ReadyQueue queue = new ReadyQueue(count -> picks.isEmpty() ? 0 : picks.get(next[0]++ % picks.size()) % count,
        false);
    List<Integer> ran = new ArrayList<>();
    for (int i = 0; i < 300; i++) { // more than the ring holds at first
      int number = i;
      queue.addOwn(() -> ran.add(number));
      if (i % 7 == 3) {
        queue.next().run();
      }
    }
    for (Runnable work = queue.next(); work != null; work = queue.next()) {
      work.run();
    }
    assertThat(ran).hasSize(300).doesNotHaveDuplicates();
  }
}
