package io.github.epollo.testkit.sim.disk;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * What a crash can leave of a disk: every possibility if there are few, else some: that nothing is lost, that all is, and others that a seed decides.
 */
public final class CrashStates {
  private static final int TRIES = 4; // many choices may come to the same

  private CrashStates() {}

  /** Up to {@code limit} disks that differ, in an order that is always the same, by a text that tells them apart. */
  public static Map<String, Disk> of(Disk disk, int limit, long seed) {
    Map<String, Disk> states = new LinkedHashMap<>();
    EachInTurn choice = new EachInTurn();
    for (int tries = 0; tries < TRIES * limit && states.size() <= limit; tries++) {
      add(states, disk.crashed(choice));
      if (!choice.advance()) {
        return states;
      }
    }
    return some(disk, limit, seed);
  }

  private static Map<String, Disk> some(Disk disk, int limit, long seed) {
    Map<String, Disk> states = new LinkedHashMap<>();
    SplittableRandom random = new SplittableRandom(seed);
    add(states, disk.crashed(_ -> 0));
    add(states, disk.crashed(count -> count - 1));
    for (int i = 2; i < limit; i++) {
      int share = random.nextInt(101); // now and then most is lost, or little
      add(states, disk.crashed(count -> random.nextInt(100) < share ? 0 : random.nextInt(count)));
    }
    return states;
  }

  private static void add(Map<String, Disk> states, Disk disk) {
    states.putIfAbsent(disk.describe(), disk);
  }

  /** Takes another path through the choices each time, until all have been taken. */
  private static final class EachInTurn implements CrashChoice {
    private final List<Integer> counts = new ArrayList<>();
    private final List<Integer> chosen = new ArrayList<>();
    private int depth;

    @Override
    public int choose(int count) {
      if (count == 1) {
        return 0;
      }
      if (depth == chosen.size()) {
        chosen.add(0);
        counts.add(count);
      }
      return chosen.get(depth++);
    }

    /** Goes to the next path; false if there is none. */
    boolean advance() {
      depth = 0;
      while (!chosen.isEmpty()) {
        int last = chosen.removeLast() + 1;
        int count = counts.removeLast();
        if (last < count) {
          chosen.add(last);
          counts.add(count);
          return true;
        }
      }
      return false;
    }
  }
}
