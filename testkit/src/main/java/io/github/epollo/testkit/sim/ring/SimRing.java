package io.github.epollo.testkit.sim.ring;

import io.github.epollo.runtime.kernel.Epoll;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.IoUring;
import io.github.epollo.testkit.sim.OpenFile;
import io.github.epollo.testkit.sim.UserMemory;
import io.github.epollo.testkit.sim.WouldWait;
import io.github.epollo.testkit.sim.disk.FileError;
import io.github.epollo.testkit.sim.files.HostFiles;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * A ring. What can be answered on the spot is completed before io_uring_enter(2) returns; the rest when the device has had its time, which the chooser draws, so that the order of completions is
 * not that of submissions; and reads of an empty pipe when there is something.
 */
final class SimRing extends OpenFile {
  private static final int SPREAD = 1000;

  private record Completion(long userData, int result) {}

  private final HostFiles host;
  private final Operations operations;
  private final RingMemory memory;
  private final RingEvents events;
  private final boolean submitAll;
  private final List<InFlight> inFlight = new ArrayList<>();
  private final ArrayDeque<Completion> overflow = new ArrayDeque<>();
  private boolean closed;

  SimRing(HostFiles host, RingMemory memory, int flags, RingEvents events) {
    super(host.host().world(), false);
    this.host = host;
    this.operations = new Operations(host, events);
    this.memory = memory;
    this.events = events;
    this.submitAll = (flags & IoUring.SETUP_SUBMIT_ALL) != 0;
  }

  RingMemory memory() {
    return memory;
  }

  /** io_uring_enter(2). */
  int enter(int toSubmit, int minComplete, int flags) {
    if ((flags & ~IoUring.ENTER_GETEVENTS) != 0) {
      return -Errno.EINVAL;
    }
    int submitted = 0;
    while (Integer.compareUnsigned(submitted, toSubmit) < 0 && memory.waiting() > 0) {
      long address = memory.take();
      if (address == 0) {
        break;
      }
      submitted++;
      if (!submit(Submission.at(address)) && !submitAll) {
        break;
      }
    }
    if ((flags & IoUring.ENTER_GETEVENTS) != 0) {
      flush();
      if (memory.untaken() < minComplete) {
        throw new WouldWait("io_uring_enter with a minimum of " + minComplete + " completions");
      }
    }
    return submitted;
  }

  /** False if the submission made no sense. */
  private boolean submit(Submission submission) {
    if (submission.opcode() == IoUring.OP_ASYNC_CANCEL) {
      post(submission.userData(), cancel(submission));
      return true;
    }
    Operation operation;
    try {
      operation = operations.of(submission);
    } catch (FileError e) {
      post(submission.userData(), -e.errno());
      return e.errno() != Errno.EINVAL;
    }
    InFlight call = new InFlight(this, submission.userData(), operation);
    inFlight.add(call);
    long latency = host.disk().latency();
    call.start(world, operation.pages() == 0
        ? 0
        : operation.pages() * (latency + latency * world.choose(SPREAD) / SPREAD) + events.delay(operation.name()));
    return true;
  }

  private int cancel(Submission submission) {
    if (submission.operationFlags() != 0) {
      throw new UnsupportedOperationException("the simulated kernel cancels by user data only, one at a time");
    }
    for (InFlight call : inFlight) {
      if (call.userData() == submission.address()) {
        return call.cancel(world);
      }
    }
    return -Errno.ENOENT;
  }

  /** Makes the call of an operation. */
  long call(Operation operation) {
    int errno = events.fault(operation.name());
    if (errno != 0) {
      return -errno;
    }
    try {
      return operation.call().getAsLong();
    } finally {
      host.disk().settled();
    }
  }

  /** An operation is done. */
  void ended(InFlight call, long result) {
    inFlight.remove(call);
    if (!closed) {
      events.completed(call.operation().name(), result);
      post(call.userData(), (int) result);
    }
  }

  private void post(long userData, int result) {
    if (!overflow.isEmpty() || !memory.complete(userData, result)) {
      overflow.add(new Completion(userData, result));
      memory.overflow(true);
    }
    wake(Epoll.IN);
  }

  private void flush() {
    boolean some = !overflow.isEmpty();
    while (!overflow.isEmpty() && memory.complete(overflow.peekFirst().userData, overflow.peekFirst().result)) {
      overflow.removeFirst();
    }
    if (some && overflow.isEmpty()) {
      memory.overflow(false);
    }
  }

  @Override
  public int poll() {
    int mask = memory.untaken() > 0 || !overflow.isEmpty() ? Epoll.IN : 0;
    return memory.isFullOfSubmissions() ? mask : mask | Epoll.OUT;
  }

  @Override
  public long read(UserMemory target) {
    return -Errno.EINVAL;
  }

  @Override
  public long write(UserMemory source) {
    return -Errno.EINVAL;
  }

  @Override
  protected void released() {
    closed = true;
    List.copyOf(inFlight).forEach(InFlight::drop);
  }

  @Override
  public boolean isForLoops() {
    return true;
  }

  @Override
  public String toString() {
    return "a ring with " + inFlight.size() + " calls in flight";
  }
}
