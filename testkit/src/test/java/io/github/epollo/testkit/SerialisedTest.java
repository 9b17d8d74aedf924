package io.github.epollo.testkit;

import static io.github.epollo.testkit.SimRuntime.ask;
import static io.github.epollo.testkit.SimRuntime.at;
import static io.github.epollo.testkit.SimRuntime.echo;
import static io.github.epollo.testkit.SimRuntime.on;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.net.TcpListener;
import io.github.epollo.runtime.Body;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.kernel.Kernel;
import io.github.epollo.testkit.sim.Chooser;
import io.github.epollo.testkit.sim.Participant;
import io.github.epollo.testkit.sim.SimWorld;
import io.github.epollo.testsupport.ProbeKernel;
import io.github.epollo.timers.Timers;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Several hosts, each with its loop on a thread of its own, of which one runs at a time. */
class SerialisedTest {
  private final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());

  /** A kernel that writes down each call and its result. */
  private static Kernel traced(SimKernel kernel, List<String> log) {
    return (Kernel) Proxy.newProxyInstance(Kernel.class.getClassLoader(), new Class<?>[]{Kernel.class},
        (_, method, args) -> {
          Object result = method.invoke(kernel, args);
          if (args == null) {
            return result; // files(), which is no call
          }
          if (!method.getName().equals("write")) { // a loop of the JDK's own threads may submit
            log.add(kernel + " " + method.getName() + (args.length == 0 || !(args[0] instanceof Integer) ? "" : args[0])
                + " = " + result);
          }
          return result;
        });
  }

  private Thread thread(SimWorld world, Kernel kernel, Body body) {
    Participant participant = world.enter();
    return Thread.ofPlatform().daemon().unstarted(() -> {
      participant.begin();
      try (participant) {
        Epollo.run(on(kernel), body);
      } catch (Throwable t) {
        failures.add(t);
      }
    });
  }

  private static void run(List<Thread> threads) throws InterruptedException {
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join(30_000);
      assertThat(thread.isAlive()).as("%s did not end: %s", thread, Arrays.toString(thread.getStackTrace())).isFalse();
    }
  }

  /** A server, two clients with latency and timers; returns all system calls in their order. */
  private List<String> simulate(Chooser chooser) throws InterruptedException {
    SimWorld world = new SimWorld(1_000_000_000_000L, 0);
    world.serialise(chooser);
    SimNetwork network = new SimNetwork(world);
    network.latency(Duration.ofMillis(3));
    List<String> log = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    AtomicInteger clients = new AtomicInteger(3);
    threads.add(thread(world, traced(network.host("10.0.0.1"), log), () -> {
      try (TcpListener listener = TcpListener.bind(at("10.0.0.1", 80))) {
        var server = Tasks.spawn(() -> echo(listener));
        while (clients.get() > 0) {
          Timers.sleep(Duration.ofSeconds(1));
        }
        assertThat(server.cancel()).isNotNull();
      }
    }));
    for (int i = 0; i < 3; i++) {
      threads.add(thread(world, traced(network.host("10.0.1." + (i + 1)), log), () -> {
        Timers.sleep(Duration.ofMillis(1));
        for (int k = 0; k < 3; k++) {
          ask(at("10.0.0.1", 80), 20_000);
          Timers.sleep(Duration.ofMillis(2));
        }
        clients.decrementAndGet();
      }));
    }
    run(threads);
    assertThat(failures).isEmpty();
    return log;
  }

  @Property(tries = 10)
  void theSameChoicesGiveTheSameCallsInTheSameOrder(@ForAll long seed) throws InterruptedException {
    List<String> first = simulate(new Random(seed)::nextInt);
    List<String> second = simulate(new Random(seed)::nextInt);
    assertThat(first).hasSizeGreaterThan(300);
    for (int i = 0; i < Math.min(first.size(), second.size()); i++) {
      assertThat(second.get(i)).as("call %s, after %s", i, first.subList(Math.max(0, i - 5), i))
          .isEqualTo(first.get(i));
    }
    assertThat(second).hasSameSizeAs(first);
  }

  @Test
  void otherChoicesGiveAnotherOrder() throws InterruptedException {
    assertThat(simulate(new Random(1)::nextInt)).isNotEqualTo(simulate(new Random(2)::nextInt));
  }

  @Test
  void neverTwoRunAtATime() throws InterruptedException {
    SimWorld world = new SimWorld(0, 0);
    world.serialise(new Random(3)::nextInt);
    SimNetwork network = new SimNetwork(world);
    AtomicInteger running = new AtomicInteger();
    AtomicBoolean together = new AtomicBoolean();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      ProbeKernel probe = new ProbeKernel(network.host("10.0.0." + (i + 1)));
      AtomicBoolean inside = new AtomicBoolean();
      probe.on("epollWait", call -> {
        if (inside.getAndSet(false)) {
          running.decrementAndGet();
        }
        long result = call.real();
        if (running.incrementAndGet() > 1) {
          together.set(true);
        }
        inside.set(true);
        return result;
      });
      probe.on("close", call -> {
        if (inside.getAndSet(false)) {
          running.decrementAndGet(); // the loop ends
        }
        return call.real();
      });
      threads.add(thread(world, probe.kernel(), () -> {
        for (int k = 0; k < 50; k++) {
          Timers.sleep(Duration.ofMillis(1));
          Tasks.yieldNow();
        }
      }));
    }
    run(threads);
    assertThat(failures).isEmpty();
    assertThat(together).isFalse();
  }

  @Test
  void aLoopThatOnlyPolls_letsOthersRun() throws InterruptedException {
    SimWorld world = new SimWorld(0, 0);
    world.serialise(Chooser.FIRST);
    SimNetwork network = new SimNetwork(world);
    AtomicBoolean other = new AtomicBoolean();
    List<Thread> threads = new ArrayList<>();
    threads.add(thread(world, network.host("10.0.0.1"), () -> {
      while (!other.get()) {
        Tasks.yieldNow();
      }
    }));
    threads.add(thread(world, network.host("10.0.0.2"), () -> other.set(true)));
    run(threads);
    assertThat(failures).isEmpty();
  }
}
