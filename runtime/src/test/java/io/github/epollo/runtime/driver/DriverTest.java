package io.github.epollo.runtime.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.NoLeaks;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.kernel.Epoll;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.Fd;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.Kernel;
import io.github.epollo.runtime.kernel.LinuxKernel;
import io.github.epollo.testsupport.LogCapture;
import io.github.epollo.testsupport.ProbeKernel;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
@SuppressWarnings("MustBeClosedChecker") // close() closes it
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class DriverTest {
  private static final int FLAGS = FileFlags.EFD_NONBLOCK | FileFlags.EFD_CLOEXEC;

  private final List<Throwable> failures = new CopyOnWriteArrayList<>();
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final ProbeKernel probe = new ProbeKernel();
  private final Kernel kernel = probe.kernel();
  private Arena arena;
  private Driver driver;

  @BeforeEach
  void open() throws IOException {
    arena = Arena.ofShared();
    driver = new Driver(kernel, failures::add);
  }

  @AfterEach
  void close() {
    driver.close();
    arena.close();
  }

  private Registration eventfd() throws IOException {
    return driver.register(new Fd(kernel, kernel.eventfd(0, FLAGS)), Interest.READ);
  }

  /** Registered, and known not to be readable. */
  private Registration blocked() throws IOException {
    Registration registration = eventfd();
    registration.wouldBlock(Direction.READ, registration.readiness());
    return registration;
  }

  private void signal(int fd) {
    assertThat(kernel.write(fd, arena.allocateFrom(ValueLayout.JAVA_LONG, 1L).address(), 8)).isEqualTo(8);
  }

  @Test
  void anEventMakesReadyAndWakesOnce() throws IOException {
    Registration registration = blocked();
    AtomicInteger woken = new AtomicInteger();
    Waker waker = woken::incrementAndGet;
    assertThat(registration.pollReady(Direction.READ, waker)).isFalse();
    assertThat(registration.pollReady(Direction.READ, waker)).isFalse();
    assertThat(driver.poll(0)).isZero();
    signal(registration.fd().number());
    assertThat(driver.poll(-1)).isEqualTo(1);
    assertThat(woken).hasValue(1);
    assertThat(registration.pollReady(Direction.READ, waker)).isTrue();
    signal(registration.fd().number());
    assertThat(driver.poll(-1)).isEqualTo(1);
    assertThat(woken).hasValue(1);
    assertThat(driver.polls()).isEqualTo(3);
  }

  @Test
  void forgetTakesOnlyItsOwnWaker() throws IOException {
    Registration registration = blocked();
    AtomicInteger woken = new AtomicInteger();
    Waker waker = woken::incrementAndGet;
    assertThat(registration.pollReady(Direction.READ, waker)).isFalse();
    registration.forget(Direction.READ, () -> {});
    registration.forget(Direction.WRITE, waker);
    signal(registration.fd().number());
    driver.poll(-1);
    assertThat(woken).hasValue(1);
    registration.wouldBlock(Direction.READ, registration.readiness());
    assertThat(registration.pollReady(Direction.READ, waker)).isFalse();
    registration.forget(Direction.READ, waker);
    signal(registration.fd().number());
    driver.poll(-1);
    assertThat(woken).hasValue(1);
  }

  @Test
  void aSecondWaiterIsAnErrorAndTheFirstIsKept() throws IOException {
    Registration registration = blocked();
    AtomicInteger woken = new AtomicInteger();
    Waker first = new Waker() {
      @Override
      public void wake() {
        woken.incrementAndGet();
      }

      @Override
      public String toString() {
        return "task first";
      }
    };
    assertThat(registration.pollReady(Direction.READ, first)).isFalse();
    assertThatThrownBy(() -> registration.pollReady(Direction.READ, () -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("cannot wait to read from fd " + registration.fd().number())
        .hasMessageContaining("task first already waits");
    signal(registration.fd().number());
    driver.poll(-1);
    assertThat(woken).hasValue(1);
  }

  @Test
  void closeWakesBothDirections() throws IOException {
    Registration registration = eventfd();
    registration.wouldBlock(Direction.READ, registration.readiness());
    registration.wouldBlock(Direction.WRITE, registration.readiness());
    List<String> woken = new ArrayList<>();
    assertThat(registration.pollReady(Direction.READ, () -> woken.add("reader"))).isFalse();
    assertThat(registration.pollReady(Direction.WRITE, () -> woken.add("writer"))).isFalse();
    registration.close();
    registration.close();
    assertThat(woken).containsExactly("reader", "writer");
    assertThat(registration.isClosed()).isTrue();
    assertThat(registration.pollReady(Direction.READ, () -> {})).isTrue();
    assertThat(registration.pollReady(Direction.WRITE, () -> {})).isTrue();
    assertThat(registration.fd().acquire()).isFalse();
    assertThat(registration.toString()).contains("closed");
  }

  @Test
  void wakesHappenAfterEverythingIsNoted() throws IOException {
    Registration a = blocked();
    Registration b = blocked();
    AtomicInteger bothReady = new AtomicInteger();
    for (Registration registration : List.of(a, b)) {
      registration.pollReady(Direction.READ, () -> {
        if ((a.readiness() & b.readiness() & Readiness.READABLE) != 0) {
          bothReady.incrementAndGet();
        }
      });
    }
    signal(a.fd().number());
    signal(b.fd().number());
    assertThat(driver.poll(-1)).isEqualTo(2);
    assertThat(bothReady).hasValue(2);
  }

  @Test
  void aWakerThatThrowsIsReportedAndTheOthersAreWoken() throws IOException {
    Registration a = blocked();
    Registration b = blocked();
    AtomicInteger woken = new AtomicInteger();
    for (Registration registration : List.of(a, b)) {
      registration.pollReady(Direction.READ, () -> {
        woken.incrementAndGet();
        throw new IllegalStateException("waker");
      });
    }
    signal(a.fd().number());
    signal(b.fd().number());
    driver.poll(-1);
    assertThat(woken).hasValue(2);
    assertThat(failures).hasSize(2).allMatch(t -> t.getMessage().equals("waker"));
  }

  @Test
  void aWakerThatThrowsDoesNotStopAClose() throws IOException {
    Registration registration = eventfd();
    Registration other = blocked();
    registration.wouldBlock(Direction.READ, registration.readiness());
    registration.wouldBlock(Direction.WRITE, registration.readiness());
    AtomicInteger writerWoken = new AtomicInteger();
    registration.pollReady(Direction.READ, () -> {
      throw new IllegalStateException("waker");
    });
    registration.pollReady(Direction.WRITE, writerWoken::incrementAndGet);
    driver.close();
    assertThat(writerWoken).hasValue(1);
    assertThat(other.isClosed()).isTrue();
    assertThat(failures).singleElement().extracting(Throwable::getMessage).isEqualTo("waker");
  }

  /** Hazard 21: callbacks that come back. */
  @Test
  void aWakerMayCloseRegisterAndForget() throws IOException {
    Registration a = blocked();
    AtomicReference<Registration> made = new AtomicReference<>();
    a.pollReady(Direction.READ, () -> {
      a.close();
      try {
        made.set(eventfd());
      } catch (IOException e) {
        throw new AssertionError(e);
      }
      made.get().close();
    });
    signal(a.fd().number());
    driver.poll(-1);
    assertThat(made.get().isClosed()).isTrue();
    assertThat(failures).isEmpty();
  }

  /** Hazard 4: the event of the closed fd must not reach the new one that has its number. */
  @Test
  void closeAndReopenOnTheSameNumberWithinOneBatch() throws IOException {
    Registration a = blocked();
    Registration b = blocked();
    int number = b.fd().number();
    AtomicReference<Registration> reopened = new AtomicReference<>();
    AtomicInteger strangersWoken = new AtomicInteger();
    List<Waker> order = new ArrayList<>();
    for (Registration registration : List.of(a, b)) {
      Registration other = registration == a ? b : a;
      registration.pollReady(Direction.READ, () -> {
        order.add(() -> {});
        if (order.size() == 1) { // whichever comes first closes the other
          int freed = other.fd().number();
          other.close();
          try {
            reopened.set(blocked());
          } catch (IOException e) {
            throw new AssertionError(e);
          }
          assertThat(reopened.get().fd().number()).isEqualTo(freed);
          assertThat(reopened.get().key()).isNotEqualTo(other.key());
          reopened.get().pollReady(Direction.READ, strangersWoken::incrementAndGet);
        }
      });
    }
    signal(a.fd().number());
    signal(number);
    assertThat(driver.poll(-1)).isEqualTo(2);
    assertThat(failures).isEmpty();
    assertThat(reopened.get().readiness() & Readiness.READABLE).isZero();
    assertThat(driver.poll(0)).isZero();
    assertThat(strangersWoken).hasValue(0);
  }

  /** The kernel hands out an event of a registration that is closed by now: the generation tells. */
  @Test
  void aStaleEventIsDropped() throws IOException {
    Registration old = blocked();
    long staleKey = old.key();
    old.close();
    Registration tenant = blocked();
    assertThat(RegistrationTable.slot(tenant.key())).isEqualTo(RegistrationTable.slot(staleKey));
    probe.on("epollWait", call -> {
      io.github.epollo.runtime.kernel.EpollEvents.at(call.longArg(1), 1).put(0, Epoll.IN, staleKey);
      return 1;
    });
    assertThat(driver.poll(0)).isEqualTo(1);
    assertThat(tenant.readiness() & Readiness.READABLE).isZero();
  }

  /** Hazard 4: closing alone does not take a duplicated fd out of epoll. */
  @Test
  void anFdWhoseDuplicateSurvivesIsTakenOutBeforeItIsClosed() throws IOException {
    Registration registration = blocked();
    int number = registration.fd().number();
    int duplicate = kernel.fcntl(number, FileFlags.F_DUPFD_CLOEXEC, 0);
    probe.on("epollCtl", call -> {
      calls.add("ctl " + call.args[1] + " fd " + call.args[2]);
      return call.real();
    }).on("close", call -> {
      calls.add("close " + call.args[0]);
      return call.real();
    });
    registration.close();
    assertThat(calls).containsExactly("ctl " + Epoll.CTL_DEL + " fd " + number, "close " + number);
    signal(duplicate);
    assertThat(driver.poll(0)).isZero();
    assertThat(LinuxKernel.get().close(duplicate)).isZero();
  }

  @Test
  void whatEpollRefusesIsClosedAndItsSlotGivenBack() throws IOException {
    Fd epollItself = new Fd(kernel, kernel.epollCreate(Epoll.CLOEXEC));
    long before = RegistrationTable.slot(eventfd().key());
    probe.on("epollCtl", _ -> -Errno.ENOSPC);
    assertThatThrownBy(() -> driver.register(epollItself, Interest.READ)).isInstanceOf(IOException.class)
        .hasMessageContaining("EPOLL_CTL_ADD, fd " + epollItself.number()).hasMessageContaining("ENOSPC");
    assertThat(epollItself.isOpen()).isFalse();
    probe.on("epollCtl", call -> call.real());
    assertThat((long) RegistrationTable.slot(eventfd().key())).isEqualTo(before + 1);
  }

  @Test
  void registerAfterCloseFailsAndLeavesNothing() {
    driver.close();
    assertThatThrownBy(this::eventfd).isInstanceOf(IOException.class).hasMessageContaining("EBADF");
  }

  /** A task that the close wakes, and that at once opens something new in the slot that the sweep has just left behind. */
  @Test
  void whatRegistersDuringACloseIsRefused() throws IOException {
    Fd late = new Fd(kernel, kernel.eventfd(0, FLAGS));
    List<Throwable> refused = new CopyOnWriteArrayList<>();
    assertThat(blocked().pollReady(Direction.READ, () -> {
      try {
        Registration _ = driver.register(late, Interest.READ);
      } catch (IOException e) {
        refused.add(e);
      }
    })).isFalse();
    driver.close();
    assertThat(refused).hasSize(1);
    assertThat(late.isOpen()).isFalse();
    assertThat(driver.openRegistrations()).isEmpty();
  }

  @Test
  void anFdThatSomebodyElseClosedIsNotGivenToEpoll() throws IOException {
    Registration registration = eventfd();
    registration.fd().close();
    probe.reset();
    registration.close();
    assertThat(probe.calls("epollCtl")).as("its number may be a stranger's by now").isZero();
    Fd closed = new Fd(kernel, kernel.eventfd(0, FLAGS));
    closed.close();
    assertThatThrownBy(() -> driver.register(closed, Interest.READ)).isInstanceOf(IOException.class);
    assertThat(probe.calls("epollCtl")).isZero();
  }

  @Test
  void aCallThatThrowsLeavesNothingRegistered() {
    Fd fd = new Fd(kernel, kernel.eventfd(0, FLAGS));
    probe.on("epollCtl", call -> {
      if (call.intArg(1) == Epoll.CTL_ADD) {
        throw new OutOfMemoryError("thrown by a test");
      }
      return call.real();
    });
    assertThatThrownBy(() -> driver.register(fd, Interest.READ)).isInstanceOf(OutOfMemoryError.class);
    assertThat(fd.isOpen()).isFalse();
    assertThat(driver.openRegistrations()).isEmpty();
  }

  @Test
  void openRegistrationsAreNamed() throws IOException {
    Registration registration = eventfd();
    assertThat(driver.openRegistrations())
        .isEqualTo("fd " + registration.fd().number() + " {readable writable} tick 0");
    registration.close();
    assertThat(driver.openRegistrations()).isEmpty();
  }

  @Test
  void tracingTellsEachStepWithTheFd() throws IOException {
    try (LogCapture log = new LogCapture("io.github.epollo.driver", Level.FINER)) {
      int epoll;
      int fd;
      try (Driver traced = new Driver(kernel, failures::add)) {
        Registration registration = traced.register(new Fd(kernel, kernel.eventfd(1, FLAGS)), Interest.READ);
        fd = registration.fd().number();
        traced.poll(0);
        registration.close();
        epoll = Integer.parseInt(log.messages().getFirst().replaceAll("\\D", ""));
      }
      assertThat(log.messages()).containsExactly("epoll:create epfd:" + epoll,
          "epoll:ctl_add fd:" + fd + " to epfd:" + epoll, "epoll:wait epfd:" + epoll + " timeout:0",
          "epoll:event: 0x1 for fd:" + fd, "epoll:ctl_del fd:" + fd + " from epfd:" + epoll,
          "epoll:close epfd:" + epoll);
    }
  }

  @Test
  void withoutTracingNothingIsSaid() throws IOException {
    try (LogCapture log = new LogCapture("io.github.epollo.driver", Level.FINE);
        Driver silent = new Driver(kernel, failures::add)) {
      silent.register(new Fd(kernel, kernel.eventfd(1, FLAGS)), Interest.READ);
      silent.poll(0);
      assertThat(log.messages()).isEmpty();
    }
  }
}
