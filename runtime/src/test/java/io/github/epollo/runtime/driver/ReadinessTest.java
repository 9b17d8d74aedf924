package io.github.epollo.runtime.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.kernel.Epoll;
import io.github.epollo.runtime.kernel.Fd;
import io.github.epollo.runtime.kernel.LinuxKernel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ReadinessTest {
  private static final int BITS = 0x3f;

  private static Registration registration() {
    return new Registration(null, new Fd(LinuxKernel.get(), Integer.MAX_VALUE), 0);
  }

  /** The word against a model with a tick that never wraps. */
  @Property(tries = 500)
  void theWordBehavesAsItsModel(@ForAll @Size(max = 60) List<@IntRange(min = 0, max = 319) Integer> steps) {
    Registration registration = registration();
    List<Integer> seenWords = new ArrayList<>(List.of(registration.readiness()));
    List<Integer> seenTicks = new ArrayList<>(List.of(0));
    int bits = Readiness.READABLE | Readiness.WRITABLE;
    int tick = 0;
    for (int step : steps) {
      int snapshot = (step / 5) % seenWords.size();
      int seen = seenWords.get(snapshot);
      boolean current = seenTicks.get(snapshot) == tick;
      switch (step % 5) {
        case 0 -> {
          int event = step / 5;
          registration.note(event);
          bits |= event;
          tick++;
        }
        case 1 -> {
          registration.wouldBlock(Direction.READ, seen);
          bits &= current ? ~(Readiness.READABLE | Readiness.READ_CLOSED | Readiness.URGENT) : -1;
        }
        case 2 -> {
          registration.wouldBlock(Direction.WRITE, seen);
          bits &= current ? ~Readiness.WRITABLE : -1;
        }
        case 3 -> {
          registration.wouldBlock(Direction.PRIORITY, seen);
          bits &= current ? ~Readiness.PRIORITY : -1;
        }
        default -> {
          registration.shortRead(seen);
          boolean ended = (seen & (Readiness.READ_CLOSED | Readiness.URGENT)) != 0;
          bits &= current && !ended ? ~Readiness.READABLE : -1;
        }
      }
      assertThat(registration.readiness() & BITS).isEqualTo(bits);
      seenWords.add(registration.readiness());
      seenTicks.add(tick);
    }
  }

  @Test
  void theTickWrapsWithoutTouchingTheBits() {
    for (int bits = 0; bits <= BITS; bits++) {
      int last = ~BITS | bits;
      assertThat(Readiness.noted(last, 0)).isEqualTo(bits);
      assertThat(Readiness.sameTick(last, Readiness.noted(last, 0))).isFalse();
    }
  }

  @Test
  void anEventBetweenCallAndClearIsNotLost() {
    Registration registration = registration();
    registration.wouldBlock(Direction.READ, registration.readiness());
    assertThat(registration.pollReady(Direction.READ, () -> {})).isFalse();
    Registration other = registration();
    int seen = other.readiness();
    other.note(Readiness.READABLE); // while the call is under way
    other.wouldBlock(Direction.READ, seen);
    assertThat(other.pollReady(Direction.READ, () -> {})).isTrue();
  }

  @Test
  void whatEpollReportsBecomesBits() {
    assertThat(Readiness.ofEvents(Epoll.IN)).isEqualTo(Readiness.READABLE);
    assertThat(Readiness.ofEvents(Epoll.OUT)).isEqualTo(Readiness.WRITABLE);
    assertThat(Readiness.ofEvents(Epoll.PRI)).isEqualTo(Readiness.READABLE | Readiness.URGENT | Readiness.PRIORITY);
    assertThat(Readiness.ofEvents(Epoll.RDHUP)).isEqualTo(Readiness.READABLE | Readiness.READ_CLOSED);
    assertThat(Readiness.ofEvents(Epoll.ERR))
        .isEqualTo(Readiness.READABLE | Readiness.WRITABLE | Readiness.PRIORITY);
    assertThat(Readiness.ofEvents(Epoll.HUP))
        .isEqualTo(Readiness.READABLE | Readiness.WRITABLE | Readiness.READ_CLOSED | Readiness.PRIORITY);
    assertThat(Readiness.ofEvents(0)).isZero();
    assertThat(Readiness.toString(Readiness.noted(BITS, 0)))
        .isEqualTo("{readable writable read-closed urgent priority closed} tick 1");
  }

  /** What the reader has seen to is still news to who waits for priority events, and the other way round. */
  @Test
  void readerAndListenerDoNotTakeTheNewsFromEachOther() {
    Registration registration = registration();
    Waker waker = () -> {};
    assertThat(registration.pollReady(Direction.PRIORITY, waker)).isFalse();
    registration.note(Readiness.ofEvents(Epoll.PRI));
    registration.wouldBlock(Direction.READ, registration.readiness());
    assertThat(registration.pollReady(Direction.PRIORITY, waker)).isTrue();
    registration.note(Readiness.ofEvents(Epoll.PRI));
    registration.wouldBlock(Direction.PRIORITY, registration.readiness());
    assertThat(registration.pollReady(Direction.READ, waker)).isTrue();
    assertThat(registration.pollReady(Direction.PRIORITY, waker)).isFalse();
  }

  /** The driver notes and takes the waker; the waiter stores its waker and looks again: one of the two sees the other. */
  @Test
  @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void noEventIsLostBetweenDriverAndWaiter() throws Exception {
    Registration registration = registration();
    int rounds = 200_000;
    AtomicInteger handled = new AtomicInteger();
    AtomicInteger announced = new AtomicInteger();
    Thread driver = Thread.ofPlatform().start(() -> {
      for (int i = 1; i <= rounds; i++) {
        announced.set(i);
        registration.note(Readiness.READABLE);
        var waker = registration.takeWaker(Direction.READ);
        if (waker != null) {
          waker.wake();
        }
        while (handled.get() < i) {
          Thread.onSpinWait();
        }
      }
    });
    Thread waiter = Thread.currentThread();
    Waker waker = () -> java.util.concurrent.locks.LockSupport.unpark(waiter);
    while (handled.get() < rounds) {
      if (registration.pollReady(Direction.READ, waker)) {
        int seen = registration.readiness();
        int now = announced.get(); // the "system call"
        if (now > handled.get()) {
          handled.set(now);
        }
        registration.wouldBlock(Direction.READ, seen);
      } else {
        java.util.concurrent.locks.LockSupport.park();
      }
    }
    driver.join();
  }
}
