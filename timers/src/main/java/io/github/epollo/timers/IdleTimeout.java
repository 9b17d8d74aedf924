package io.github.epollo.timers;

import io.github.epollo.runtime.future.DeadlineExceededException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;

/**
 * A deadline that activity puts off: {@link Timers#withIdleTimeout} gives one to its body, which {@linkplain #touch touches} it on each read and write.
 *
 * {@snippet class="io.github.epollo.timers.SnippetsTest" region="idle"}
 *
 * <p>A touch is a look at the clock and one write. The timer is not moved: when it fires at the old deadline, it finds that something has happened since, and
 * is set for the rest. So a connection costs one timer expiry a limit, however busy it is.
 *
 * <p>Where Netty's {@code IdleStateHandler} sends an event, this stops the body with {@link DeadlineExceededException}; code that wants to go on, with a ping
 * for one, catches that and enters a new region. A stopped read loses nothing. For a limit on a single read, as {@code Socket.setSoTimeout} sets it, use
 * {@link Timers#withTimeout}.
 *
 * <p><b>Threading:</b> {@code touch} may be called from any thread.
 */
public final class IdleTimeout {
  private static final VarHandle TOUCHED;

  static {
    try {
      TOUCHED = MethodHandles.lookup().findVarHandle(IdleTimeout.class, "touched", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final LoopTimers timers;
  private final Duration limit;
  private final long nanos;
  private final Region region;
  private volatile long touched; // the latest touch; read by the loop's thread when the timer fires
  private volatile boolean ended; // the body's thread writes it, then disarms; the loop's thread arms, then reads it: so one of them disarms last

  IdleTimeout(LoopTimers timers, Duration limit) {
    this.timers = timers;
    this.limit = limit;
    this.nanos = Deadlines.requireNotNegative(limit);
    this.touched = timers.now();
    this.region = new Region();
  }

  <X extends Exception> void run(IdleBody<X> body) throws X {
    region.<Boolean, X>run(() -> {
      body.run(this);
      return true;
    });
  }

  /** Something has happened: the limit counts anew from here. Without effect once the body has been stopped or has ended. */
  public void touch() {
    long now = timers.now();
    long latest = touched;
    while (now - latest > 0 && !TOUCHED.compareAndSet(this, latest, now)) { // a slower thread must not put it back
      latest = touched;
    }
  }

  private long deadline() {
    return Deadlines.after(touched, nanos);
  }

  @Override
  public String toString() {
    return "the idle timeout of " + limit;
  }

  private final class Region extends Deadline {
    Region() {
      super(timers, deadline(), limit);
    }

    /** At the deadline of a touch that may not be the last. */
    @Override
    public void wake() {
      long deadline = deadline();
      if (isReached(deadline)) {
        raise();
      } else if (!timers.isClosed()) {
        entry.moveTo(deadline);
        entry.arm(this);
        if (ended) {
          entry.disarm();
        }
      }
    }

    @Override
    void end() {
      ended = true;
      super.end();
    }

    @Override
    String event() {
      return "nothing has happened for " + limit;
    }

    @Override
    public String toString() {
      return IdleTimeout.this.toString();
    }
  }
}
