package io.github.epollo.testkit.sim;

import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What is to happen, ordered by time and then by the order in which it was planned. Times are compared by subtraction: the clock may wrap around. */
final class Agenda {
  private final TreeSet<Entry> entries = new TreeSet<>();
  private long planned;

  /** One event to come. */
  final class Entry implements Comparable<Entry> {
    private final long time;
    private final long sequence;
    private final String name;
    private final Runnable action;

    private Entry(long time, long sequence, String name, Runnable action) {
      this.time = time;
      this.sequence = sequence;
      this.name = name;
      this.action = action;
    }

    long time() {
      return time;
    }

    /** What it is, for messages. */
    String name() {
      return name;
    }

    /** Takes it off the agenda; idempotent. */
    void cancel() {
      entries.remove(this);
    }

    @Override
    public int compareTo(Entry other) {
      long earlier = time - other.time;
      return earlier != 0 ? Long.signum(earlier) : Long.compare(sequence, other.sequence);
    }
  }

  Entry plan(long time, String name, Runnable action) {
    Entry entry = new Entry(time, planned++, name, action);
    entries.add(entry);
    return entry;
  }

  /** The next event, or null. */
  @Nullable
  Entry next() {
    return entries.isEmpty() ? null : entries.first();
  }

  /** Takes the next event off and lets it happen. */
  void happen() {
    Entry entry = next();
    if (entry != null) {
      entry.cancel();
      entry.action.run();
    }
  }
}
