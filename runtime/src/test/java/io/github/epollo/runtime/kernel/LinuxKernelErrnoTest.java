package io.github.epollo.runtime.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each thread sees the errno of its own call (hazard 27). */
class LinuxKernelErrnoTest extends KernelTest {
  private static final int CALLS = 10_000;
  private static final int CALLS_A_COLLECTION = 250; // of one thread; counted, since one collection after the other would hardly let them call

  private int epoll;
  private int event;

  @BeforeEach
  void open() {
    epoll = epoll();
    event = eventfd();
  }

  @Test
  void onVirtualThreadsThatYieldDuringCollections() throws InterruptedException {
    run(8, Thread.ofVirtual().factory(), CALLS);
  }

  @Test
  void onPlatformThreadsDuringCollections() throws InterruptedException {
    run(4, Thread.ofPlatform().factory(), CALLS);
  }

  /** The native side keeps errno per thread and allocates that at a thread's first failing call. */
  @Test
  void atTheFirstCallOfAThread() throws InterruptedException {
    for (int i = 0; i < 100; i++) {
      run(5, Thread.ofPlatform().factory(), 1);
    }
  }

  private void run(int count, ThreadFactory factory, int calls) throws InterruptedException {
    AtomicReference<String> wrong = new AtomicReference<>("");
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < count; t++) {
      int number = t;
      threads.add(factory.newThread(() -> fail(number, calls, wrong)));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(wrong.get()).isEmpty();
  }

  private void fail(int number, int calls, AtomicReference<String> wrong) {
    for (int i = 0; i < calls; i++) {
      if (i % CALLS_A_COLLECTION == number) {
        System.gc(); // while the other threads call
      }
      int kind = (number + i) % 5;
      long expected = switch (kind) {
        case 0 -> -Errno.EBADF;
        case 1 -> -Errno.EINVAL;
        case 2 -> -Errno.ENOENT;
        case 3 -> -Errno.EAFNOSUPPORT;
        default -> -Errno.ENOTSOCK;
      };
      long result = switch (kind) {
        case 0 -> kernel.close(-1);
        case 1 -> kernel.epollCreate(1);
        case 2 -> kernel.epollCtl(epoll, Epoll.CTL_DEL, event, 0, 0);
        case 3 -> kernel.socket(4711, Sockets.SOCK_STREAM, 0);
        default -> kernel.recv(event, 0, 0, 0);
      };
      if (result != expected) {
        wrong.set("kind " + kind + ": " + result);
      }
      Thread.yield();
    }
  }
}
