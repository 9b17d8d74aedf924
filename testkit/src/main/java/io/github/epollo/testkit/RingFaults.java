package io.github.epollo.testkit;

import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.testkit.sim.ring.RingEvents;

/** What happens to the calls that simulated rings make, and into the trace. */
final class RingFaults implements RingEvents {
  private static final long LONGEST_DELAY_NANOS = 50_000_000;

  private final String host;
  private final FaultDraw draw;
  private final FileFaults faults;
  private final Trace trace;

  RingFaults(String host, FaultDraw draw, Trace trace) {
    this.host = host;
    this.draw = draw;
    this.faults = new FileFaults(draw);
    this.trace = trace;
  }

  @Override
  public int fault(String call) {
    return switch (call) {
      case "openat" -> faults.opening("a ring's openat");
      case "read", "readv" -> faults.reading("a ring's " + call);
      case "write", "writev", "ftruncate", "fallocate" -> faults.writing("a ring's " + call);
      case "fsync" -> faults.syncing("a ring's fsync");
      case "renameat", "linkat", "symlinkat", "unlinkat", "mkdirat" -> faults.naming("a ring's " + call);
      case "statx", "splice" -> draw.strikes(Fault.IO_ERROR, "a ring's " + call) ? Errno.EIO : 0;
      default -> 0;
    };
  }

  @Override
  public long length(String call, long length) {
    return call.startsWith("read")
        ? faults.shorterRead("a ring's " + call, length)
        : faults.shorterWrite("a ring's " + call, length);
  }

  @Override
  public long delay(String call) {
    return draw.strikes(Fault.SLOW_DEVICE, "a ring's " + call) ? draw.amount(LONGEST_DELAY_NANOS) : 0;
  }

  @Override
  public void completed(String call, long result) {
    trace.add(host, "ring: " + call + " = " + result);
  }
}
