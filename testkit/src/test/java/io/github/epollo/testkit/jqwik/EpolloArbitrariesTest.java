package io.github.epollo.testkit.jqwik;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.testkit.Chunking;
import io.github.epollo.testkit.Fault;
import io.github.epollo.testkit.Faults;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCases;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Shrinkable;
import net.jqwik.api.constraints.LongRange;

class EpolloArbitrariesTest {
  private static final Duration HOUR = Duration.ofHours(1);

  /** What is left of {@code value} after the steps of shrinking that {@code fails} allows. */
  private static <T> T shrunk(Shrinkable<T> value, Predicate<T> fails) {
    Shrinkable<T> smallest = value;
    Optional<Shrinkable<T>> smaller;
    do {
      Shrinkable<T> from = smallest;
      smaller = from.shrink().filter(s -> s.distance().compareTo(from.distance()) < 0 && fails.test(s.value()))
          .findFirst();
      smallest = smaller.orElse(from);
    } while (smaller.isPresent());
    return smallest.value();
  }

  /** Shrinks many values, edge cases among them. */
  private static <T> Set<String> allShrunk(Arbitrary<T> arbitrary, Predicate<T> fails) {
    Set<String> found = new HashSet<>();
    Random random = new Random(1);
    var generator = arbitrary.generator(1000, true);
    for (int i = 0; i < 300; i++) {
      Shrinkable<T> value = generator.next(random);
      if (fails.test(value.value())) {
        found.add(shrunk(value, fails).toString());
      }
    }
    for (var edge : arbitrary.edgeCases(1000).suppliers()) {
      if (fails.test(edge.get().value())) {
        found.add(shrunk(edge.get(), fails).toString());
      }
    }
    return found;
  }

  @Provide
  Arbitrary<Duration> durations() {
    return EpolloArbitraries.durations(HOUR);
  }

  @Property
  void durationsAreWithinTheirBounds(@ForAll("durations") Duration duration) {
    assertThat(duration).isBetween(Duration.ZERO, HOUR);
  }

  @Example
  void durationsHaveTheEdgeCasesOfTimers() {
    EdgeCases<Duration> edges = EpolloArbitraries.durations(HOUR).edgeCases(1000);
    assertThat(edges.suppliers()).extracting(supplier -> supplier.get().value()).containsExactlyInAnyOrder(
        Duration.ZERO, Duration.ofNanos(1), Duration.ofNanos(999_999), Duration.ofNanos(1_000_000),
        Duration.ofNanos(1_000_001), HOUR);
    assertThat(EpolloArbitraries.durations(Duration.ZERO).edgeCases(1000).suppliers()).hasSize(1);
  }

  @Example
  void durationsShrinkToZeroOrToTheBorder() {
    assertThat(allShrunk(EpolloArbitraries.durations(HOUR), _ -> true)).containsExactly("PT0S");
    Duration border = Duration.ofNanos(1234);
    assertThat(allShrunk(EpolloArbitraries.durations(HOUR), d -> d.compareTo(border) >= 0))
        .containsExactly(border.toString());
  }

  @Provide
  Arbitrary<Chunking> chunkings() {
    return EpolloArbitraries.chunkings(20);
  }

  @Property
  void chunkingsCutNoMoreThanTheirTotal(@ForAll("chunkings") Chunking chunking,
      @ForAll @LongRange(min = 1, max = 100) long more) {
    var pieces = chunking.cut(new byte[20 + (int) more]);
    assertThat(pieces.getLast().length).isGreaterThanOrEqualTo((int) more);
  }

  @Example
  void chunkingsShrinkToASinglePiece() {
    assertThat(allShrunk(EpolloArbitraries.chunkings(20), _ -> true)).containsExactly("Chunking.of()");
    assertThat(allShrunk(EpolloArbitraries.chunkings(20), c -> c.cut(new byte[20]).size() > 2))
        .containsExactly("Chunking.of(1, 1)");
    assertThat(EpolloArbitraries.chunkings(1).sampleStream().limit(50)).extracting(c -> c.cut(new byte[9]).size())
        .contains(1, 2);
  }

  @Example
  void schedulesShrinkToTheOrderOfArrival() {
    assertThat(allShrunk(EpolloArbitraries.schedules(), _ -> true)).containsExactly("Schedule.ofChoices()");
    assertThat(allShrunk(EpolloArbitraries.schedules(), s -> s.order().pick(4) == 2))
        .containsExactly("Schedule.ofChoices(2)");
  }

  @Example
  void badBoundsAreRefused() {
    assertThatThrownBy(() -> EpolloArbitraries.durations(Duration.ofNanos(-1)))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("PT-0.000000001S");
    assertThatThrownBy(() -> EpolloArbitraries.chunkings(0)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0");
  }

  @Example
  void faultsShrinkToFewAndEarlyOnes() {
    Arbitrary<Faults> faults = EpolloArbitraries.faults(Fault.harmless());
    assertThat(allShrunk(faults, _ -> true)).containsExactly("no faults");
    assertThat(allShrunk(EpolloArbitraries.faults(List.of(Fault.RESET)), f -> f.toString().contains("RESET")))
        .containsExactly("faults [RESET@0]");
  }
}
