package io.github.epollo.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.kernel.LinuxKernel;
import io.github.epollo.testkit.FileMachine.Op;
import io.github.epollo.testkit.FileMachine.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;

/** Random sequences of calls on files: the simulated kernel answers what the real one answers. When the two differ, the simulation is wrong. */
class FileEquivalenceTest {
  private static final List<Step> BEGINNING = List.of(new Step(Op.CREATE, 0, 2, 1), new Step(Op.MKDIR, 3, 0, 0),
      new Step(Op.SYMLINK, 3, 11, 0), new Step(Op.PIPE, 0, 0, 0));

  /** How many slots of a pipe bytes take that came without a copy is not simulated: {@link TransferContractTest} has what is. */
  private static final EnumSet<Op> SLOTS = EnumSet.of(Op.SENDFILE, Op.SPLICE, Op.RESIZE);

  private static final EnumSet<Op> ON_NUMBERS = EnumSet.of(Op.READ, Op.WRITE, Op.PREAD, Op.PWRITE, Op.SEEK, Op.TRUNCATE,
      Op.ALLOCATE,
      Op.PUNCH, Op.LOCK, Op.SYNC, Op.COPY, Op.SENDFILE, Op.SPLICE, Op.RESIZE);

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Integer> number = Arbitraries.integers().between(0, 511);
    return Combinators.combine(Arbitraries.of(EnumSet.complementOf(SLOTS)), number, number, number).as(Step::new).list()
        .ofMaxSize(80)
        .withSizeDistribution(RandomDistribution.uniform());
  }

  /** Which of two errors comes first: a random sequence does not often close what it has, and then use it with arguments that are refused. */
  @Example
  void argumentsAreRefusedInTheOrderOfTheRealOneThoughNothingIsOpen() throws IOException {
    List<Step> steps = new ArrayList<>(Collections.nCopies(3, new Step(Op.CLOSE, 0, 0, 0)));
    for (Op op : ON_NUMBERS) {
      for (int b = 0; b < 64; b++) {
        for (int c = 0; c < 21; c++) {
          steps.add(new Step(op, 0, b, c));
        }
      }
    }
    theSimulatedKernelAnswersAsTheRealOne(steps);
  }

  @Property(tries = 500)
  void theSimulatedKernelAnswersAsTheRealOne(@ForAll("steps") List<Step> steps) throws IOException {
    Path root = Files.createTempDirectory("epollo-files");
    StringBuilder log = new StringBuilder();
    try (FileMachine sim = new FileMachine(new SimKernel(), "/tmp");
        FileMachine real = new FileMachine(LinuxKernel.get(), root.toString())) {
      for (Step step : Stream.concat(BEGINNING.stream(), steps.stream()).toList()) {
        String simulated = sim.apply(step);
        String actual = real.apply(step);
        log.append(step).append(" sim ").append(simulated).append(" real ").append(actual).append('\n');
        assertThat(simulated).as("the answer of the simulation\n%s", log).isEqualTo(actual);
      }
      assertThat(sim.tree()).as("what is there in the end\n%s", log).isEqualTo(real.tree());
    } finally {
      try (Stream<Path> paths = Files.walk(root)) {
        for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }
}
