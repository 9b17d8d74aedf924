package io.github.epollo.timers;

import java.util.Comparator;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Entries in the order of their deadlines, and of their arrival where these are equal: the order of a {@link DelayQueue}, without a clock and without a lock.
 *
 * @param <E> the type of the entries
 */
final class Expiries<E extends Expiries.Entry> {
  /** What is ordered. */
  abstract static class Entry {
    private long deadline;
    private long arrival;
    private boolean present;

    final long deadline() {
      return deadline;
    }

    final boolean isPresent() {
      return present;
    }
  }

  private static final Comparator<Entry> ORDER = Expiries::compare;

  private final TreeSet<E> entries = new TreeSet<>(ORDER);
  private long arrivals;

  private static int compare(Entry a, Entry b) {
    if (Deadlines.isEarlier(a.deadline, b.deadline)) {
      return -1;
    }
    return Deadlines.isEarlier(b.deadline, a.deadline) ? 1 : Long.compare(a.arrival, b.arrival);
  }

  int size() {
    return entries.size();
  }

  /** The earliest deadline; {@link Deadlines#NEVER} if there is none. */
  long earliest() {
    return entries.isEmpty() ? Deadlines.NEVER : entries.first().deadline();
  }

  /** Adds {@code entry}, or moves it if it is there; in both cases it comes after those with the same deadline. */
  void put(E entry, long deadline) {
    remove(entry);
    Entry changed = entry;
    changed.deadline = deadline;
    changed.arrival = arrivals++;
    changed.present = true;
    entries.add(entry);
  }

  /** Takes {@code entry} out; false if it is not there. */
  boolean remove(E entry) {
    if (!entry.isPresent()) {
      return false;
    }
    entries.remove(entry);
    gone(entry);
    return true;
  }

  /** Takes out the first entry if its deadline has passed at {@code now}. */
  @Nullable
  E takeReached(long now) {
    if (!Deadlines.isReached(earliest(), now)) {
      return null;
    }
    E first = entries.removeFirst();
    gone(first);
    return first;
  }

  void clear() {
    entries.forEach(Expiries::gone);
    entries.clear();
  }

  private static void gone(Entry entry) {
    entry.present = false;
  }
}
