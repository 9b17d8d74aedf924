package io.github.epollo.testkit;

import io.github.epollo.runtime.kernel.Errno;

/** Which errors calls on files may fail with, each by the faults that can strike there: 0 or a positive number. */
final class FileFaults {
  private final FaultDraw draw;

  FileFaults(FaultDraw draw) {
    this.draw = draw;
  }

  /** A call that makes a file descriptor. */
  int opening(String call) {
    if (draw.strikes(Fault.OUT_OF_FDS, call)) {
      return Errno.EMFILE;
    }
    return draw.strikes(Fault.NO_MEMORY, call) ? Errno.ENOMEM : interrupted(call);
  }

  private int interrupted(String call) {
    return draw.strikes(Fault.INTERRUPTED, call) ? Errno.EINTR : 0;
  }

  /** A call that reads what is on the disk. */
  int reading(String call) {
    return draw.strikes(Fault.IO_ERROR, call) ? Errno.EIO : interrupted(call);
  }

  /** A call that needs space on the disk. */
  int writing(String call) {
    return draw.strikes(Fault.NO_SPACE, call) ? Errno.ENOSPC : reading(call);
  }

  /** A call that waits for the disk to have written. */
  int syncing(String call) {
    return draw.strikes(Fault.NO_SPACE, call) ? Errno.ENOSPC : draw.strikes(Fault.IO_ERROR, call) ? Errno.EIO : 0;
  }

  /** A call that changes names. */
  int naming(String call) {
    return syncing(call);
  }

  /** A call that must not wait for the device. */
  int onTheSpot(String call) {
    return draw.strikes(Fault.COLD_CACHE, call) ? Errno.EAGAIN : 0;
  }

  /** How much of a read is made. */
  long shorterRead(String call, long length) {
    return length > 1 && draw.strikes(Fault.SHORT_READ, call) ? draw.amount(length - 1) : length;
  }

  /** How much of a write is made. */
  long shorterWrite(String call, long length) {
    return length > 1 && draw.strikes(Fault.SHORT_WRITE, call) ? draw.amount(length - 1) : length;
  }
}
