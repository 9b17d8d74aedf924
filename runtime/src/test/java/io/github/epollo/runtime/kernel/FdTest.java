package io.github.epollo.runtime.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.testsupport.ProbeKernel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class FdTest {
  /** Numbers as Linux gives them out: a freed one is the next. Traps a close of what is not open. */
  private static final class Numbers {
    private static final int COUNT = 64;
    final ConcurrentLinkedQueue<String> violations = new ConcurrentLinkedQueue<>();
    final AtomicReferenceArray<Object> owners = new AtomicReferenceArray<>(COUNT);
    final AtomicInteger closes = new AtomicInteger();
    final Kernel kernel = new ProbeKernel().on("close", call -> {
      closes.incrementAndGet();
      if (owners.getAndSet(call.intArg(0), null) == null) {
        violations.add("close of fd " + call.args[0] + ", which is not open");
      }
      return 0;
    }).kernel();

    Fd open() {
      while (true) {
        for (int number = 0; number < COUNT; number++) {
          if (owners.get(number) == null) {
            Fd fd = new Fd(kernel, number);
            if (owners.compareAndSet(number, null, fd)) {
              return fd;
            }
          }
        }
      }
    }
  }

  @Test
  void closeAtOnceWhenUnused() {
    Numbers numbers = new Numbers();
    Fd fd = numbers.open();
    assertThat(fd.isOpen()).isTrue();
    assertThat(fd).hasToString("fd 0");
    fd.close();
    fd.close();
    assertThat(numbers.closes).hasValue(1);
    assertThat(fd.isOpen()).isFalse();
    assertThat(fd.acquire()).isFalse();
    assertThat(fd).hasToString("fd 0 (closed)");
  }

  @Test
  void closeWaitsForTheLastUser() {
    Numbers numbers = new Numbers();
    Fd fd = numbers.open();
    assertThat(fd.acquire()).isTrue();
    assertThat(fd.acquire()).isTrue();
    fd.close();
    assertThat(fd.acquire()).isFalse();
    assertThat(numbers.closes).hasValue(0);
    fd.release();
    fd.close();
    assertThat(numbers.closes).hasValue(0);
    fd.release();
    assertThat(numbers.closes).hasValue(1);
    assertThat(numbers.violations).isEmpty();
  }

  @Test
  void aNegativeNumberIsRefused() {
    assertThatThrownBy(() -> new Fd(new Numbers().kernel, -1)).isInstanceOf(IllegalArgumentException.class);
  }

  /** Hazards 6 and 7: users and two closers of each fd, while numbers are given out again at once. */
  @Test
  void useRacesCloseAndNoStrangerIsHit() throws Exception {
    Numbers numbers = new Numbers();
    AtomicReference<Fd> current = new AtomicReference<>(numbers.open());
    AtomicBoolean stop = new AtomicBoolean();
    AtomicInteger uses = new AtomicInteger();
    List<Thread> users = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      users.add(Thread.ofPlatform().start(() -> {
        while (!stop.get()) {
          Fd fd = current.get();
          if (fd.acquire()) {
            if (numbers.owners.get(fd.number()) != fd) {
              numbers.violations.add("fd " + fd.number() + " was given to a stranger during a call");
            }
            uses.incrementAndGet();
            fd.release();
          }
        }
      }));
    }
    List<Thread> closers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      closers.add(Thread.ofPlatform().start(() -> {
        for (int round = 0; round < 100_000; round++) {
          Fd fd = current.get();
          Fd next = numbers.open();
          if (current.compareAndSet(fd, next)) {
            fd.close();
          } else {
            next.close();
            fd.close(); // a second time, or before the other
          }
        }
      }));
    }
    for (Thread closer : closers) {
      closer.join();
    }
    stop.set(true);
    for (Thread user : users) {
      user.join();
    }
    current.get().close();
    assertThat(numbers.violations).isEmpty();
    assertThat(uses.get()).isPositive();
    for (int i = 0; i < Numbers.COUNT; i++) {
      assertThat(numbers.owners.get(i)).isNull();
    }
  }
}
