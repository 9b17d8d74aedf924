package io.github.epollo.testkit.sim;

import io.github.epollo.runtime.kernel.Clocks;
import io.github.epollo.runtime.kernel.Epoll;
import io.github.epollo.runtime.kernel.Errno;
import org.jspecify.annotations.Nullable;

/** A timerfd with absolute times that expires once. A step of the wall clock does not move a timer that is set. */
final class SimTimerFd extends OpenFile {
  private final int clockId;
  private Agenda.@Nullable Entry expiry;
  private boolean expired;

  SimTimerFd(SimWorld world, int clockId, boolean nonBlocking) {
    super(world, nonBlocking);
    this.clockId = clockId;
  }

  int set(long deadline) {
    if (deadline < 0) {
      return -Errno.EINVAL;
    }
    disarm();
    if (deadline == 0) {
      return 0;
    }
    long left = deadline - (clockId == Clocks.REALTIME ? world.clock().wall() : world.clock().now());
    if (left <= 0) {
      expire();
    } else {
      expiry = world.agenda().plan(world.clock().now() + left, toString(), this::expire);
    }
    return 0;
  }

  private void disarm() {
    expired = false;
    if (expiry != null) {
      expiry.cancel();
      expiry = null;
    }
  }

  private void expire() {
    expired = true;
    wake(Epoll.IN);
  }

  @Override
  public int poll() {
    return expired ? Epoll.IN : 0;
  }

  @Override
  public long read(UserMemory target) {
    if (target.length() < Long.BYTES) {
      return -Errno.EINVAL;
    }
    if (!expired) {
      return wouldBlock(false);
    }
    expired = false;
    target.putLong(1);
    return Long.BYTES;
  }

  @Override
  public long write(UserMemory source) {
    return -Errno.EINVAL;
  }

  @Override
  protected void released() {
    disarm();
  }

  @Override
  public boolean isForLoops() {
    return true;
  }

  @Override
  public String toString() {
    return "a timerfd";
  }
}
