package io.github.epollo.testkit.sim.disk;

import java.util.ArrayList;
import java.util.List;

/** The open-file-description locks of a file: ranges, each of an owner, shared or exclusive. */
public final class FileLocks {
  private record Lock(Object owner, long start, long end, boolean exclusive) {
    boolean meets(long from, long to) {
      return start < to && from < end;
    }
  }

  private final List<Lock> locks = new ArrayList<>();

  /** Whether another owner's lock keeps {@code owner} from this one. */
  public boolean conflicts(Object owner, long start, long end, boolean exclusive) {
    return locks.stream().anyMatch(l -> l.owner != owner && l.meets(start, end) && (exclusive || l.exclusive));
  }

  /** Locks a range, in place of what the owner had there. */
  public void lock(Object owner, long start, long end, boolean exclusive) {
    unlock(owner, start, end);
    locks.add(new Lock(owner, start, end, exclusive));
  }

  /** Ends what the owner has of a range. */
  public void unlock(Object owner, long start, long end) {
    for (Lock lock : List.copyOf(locks)) {
      if (lock.owner == owner && lock.meets(start, end)) {
        locks.remove(lock);
        if (lock.start < start) {
          locks.add(new Lock(owner, lock.start, start, lock.exclusive));
        }
        if (end < lock.end) {
          locks.add(new Lock(owner, end, lock.end, lock.exclusive));
        }
      }
    }
  }
}
