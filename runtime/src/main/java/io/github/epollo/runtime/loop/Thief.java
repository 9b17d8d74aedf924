package io.github.epollo.runtime.loop;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How a loop gets at the work of the others: half of what a busy one has ready, when it has none itself; and all that waits for one that is held, which then cannot look for itself.
 *
 * <p>The work only runs here. It still belongs to the other loop: once it waits and is woken, it is ready there again.
 *
 * <p><b>Threading:</b> for its loop's thread.
 */
final class Thief {
  /** What a busy loop must have ready beside what it runs: a single work it will have begun before another loop could. */
  static final int LEAST = 2;

  private static final int MOST = 64; // at a time
  private static final int ROUNDS = 4; // for a loop that is held: then our own I/O is to have its turn

  private final Loop loop;
  private final LoopGroup group;
  private final @Nullable Runnable[] loot = new Runnable[MOST];
  private int first; // where to look first: each time another, so that no loop is robbed more than the others

  Thief(Loop loop, LoopGroup group) {
    this.loop = loop;
    this.group = group;
    this.first = loop.index();
  }

  /** Takes ready work from a loop that has more than it runs; answers how much. */
  int steal() {
    int size = group.size();
    first = (first + 1) % size;
    for (int i = 0; i < size; i++) {
      MovableWork work = movableOf(group.loop((first + i) % size));
      if (work != null && work.size() >= LEAST) {
        int count = work.steal(loot, LEAST);
        if (count > 0) {
          keep(count);
          return count;
        }
      }
    }
    return 0;
  }

  /** Whether {@link #steal} would find something. */
  boolean findsWork() {
    for (int i = 0; i < group.size(); i++) {
      MovableWork work = movableOf(group.loop(i));
      if (work != null && work.size() >= LEAST) {
        return true;
      }
    }
    return false;
  }

  /** Looks for the events of {@code held}, and takes the work that is ready there. */
  void help(Loop held) {
    loop.driver().pollFor(held.driver());
    held.passWakeUpOn(); // our look may have taken it
    MovableWork work = movableOf(held);
    for (int i = 0; work != null && i < ROUNDS; i++) {
      int submitted = work.stealSubmissions(loot);
      keep(submitted);
      int ready = work.steal(loot, 1);
      keep(ready);
      if (submitted + ready == 0) {
        return;
      }
    }
  }

  private @Nullable MovableWork movableOf(Loop other) {
    return other == loop ? null : other.movable();
  }

  private void keep(int count) {
    for (int i = 0; i < count; i++) {
      Runnable work = loot[i];
      if (work != null) {
        loop.adopt(work);
      }
    }
    Arrays.fill(loot, 0, count, null);
  }
}
