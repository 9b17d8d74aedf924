package io.github.epollo.runtime.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

final class SharedRingTest {
  private record Work(int number) implements Runnable {
    @Override
    public void run() {}
  }

  /** Hazard 5: any order of adding, taking and stealing, against a deque; a small ring wraps and grows all the time. */
  @Test
  void behavesAsADequeWhoeverTakes() {
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      SharedRing ring = new SharedRing(2);
      Deque<Runnable> model = new ArrayDeque<>();
      Runnable[] loot = new Runnable[1 + random.nextInt(8)];
      for (int step = 0; step < 400; step++) {
        switch (random.nextInt(4)) {
          case 0, 1 -> {
            Work work = new Work(step);
            ring.add(work);
            model.add(work);
          }
          case 2 -> assertThat(ring.poll()).isSameAs(model.poll());
          default -> {
            int least = 1 + random.nextInt(3);
            int count = ring.steal(loot, least);
            int there = model.size();
            assertThat(count).isEqualTo(there < least ? 0 : Math.min(loot.length, there - there / 2));
            for (int i = 0; i < count; i++) {
              assertThat(loot[i]).isSameAs(model.poll());
            }
          }
        }
        assertThat(ring.size()).isEqualTo(model.size());
      }
    }
  }

  @Test
  void whatIsTakenIsForgotten() {
    SharedRing ring = new SharedRing(8);
    List<WeakReference<Runnable>> taken = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      Work work = new Work(i);
      ring.add(work);
      taken.add(new WeakReference<>(work));
    }
    Runnable[] loot = new Runnable[4];
    assertThat(ring.steal(loot, 1)).isEqualTo(3);
    Arrays.fill(loot, null);
    while (ring.poll() != null) {
      assertThat(ring.size()).isLessThan(3);
    }
    while (taken.stream().anyMatch(r -> r.get() != null)) {
      System.gc();
    }
    assertThat(ring.size()).isZero();
  }

  /** Each work is taken once, by whomever. */
  @Test
  void ownerAndThievesShareWithoutLossOrDoubles() throws Exception {
    int works = 400_000;
    AtomicIntegerArray taken = new AtomicIntegerArray(works);
    SharedRing ring = new SharedRing(4);
    AtomicBoolean done = new AtomicBoolean();
    List<Thread> thieves = new ArrayList<>();
    for (int t = 0; t < 2; t++) {
      thieves.add(Thread.ofPlatform().name("test-thief").start(() -> {
        Runnable[] loot = new Runnable[8];
        while (!done.get()) {
          int count = ring.steal(loot, 1);
          for (int i = 0; i < count; i++) {
            taken.incrementAndGet(((Work) loot[i]).number());
          }
        }
      }));
    }
    Random random = new Random(1);
    int next = 0;
    while (next < works || ring.size() > 0) {
      for (int i = random.nextInt(6); i > 0 && next < works; i--) {
        ring.add(new Work(next++));
      }
      for (int i = random.nextInt(4); i > 0; i--) {
        if (ring.poll() instanceof Work work) {
          taken.incrementAndGet(work.number());
        }
      }
    }
    done.set(true);
    for (Thread thief : thieves) {
      thief.join();
    }
    for (int i = 0; i < works; i++) {
      assertThat(taken.get(i)).isEqualTo(1);
    }
  }
}
