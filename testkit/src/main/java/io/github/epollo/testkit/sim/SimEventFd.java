package io.github.epollo.testkit.sim;

import io.github.epollo.runtime.kernel.Epoll;
import io.github.epollo.runtime.kernel.Errno;

/** An eventfd(2): a counter of 64 bits without sign. */
final class SimEventFd extends OpenFile {
  private static final long MAX = -2; // 2^64 - 2

  private final boolean semaphore;
  private long count;

  SimEventFd(SimWorld world, boolean nonBlocking, boolean semaphore, int initial) {
    super(world, nonBlocking);
    this.semaphore = semaphore;
    this.count = Integer.toUnsignedLong(initial);
  }

  @Override
  public int poll() {
    int mask = count != 0 ? Epoll.IN : 0;
    return Long.compareUnsigned(count, MAX) < 0 ? mask | Epoll.OUT : mask;
  }

  @Override
  public long read(UserMemory target) {
    if (target.length() < Long.BYTES) {
      return -Errno.EINVAL;
    }
    if (count == 0) {
      return wouldBlock(false);
    }
    long value = semaphore ? 1 : count;
    count -= value;
    target.putLong(value);
    wake(Epoll.OUT);
    return Long.BYTES;
  }

  @Override
  public long write(UserMemory source) {
    if (source.length() < Long.BYTES) {
      return -Errno.EINVAL;
    }
    long value = source.getLong();
    if (value == -1) {
      return -Errno.EINVAL;
    }
    if (Long.compareUnsigned(value, MAX - count) > 0) {
      return wouldBlock(false);
    }
    count += value;
    wake(Epoll.IN);
    return Long.BYTES;
  }

  @Override
  protected void released() {}

  @Override
  public boolean isForLoops() {
    return true;
  }

  @Override
  public String toString() {
    return "an eventfd";
  }
}
