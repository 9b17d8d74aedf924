package io.github.epollo.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.kernel.LinuxKernel;
import io.github.epollo.testkit.Calls.Event;
import io.github.epollo.testkit.Machine.Op;
import io.github.epollo.testkit.Machine.Step;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;

/** Random sequences of calls: the simulated kernel answers what the real one answers. When the two differ, the simulation is wrong. */
class KernelEquivalenceTest {
  private static final long PATIENCE_NANOS = 2_000_000_000L; // the real kernel may deliver a moment later

  private static final List<Step> BEGINNING = List.of(new Step(Op.PAIR, 0, 0, 0), new Step(Op.EPOLL, 0, 0, 0));

  private static List<Step> concat(List<Step> first, List<Step> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Integer> number = Arbitraries.integers().between(0, 511);
    return Combinators.combine(Arbitraries.of(Op.class), number, number, number).as(Step::new).list().ofMaxSize(80)
        .withSizeDistribution(RandomDistribution.uniform());
  }

  @Property(tries = 2000) // a sequence takes several of the 28 000 ports that Linux has to give, for a minute
  void theSimulatedKernelAnswersAsTheRealOne(@ForAll("steps") List<Step> steps) {
    StringBuilder log = new StringBuilder();
    Map<Integer, Integer> ports = new TreeMap<>(); // of the simulation, which does not take one again soon, to those of the real kernel
    ports.put(0, 0);
    try (Machine sim = new Machine(new SimKernel(), false); Machine real = new Machine(LinuxKernel.get(), true)) {
      for (Step step : concat(BEGINNING, steps)) {
        if (step.op() == Op.NOTHING) {
          continue;
        }
        log.append(step);
        if (step.op() == Op.WAIT || step.op() == Op.WAIT_AGAIN || step.op() == Op.WAIT_ONE) {
          compareEvents(step, sim, real, log);
        } else {
          String simulated = sim.apply(step);
          String actual = real.apply(step);
          log.append(" sim ").append(simulated).append(" real ").append(actual).append('\n');
          if (drawsPort(step) && !sim.sharedPorts().equals(real.sharedPorts())) {
            return; // once in some ten thousand runs Linux draws a port that a socket has had before, or connects one to itself
          }
          assertThat(simulated).as("the answer of the simulation\n%s", log).isEqualTo(actual);
          assertThat(real.port()).as("the port that stands for %s\n%s", sim.port(), log)
              .isEqualTo(ports.computeIfAbsent(sim.port(), _ -> real.port()));
        }
        Map<Long, Integer> levels = sim.levels();
        Map<Long, Integer> actual = until(levels, real::levels);
        log.append("    levels ").append(Machine.text(levels)).append('\n');
        assertThat(Machine.text(levels)).as("the levels of the simulation\n%s", log).isEqualTo(Machine.text(actual));
      }
    }
  }

  private static boolean drawsPort(Step step) {
    return switch (step.op()) {
      case PAIR, PAIR_AGAIN, BIND, LISTEN, CONNECT -> true;
      default -> false;
    };
  }

  /** Every event of the simulation comes. The real kernel may report an edge more, such as that of an acknowledgement that comes late. */
  private static void compareEvents(Step step, Machine sim, Machine real, StringBuilder log) {
    List<Event> simulated = sim.wait(step);
    log.append(" sim ").append(simulated);
    Map<Long, Integer> missing = new TreeMap<>();
    simulated.forEach(e -> missing.put(e.data(), e.mask()));
    long end = System.nanoTime() + PATIENCE_NANOS;
    do {
      for (Event e : real.wait(step)) {
        log.append(" real ").append(e);
        if (!Integer.valueOf(e.mask()).equals(missing.remove(e.data()))
            && simulated.stream().noneMatch(e::equals)) {
          assertThat(isLevel(sim, e)).as("an event of the real kernel only: %s\n%s", e, log).isTrue();
        }
      }
    } while (!missing.isEmpty() && System.nanoTime() - end < 0);
    log.append('\n');
    assertThat(missing).as("events of the simulation only\n%s", log).isEmpty();
  }

  private static boolean isLevel(Machine sim, Event event) {
    return (sim.levels().getOrDefault(event.data(), 0) & event.mask()) == event.mask();
  }

  private static <T> T until(T expected, Supplier<T> actual) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    T last = actual.get();
    while (!last.equals(expected) && System.nanoTime() - end < 0) {
      Thread.onSpinWait();
      last = actual.get();
    }
    return last;
  }
}
