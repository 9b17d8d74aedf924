package io.github.epollo.runtime.io;

import io.github.epollo.runtime.driver.Direction;
import io.github.epollo.runtime.driver.Registration;
import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.Fd;
import java.io.IOException;
import java.util.Objects;

/**
 * One direction of a {@link DescriptorChannel}: makes system calls on its fd that read or write what the channel's own operations would, and waits for it as they do.
 *
 * <p><b>Threading:</b> as for the channel: one task at a time reads and one writes, by whatever call.
 */
public final class DescriptorSide {
  /** Not yet: the waker was stored. Below every result of a call. */
  public static final long PENDING = Long.MIN_VALUE;

  private final Registration registration;
  private final Direction direction;
  private final Object owner;
  private final Gate gate;

  /**
   * The {@code direction} of a channel.
   *
   * @param registration its fd
   * @param owner the channel, for messages
   * @param gate what the channel looks at before each of its own operations
   */
  public DescriptorSide(Registration registration, Direction direction, Object owner, Gate gate) {
    this.registration = Objects.requireNonNull(registration, "registration");
    this.direction = Objects.requireNonNull(direction, "direction");
    this.owner = Objects.requireNonNull(owner, "owner");
    this.gate = Objects.requireNonNull(gate, "gate");
  }

  /**
   * Makes {@code call}, again each time that the fd has become ready, until it answers something else than {@code EAGAIN}.
   *
   * @return what the call answered, {@code >= 0} or {@code -errno}; 0, without a call, if the channel has nothing to read any more on this side; or {@link #PENDING}
   * @throws java.nio.channels.ClosedChannelException if the channel, or this direction of it, is closed on this side
   * @throws IllegalStateException if another task waits for this direction
   */
  public long poll(Waker waker, Call call) throws IOException {
    if (!gate.pass()) {
      return 0;
    }
    if (!Awaiter.proceed(waker)) {
      return PENDING;
    }
    while (registration.pollReady(direction, waker)) {
      int seen = registration.readiness();
      Fd fd = registration.fd();
      if (!fd.acquire()) {
        throw ClosedChannel.exception(owner);
      }
      long n;
      try {
        n = call.on(fd.number());
      } finally {
        fd.release();
      }
      if (n != -Errno.EAGAIN) {
        return n;
      }
      registration.wouldBlock(direction, seen);
    }
    return PENDING;
  }

  /** Takes {@code waker} back, if it is still stored: its owner no longer waits. */
  public void forget(Waker waker) {
    registration.forget(direction, waker);
  }

  /** For a poll after one that answered pending: throws if the channel was closed meanwhile. */
  public void requireNotClosedWhileWaiting() throws IOException {
    if (registration.isClosed()) {
      throw ClosedChannel.whileWaiting(owner);
    }
  }

  @Override
  public String toString() {
    return owner.toString();
  }

  /** A system call that does not block on the channel's fd. */
  @FunctionalInterface
  public interface Call {
    /** Makes the call; {@code >= 0} or {@code -errno}. {@code fd} is valid in here only. */
    long on(int fd) throws IOException;
  }

  /** What stands before each operation of a channel in one direction. */
  @FunctionalInterface
  public interface Gate {
    /** Whether there can be anything to do; false stands for the end of what is read. Throws if the channel, or the direction, is closed on this side. */
    boolean pass() throws IOException;
  }
}
