package io.github.epollo.net;

import io.github.epollo.runtime.driver.Direction;
import io.github.epollo.runtime.driver.Interest;
import io.github.epollo.runtime.driver.Registration;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.kernel.Clocks;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.Fd;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.Kernel;
import io.github.epollo.runtime.loop.Loop;
import io.github.epollo.runtime.loop.LoopLocal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.zone.ZoneRules;
import java.util.List;
import java.util.Queue;
import java.util.TimeZone;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The pause of a loop's listeners when the process or the machine is out of file descriptors or memory: accept(2) would fail again at once, and the listener stays
 * readable, so trying on would only burn the CPU.
 *
 * <p>A timerfd of its own wakes those who pause. It is made with the loop's first listener: when it is needed there is no fd left for it.
 *
 * <p><b>Threading:</b> {@link #pause} and {@link #forget} may be called from any thread.
 */
final class AcceptBackoff {
  /** Long enough to cost nothing, short enough that nobody minds. */
  static final long PAUSE_NANOS = 50_000_000; // 50 ms

  private static final LoopLocal<AcceptBackoff> LOCAL = new LoopLocal<>(AcceptBackoff::create);

  private final Kernel kernel;
  private final Registration timer;
  private final Waker expiry = this::expired; // one object: the registration knows it by identity
  private final Queue<Waker> pausing = new ConcurrentLinkedQueue<>(); // woken in the order in which they came: each run the same

  /*
   * Whether the timer will fire. A waker is added before this is asked for, and this is reset before the wakers are taken: so either the timer still to come
   * sees the waker, or whoever added it arms the timer anew.
   */
  private final AtomicBoolean armed = new AtomicBoolean();

  private AcceptBackoff(Kernel kernel, Registration timer) {
    this.kernel = kernel;
    this.timer = timer;
    loadTimeZones();
    listen();
  }

  /**
   * Makes the JDK read its time zones now. A log record needs them, and a first attempt without a free descriptor would fail for ever: "could not initialize
   * class".
   */
  private static void loadTimeZones() {
    ZoneRules _ = TimeZone.getDefault().toZoneId().getRules();
  }

  /** The one of {@code loop}. */
  static AcceptBackoff of(Loop loop) throws IOException {
    try {
      return LOCAL.get(loop);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static AcceptBackoff create(Loop loop) {
    Kernel kernel = loop.kernel();
    try {
      int number = kernel.timerfdCreate(Clocks.MONOTONIC, FileFlags.TFD_NONBLOCK | FileFlags.TFD_CLOEXEC);
      if (number < 0) {
        throw Errno.toIOException("timerfd_create", -number);
      }
      return new AcceptBackoff(kernel, loop.driver().register(new Fd(kernel, number), Interest.READ));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Has {@code waker} called after the pause. */
  void pause(Waker waker) {
    if (!pausing.contains(waker)) { // a waker is used by one thread at a time
      pausing.add(waker);
    }
    if (armed.compareAndSet(false, true) && timer.fd().acquire()) {
      try {
        kernel.timerfdSettime(timer.fd().number(), kernel.clockGettime(Clocks.MONOTONIC) + PAUSE_NANOS);
      } finally {
        timer.fd().release();
      }
    }
  }

  /** Takes {@code waker} back. */
  void forget(Waker waker) {
    pausing.remove(waker);
  }

  private void expired() { // on the loop's thread; also when the loop closes
    armed.set(false);
    if (!timer.isClosed()) {
      listen();
    }
    for (Waker waker : List.copyOf(pausing)) {
      if (pausing.remove(waker)) {
        waker.wake();
      }
    }
  }

  /** Waits for the next expiry. The timer need not be read: each expiry is a new edge. */
  private void listen() {
    do {
      timer.wouldBlock(Direction.READ, timer.readiness());
    } while (timer.pollReady(Direction.READ, expiry) && !timer.isClosed());
  }
}
