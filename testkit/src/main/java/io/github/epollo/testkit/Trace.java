package io.github.epollo.testkit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.zip.CRC32C;

/**
 * What happened in a simulation, in order: every system call, every choice and every fault, with the virtual time. Two runs that are the same have the same
 * {@link #toString}.
 *
 * <p>Kept are the last events, up to a limit, and a checksum of all of them.
 *
 * <p><b>Threading:</b> may be used from any thread.
 */
public final class Trace {
  /** How many of the last events are kept. */
  static final int KEPT = 20_000;

  private final LongSupplier clock;
  private final long origin;
  private final ArrayDeque<String> last = new ArrayDeque<>();
  private final CRC32C sum = new CRC32C();
  private long count;

  Trace(LongSupplier clock) {
    this.clock = clock;
    this.origin = clock.getAsLong();
  }

  synchronized void add(String who, String event) {
    String line = Duration.ofNanos(clock.getAsLong() - origin).toString().substring(2) + " " + who + " " + event;
    sum.update(line.getBytes(StandardCharsets.UTF_8));
    if (last.size() == KEPT) {
      last.removeFirst();
    }
    last.addLast(line);
    count++;
  }

  /** How many events there were. */
  public synchronized long count() {
    return count;
  }

  /** The last {@code limit} events that are kept, oldest first. */
  public synchronized List<String> last(int limit) {
    return last.stream().skip(Math.max(0, last.size() - limit)).toList();
  }

  /** The count, the checksum of all events, and those that are kept. */
  @Override
  public synchronized String toString() {
    return count + " events, checksum " + Long.toHexString(sum.getValue()) + "\n" + String.join("\n", last);
  }
}
