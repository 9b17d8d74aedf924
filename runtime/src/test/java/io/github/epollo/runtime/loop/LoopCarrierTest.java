package io.github.epollo.runtime.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import com.sun.net.httpserver.HttpServer;
import io.github.epollo.runtime.Body;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.NoLeaks;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.testsupport.ProbeKernel;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tasks on the loop's own thread: what blocks in the JDK parks the task, never the loop. */
@ExtendWith(NoLeaks.class)
@EnabledIfSystemProperty(named = "epollo.test.carrier", matches = "loop")
@Timeout(value = 40, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class LoopCarrierTest {
  /** Runs {@code blocking} in a task, and {@code release} in another task of the same loop, which must get its turn meanwhile. */
  private static void parksOnlyTheTask(Body blocking, Body release) {
    try (Epollo epollo = Epollo.local()) {
      epollo.call(() -> {
        AtomicBoolean began = new AtomicBoolean();
        AtomicBoolean ended = new AtomicBoolean();
        Task<?> blocked = Tasks.spawn("blocked", () -> {
          began.set(true);
          blocking.run();
          ended.set(true);
        });
        Task<?> other = Tasks.spawn("other", () -> {
          while (!began.get()) {
            Tasks.yieldNow();
          }
          for (int i = 0; i < 100; i++) {
            Tasks.yieldNow();
          }
          assertThat(ended).isFalse();
          release.run();
        });
        other.join();
        blocked.join();
        assertThat(ended).isTrue();
      });
    }
  }

  @Test
  void sleep() {
    parksOnlyTheTask(() -> Thread.sleep(200), () -> {});
  }

  @Test
  void lock() {
    ReentrantLock lock = new ReentrantLock();
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch held = new CountDownLatch(1);
    Thread holder = Thread.ofPlatform().start(() -> {
      lock.lock();
      try {
        held.countDown();
        release.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      } finally {
        lock.unlock();
      }
    });
    parksOnlyTheTask(() -> {
      held.await();
      lock.lock();
      try {
        assertThat(lock.isHeldByCurrentThread()).isTrue();
      } finally {
        lock.unlock();
      }
    }, release::countDown);
    assertThat(holder).isNotNull();
  }

  @Test
  void monitorsAndWaitNotify() {
    Object monitor = new Object();
    AtomicBoolean flag = new AtomicBoolean();
    parksOnlyTheTask(() -> {
      synchronized (monitor) {
        while (!flag.get()) {
          monitor.wait();
        }
      }
    }, () -> {
      synchronized (monitor) {
        flag.set(true);
        monitor.notifyAll();
      }
    });
  }

  @Test
  void anAwaitInsideAMonitorKeepsTheMonitor() {
    Object monitor = new Object();
    CompletableFuture<Void> gate = new CompletableFuture<>();
    List<String> steps = new CopyOnWriteArrayList<>();
    parksOnlyTheTask(() -> {
      synchronized (monitor) {
        steps.add("in");
        Future.fromCompletionStage(gate).await();
        steps.add("out");
      }
    }, () -> {
      Task<?> contender = Tasks.spawn(() -> {
        synchronized (monitor) {
          steps.add("contender");
        }
      });
      Tasks.yieldNow();
      gate.complete(null);
      contender.join();
    });
    assertThat(steps).containsExactly("in", "out", "contender");
  }

  @Test
  void queues() {
    BlockingQueue<String> queue = new LinkedBlockingQueue<>();
    parksOnlyTheTask(() -> assertThat(queue.take()).isEqualTo("item"), () -> queue.put("item"));
    parksOnlyTheTask(() -> assertThat(queue.poll(200, TimeUnit.MILLISECONDS)).isNull(), () -> {});
  }

  @Test
  void sockets() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread peer = Thread.ofPlatform().start(() -> {
        try (Socket socket = server.accept()) {
          release.await();
          socket.getOutputStream().write(42);
        } catch (Exception e) {
          throw new AssertionError(e);
        }
      });
      parksOnlyTheTask(() -> {
        try (Socket socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
          assertThat(socket.getInputStream().read()).isEqualTo(42);
        }
      }, release::countDown);
      peer.join();
    }
  }

  @Test
  void httpClient() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> {
      try {
        release.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      exchange.sendResponseHeaders(200, 2);
      exchange.getResponseBody().write(new byte[]{'o', 'k'});
      exchange.close();
    });
    server.start();
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
      parksOnlyTheTask(() -> assertThat(client
          .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString()).body()).isEqualTo("ok"),
          release::countDown);
    } finally {
      server.stop(0);
    }
  }

  // ---- pinned

  private static final class AwaitsInItsInitializer {
    static final String VALUE = Future.<String>pending().await();
  }

  private static void awaitFromNative() {
    try {
      Future.pending().await();
    } catch (IllegalStateException e) {
      PINNED.set(e);
    }
  }

  private static final AtomicReference<Throwable> PINNED = new AtomicReference<>();

  @Test
  @SuppressWarnings("restricted") // a native frame is what this is about
  void aPinnedAwaitFailsAndTheLoopLives() {
    Epollo.run(() -> {
      Task<?> initializer = Tasks.spawn("init", () -> AwaitsInItsInitializer.VALUE);
      assertThatThrownBy(initializer::join).isInstanceOf(ExceptionInInitializerError.class).cause()
          .isInstanceOf(IllegalStateException.class).hasMessageContaining("cannot wait for PollFuture here")
          .hasMessageContaining("task init is pinned to its loop");

      Task<?> upcall = Tasks.spawn("upcall", () -> {
        try (Arena arena = Arena.ofConfined()) {
          Linker linker = Linker.nativeLinker();
          MemorySegment comparator = linker.upcallStub(
              MethodHandles.lookup().findStatic(LoopCarrierTest.class, "compare",
                  MethodType.methodType(int.class, MemorySegment.class, MemorySegment.class)),
              FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS), arena);
          MemorySegment two = arena.allocateFrom(ValueLayout.JAVA_INT, 2, 1);
          linker.downcallHandle(linker.defaultLookup().find("qsort").orElseThrow(), FunctionDescriptor.ofVoid(
              ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS))
              .invokeWithArguments(two, 2L, 4L, comparator);
        } catch (Throwable t) {
          throw new AssertionError(t);
        }
      });
      upcall.join();
      assertThat(PINNED.get()).isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("task upcall is pinned to its loop by a native frame");
      assertThat(Tasks.spawn(() -> "alive").join()).isEqualTo("alive");
    });
  }

  @SuppressWarnings("unused") // called by qsort
  private static int compare(MemorySegment a, MemorySegment b) {
    awaitFromNative();
    return 0;
  }

  // ---- strangers on the loop

  @Test
  void aThreadThatATaskStartedGoesOnAfterTheLoop() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    CountDownLatch began = new CountDownLatch(1);
    AtomicReference<Thread> stray = new AtomicReference<>();
    List<String> steps = new CopyOnWriteArrayList<>();
    Epollo.run(() -> {
      stray.set(Thread.ofVirtual().start(() -> {
        began.countDown();
        try {
          gate.await();
          steps.add("gate");
          Thread.sleep(1);
          steps.add("slept");
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }));
      began.await();
    });
    gate.countDown();
    stray.get().join();
    assertThat(steps).containsExactly("gate", "slept");
  }

  // ---- order and fairness

  @Test
  void spawnedTasksRunInTheSamePass() {
    ProbeKernel probe = new ProbeKernel();
    probe.on("clockGettime", _ -> 0); // what has taken long ends the pass, on a busy machine even this
    try (Epollo epollo = Epollo.local(io.github.epollo.runtime.EpolloOptions.defaults().withKernel(probe.kernel()))) {
      epollo.call(() -> {
        long before = probe.calls("epollWait");
        List<Task<?>> tasks = new ArrayList<>();
        AtomicInteger ran = new AtomicInteger();
        for (int i = 0; i < 50; i++) {
          tasks.add(Tasks.spawn(() -> Tasks.spawn(ran::incrementAndGet).join()));
        }
        tasks.forEach(Task::join);
        assertThat(ran).hasValue(50);
        assertThat(probe.calls("epollWait")).isEqualTo(before);
      });
    }
  }

  /** Hazards 18 and 37: yields go through the queue, so the stack of the loop does not grow. */
  @Test
  void aMillionYieldsKeepTheStackDepth() {
    ProbeKernel probe = new ProbeKernel();
    Epollo.run(io.github.epollo.runtime.EpolloOptions.defaults().withKernel(probe.kernel()), () -> {
      int deepest = 0;
      Thread carrier = VirtualThreads.currentCarrier();
      for (int i = 0; i < 1_000_000; i++) {
        Tasks.yieldNow();
        if (i % 100_000 == 0) {
          deepest = Math.max(deepest, Thread.currentThread().getStackTrace().length);
          assertThat(carrier.isAlive()).isTrue();
        }
      }
      assertThat(deepest).isLessThan(30);
      assertThat(probe.calls("epollWait")).isGreaterThanOrEqualTo(1_000_000 / Loop.READY_BUDGET);
    });
  }

  /** Hazard 18: a budget in pieces of work alone would let 256 of them compute before the loop looks for events. */
  @Test
  void aTaskThatComputesBetweenItsYieldsKeepsNobodyWaiting() {
    ProbeKernel probe = new ProbeKernel();
    AtomicLong clock = new AtomicLong(System.nanoTime());
    AtomicLong step = new AtomicLong();
    probe.on("clockGettime", _ -> clock.addAndGet(step.get())); // each look finds that so much has passed
    Epollo.run(io.github.epollo.runtime.EpolloOptions.defaults().withKernel(probe.kernel()), () -> {
      assertThat(looksDuringYields(probe)).isBetween(10_000L / Loop.READY_BUDGET, 10_000L / Loop.READY_BUDGET + 2);
      step.set(100_000);
      assertThat(looksDuringYields(probe)).isGreaterThanOrEqualTo(10_000 / 64);
    });
  }

  private static long looksDuringYields(ProbeKernel probe) {
    long before = probe.calls("epollWait");
    for (int i = 0; i < 10_000; i++) {
      Tasks.yieldNow();
    }
    return probe.calls("epollWait") - before;
  }

  // ---- the shapes of the JDK's own tests (hazard 29), with somebody who takes stack traces all the while (hazard 28)

  @Test
  void parkAfterTimedPark() throws Exception {
    underObservation(epollo -> {
      for (int i = 0; i < 300; i++) {
        long nanos = (i % 3) * 50_000L;
        Task<?> task = epollo.spawn(() -> {
          LockSupport.parkNanos(nanos);
          LockSupport.park();
        });
        LockSupport.unpark(threadOf(task));
        while (!task.isDone()) {
          LockSupport.unpark(threadOf(task)); // the timed park may have taken the first
          Thread.yield();
        }
      }
    });
  }

  private static Thread threadOf(Task<?> task) {
    try {
      var field = task.getClass().getDeclaredField("thread");
      field.setAccessible(true);
      return ((TaskThread) field.get(task)).thread();
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  @Test
  void timedWaitsRaceTheirNotifications() throws Exception {
    underObservation(epollo -> {
      LinkedBlockingQueue<Integer> queue = new LinkedBlockingQueue<>();
      int items = 5_000;
      AtomicInteger received = new AtomicInteger();
      List<Task<?>> takers = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        takers.add(epollo.spawn(() -> {
          while (received.get() < items) {
            if (queue.poll(100, TimeUnit.MICROSECONDS) != null) {
              received.incrementAndGet();
            }
          }
        }));
      }
      for (int i = 0; i < items; i++) {
        queue.add(i);
        if (i % 10 == 0) {
          Thread.yield();
        }
      }
      takers.forEach(Task::join);
      assertThat(received).hasValue(items);
    });
  }

  @Test
  void manyContendForMonitors() throws Exception {
    underObservation(epollo -> {
      Object[] monitors = {new Object(), new Object(), new Object()};
      int[] counts = new int[monitors.length];
      List<Task<?>> tasks = new ArrayList<>();
      for (int t = 0; t < 100; t++) {
        int start = t;
        tasks.add(epollo.spawn(() -> {
          for (int i = 0; i < 100; i++) {
            int index = (start + i) % monitors.length;
            synchronized (monitors[index]) {
              int before = counts[index];
              if (i % 10 == 0) {
                Tasks.yieldNow();
              }
              counts[index] = before + 1;
            }
          }
        }));
      }
      for (int i = 0; i < 1_000; i++) { // a platform thread, too
        synchronized (monitors[0]) {
          counts[0]++;
        }
      }
      tasks.forEach(Task::join);
      assertThat(counts[0] + counts[1] + counts[2]).isEqualTo(11_000);
    });
  }

  private interface Shape {
    void run(Epollo epollo) throws Exception;
  }

  private static void underObservation(Shape shape) throws Exception {
    java.nio.file.Path file = java.nio.file.Files.createTempFile("epollo", ".jfr");
    try (Recording recording = new Recording()) {
      recording.enable("jdk.VirtualThreadPinned").withoutThreshold();
      recording.start();
      AtomicBoolean stop = new AtomicBoolean();
      try (Epollo epollo = Epollo.start()) {
        AtomicReference<Thread> victim = new AtomicReference<>();
        Task<?> bystander = epollo.spawn(() -> {
          victim.set(Thread.currentThread());
          while (!stop.get()) {
            Tasks.yieldNow();
            LockSupport.parkNanos(1_000);
          }
        });
        Thread observer = Thread.ofPlatform().start(() -> {
          while (!stop.get()) {
            Thread thread = victim.get();
            if (thread != null) {
              assertThat(thread.getStackTrace()).isNotNull();
            }
          }
        });
        try {
          shape.run(epollo);
        } finally {
          stop.set(true);
        }
        observer.join();
        bystander.join();
      }
      recording.dump(file);
      assertThat(RecordingFile.readAllEvents(file)).as("pinned").isEmpty();
    } finally {
      java.nio.file.Files.delete(file);
    }
  }

  // ---- Epollo.local

  @Test
  void aForeignThreadThatMayNotCloseChangesNothing() throws Exception {
    try (Epollo epollo = Epollo.local()) {
      AtomicReference<Throwable> thrown = new AtomicReference<>();
      Thread.ofPlatform().start(() -> {
        try {
          ((AutoCloseable) epollo).close();
        } catch (Throwable t) {
          thrown.set(t);
        }
      }).join();
      assertThat(thrown.get()).isInstanceOf(IllegalStateException.class).hasMessageContaining("cannot close on");
      assertThat(epollo.toString()).contains("OPEN");
      assertThat(epollo.<String>call(() -> Future.ready("still open").await())).isEqualTo("still open");
      epollo.call(Tasks::yieldNow);
    }
  }

  @Test
  void theOwnerCannotWaitOutsideOfCall() {
    try (Epollo epollo = Epollo.local()) {
      Task<String> task = epollo.spawn(() -> "value");
      String message = "this thread runs the loop of epollo-";
      assertThatThrownBy(task::join).isInstanceOf(IllegalStateException.class).hasMessageContaining(message);
      assertThatThrownBy(() -> task.joinAsync().await()).isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(message);
      assertThatThrownBy(() -> task.cancel().await()).isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(message);
    }
  }

  /** Found by a scoped value alone, each task that has ever asked who it is would keep 144 bytes more: the cache of such values. */
  @Test
  void aTaskThatAsksWhoItIsAllocatesNothingForThat() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long asking = Long.MAX_VALUE;
    long silent = Long.MAX_VALUE;
    try (Epollo epollo = Epollo.local()) {
      for (int i = 0; i < 10; i++) { // the JIT compiler may still be at work in the first ones
        silent = Math.min(silent, allocated(epollo, threads, () -> {}));
        asking = Math.min(asking, allocated(epollo, threads, () -> {
          if (Awaiter.bound() == null) {
            throw new AssertionError("no task");
          }
        }));
      }
    }
    assertThat(asking - silent).as("bytes of a thousand tasks").isLessThan(1000 * 100);
  }

  private static long allocated(Epollo epollo, ThreadMXBean threads, Body body) {
    long before = threads.getCurrentThreadAllocatedBytes();
    epollo.call(() -> {
      for (int i = 0; i < 1000; i++) {
        Tasks.spawn(body).join();
      }
    });
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  @Test
  void aHandlerOfItsOwnLeavesATaskATask() {
    List<Throwable> uncaught = new CopyOnWriteArrayList<>();
    Epollo.run(() -> {
      Task<?> other = Tasks.spawn(() -> Tasks.yieldNow());
      Awaiter self = Awaiter.current();
      Thread.UncaughtExceptionHandler handler = Thread.currentThread().getUncaughtExceptionHandler();
      assertThat(self.toString()).startsWith("task ");
      AtomicReference<Object> boundElsewhere = new AtomicReference<>("nothing was asked");
      Thread.ofVirtual().uncaughtExceptionHandler(handler).start(() -> boundElsewhere.set(Awaiter.bound())).join();
      assertThat(boundElsewhere.get()).as("on a thread that has the handler of a task").isNull();
      Thread.currentThread().setUncaughtExceptionHandler((_, failure) -> uncaught.add(failure));
      assertThat(Awaiter.current()).isSameAs(self);
      other.join();
      assertThatThrownBy(() -> Tasks.current().join()).hasMessageContaining("own end");
    });
    assertThat(uncaught).isEmpty();
  }
}
