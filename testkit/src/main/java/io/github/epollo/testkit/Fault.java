package io.github.epollo.testkit;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** What can go wrong in a simulation. Each struck one is in the {@link Trace}. */
public enum Fault {
  /** A read brings fewer bytes than there are; the rest is reported as a new event. */
  SHORT_READ(true),
  /** A write takes fewer bytes than there is room for. */
  SHORT_WRITE(true),
  /** A read, write or accept says EAGAIN although it need not, and the fd is reported ready afterwards. */
  WOULD_BLOCK(true),
  /** A call is interrupted by a signal: EINTR. */
  INTERRUPTED(true),
  /** A wait ends without an event, or reports one for which nothing has happened. */
  SPURIOUS_WAKEUP(true),
  /** Events that come together come in another order. */
  EVENT_ORDER(true),
  /** The clock is read up to a millisecond in the past: CLOCK_MONOTONIC was seen going back on some machines (rust-lang/rust#86470). */
  CLOCK_BACK(true),
  /** The process is stopped (SIGSTOP), or its virtual machine paused, for up to ten seconds: the clock leaps. Not while time moves only when it is told to. */
  CLOCK_JUMP(true),
  /** What is sent takes up to 50 milliseconds longer. */
  DELAY(true),
  /** Two hosts cannot reach each other for up to two seconds; what they send arrives afterwards. */
  PARTITION(true),
  /** What was in the page cache is not any more: EAGAIN where a call must not wait for the device. */
  COLD_CACHE(true),
  /** A call that a ring makes takes up to 50 milliseconds longer. */
  SLOW_DEVICE(true),

  /** No file descriptor is left: EMFILE. */
  OUT_OF_FDS(false),
  /** No memory is left for buffers of sockets: ENOBUFS. */
  NO_BUFFERS(false),
  /** No memory is left: ENOMEM. */
  NO_MEMORY(false),
  /** A connection ends before it is accepted: ECONNABORTED. */
  CONNECTION_ABORTED(false),
  /** A connection is reset while somebody writes to it: ECONNRESET. */
  RESET(false),
  /** The sending direction of a connection is shut while somebody writes to it: EPIPE here, an end of data there. */
  HALF_CLOSE(false),
  /** The disk is full: ENOSPC. */
  NO_SPACE(false),
  /** The disk is broken: EIO. */
  IO_ERROR(false);

  private final boolean harmless;

  Fault(boolean harmless) {
    this.harmless = harmless;
  }

  /**
   * Whether correct code goes on as if nothing had happened, only later: code with deadlines may see them pass. The others reach it as exceptions.
   */
  public boolean isHarmless() {
    return harmless;
  }

  /** Those that correct code goes on after. */
  public static Set<Fault> harmless() {
    Set<Fault> faults = EnumSet.allOf(Fault.class);
    faults.removeIf(f -> !f.harmless);
    return Collections.unmodifiableSet(faults);
  }
}
