package io.github.epollo.runtime.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.kernel.Fd;
import io.github.epollo.runtime.kernel.LinuxKernel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicIntegerArray;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hazard 5. */
class RegistrationTableTest {
  private static Registration registration(long key) {
    return new Registration(null, new Fd(LinuxKernel.get(), Integer.MAX_VALUE), key);
  }

  /** Positive: take a slot; else: remove one of those taken. After each step all keys of the present and some of the past are looked up. */
  @Property(tries = 300)
  void behavesAsAMap(@ForAll @Size(max = 120) List<@IntRange(min = -40, max = 40) Integer> steps,
      @ForAll @IntRange(min = 4, max = 32) int generationBits) {
    RegistrationTable table = new RegistrationTable(generationBits);
    Map<Long, Registration> present = new HashMap<>();
    Map<Integer, Integer> removals = new HashMap<>(); // by slot
    Map<Long, Integer> past = new HashMap<>(); // key -> removals of its slot when it was removed
    for (int step : steps) {
      if (step > 0 || present.isEmpty()) {
        long key = table.take();
        assertThat(present).doesNotContainKey(key);
        int slot = RegistrationTable.slot(key);
        assertThat(present.keySet().stream().map(RegistrationTable::slot)).doesNotContain(slot);
        assertThat(RegistrationTable.generation(key) & mask(generationBits))
            .isEqualTo(removals.getOrDefault(slot, 0) & mask(generationBits));
        assertThat(table.find(key)).as("before put").isNull();
        Registration tenant = registration(key);
        table.put(key, tenant);
        present.put(key, tenant);
        past.remove(key); // the generation has wrapped
      } else {
        long key = new ArrayList<>(present.keySet()).get(-step % present.size());
        table.remove(key);
        present.remove(key);
        past.put(key, removals.merge(RegistrationTable.slot(key), 1, Integer::sum));
      }
      present.forEach((key, tenant) -> assertThat(table.find(key)).isSameAs(tenant));
      past.keySet().forEach(key -> assertThat(table.find(key)).isNull());
      Set<Registration> seen = new HashSet<>();
      table.forEach(seen::add);
      assertThat(seen).isEqualTo(new HashSet<>(present.values()));
    }
  }

  private static int mask(int bits) {
    return bits == 32 ? -1 : (1 << bits) - 1;
  }

  @Test
  void aStaleKeyFindsNothing() {
    RegistrationTable table = new RegistrationTable();
    long old = table.take();
    table.put(old, registration(old));
    for (int i = 0; i < 100_000; i++) {
      table.remove(i == 0 ? old : replaced(table));
      long key = table.take();
      table.put(key, registration(key));
      last = key;
      assertThat(RegistrationTable.slot(key)).isZero();
      assertThat(table.find(old)).isNull();
    }
  }

  private long last;

  private long replaced(RegistrationTable table) {
    assertThat(table.find(last)).isNotNull();
    return last;
  }

  /** The twin that is broken on purpose: one bit is too few, and the check above would see it. */
  @Test
  void withOneBitOldAndNewAreConfused() {
    RegistrationTable table = new RegistrationTable(1);
    long old = table.take();
    table.put(old, registration(old));
    table.remove(old);
    long second = table.take();
    table.put(second, registration(second));
    assertThat(table.find(old)).isNull();
    table.remove(second);
    long third = table.take();
    Registration stranger = registration(third);
    table.put(third, stranger);
    assertThat(table.find(old)).isSameAs(stranger);
  }

  @Test
  void theGenerationWrapsFromMinusOneToZero() {
    assertThat(RegistrationTable.key(-1, 5) >>> 32).isEqualTo(0xffff_ffffL);
    assertThat(RegistrationTable.slot(RegistrationTable.key(-1, 5))).isEqualTo(5);
    assertThat(RegistrationTable.generation(RegistrationTable.key(-1, 5))).isEqualTo(-1);
    assertThat(RegistrationTable.generation(RegistrationTable.key(Integer.MIN_VALUE, 1 << 19)))
        .isEqualTo(Integer.MIN_VALUE);
  }

  @Test
  void growsOverManyChunksAndKnowsStrangersKeys() {
    RegistrationTable table = new RegistrationTable();
    List<Long> keys = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      long key = table.take();
      table.put(key, registration(key));
      keys.add(key);
    }
    assertThat(keys.stream().map(RegistrationTable::slot).distinct()).hasSize(5_000);
    assertThat(keys).allMatch(key -> table.find(key).key() == key);
    for (long strange : new long[]{-1, Long.MIN_VALUE, Long.MAX_VALUE, 1 << 20, (1 << 20) - 1, 6_000, 5_000}) {
      assertThat(table.find(strange)).isNull();
    }
  }

  @Test
  @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void threadsNeverShareASlot() throws Exception {
    RegistrationTable table = new RegistrationTable();
    AtomicIntegerArray holders = new AtomicIntegerArray(1 << 12);
    ConcurrentLinkedQueue<String> violations = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    for (int t = 1; t <= 3; t++) {
      int me = t;
      threads.add(Thread.ofPlatform().start(() -> {
        List<Registration> mine = new ArrayList<>();
        List<Long> gone = new ArrayList<>();
        for (int i = 0; i < 200_000; i++) {
          if (mine.isEmpty() || (mine.size() < 8 && ThreadLocalRandom.current().nextBoolean())) {
            long key = table.take();
            if (!holders.compareAndSet(RegistrationTable.slot(key), 0, me)) {
              violations.add("slot of " + key + " is taken twice");
            }
            Registration registration = registration(key);
            table.put(key, registration);
            mine.add(registration);
          } else {
            Registration registration = mine.remove(ThreadLocalRandom.current().nextInt(mine.size()));
            if (table.find(registration.key()) != registration) {
              violations.add(registration.key() + " is lost");
            }
            holders.set(RegistrationTable.slot(registration.key()), 0);
            table.remove(registration.key());
            gone.add(registration.key());
          }
          if (!gone.isEmpty() && table.find(gone.get(i % gone.size())) != null) {
            violations.add("a stale key finds a tenant");
          }
          if (gone.size() > 100) {
            gone.clear();
          }
        }
      }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(violations).isEmpty();
  }
}
