package io.github.epollo.testkit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which faults a simulation is to meet: some at a rate, drawn from the simulation's seed; or some at given opportunities, which is what a property-based test
 * shrinks. Immutable: each {@code with...} returns a changed copy.
 */
public final class Faults {
  private static final Faults NONE = new Faults(Map.of(), Set.of());

  /**
   * One fault at one of its opportunities.
   *
   * @param fault what goes wrong
   * @param opportunity the how-manieth of the occasions at which it could, from 0
   */
  public record Strike(Fault fault, int opportunity) {
    /** Checks the opportunity. */
    public Strike {
      if (opportunity < 0) {
        throw new IllegalArgumentException("negative opportunity: " + opportunity + "; the first one is 0");
      }
    }

    @Override
    public String toString() {
      return fault + "@" + opportunity;
    }
  }

  private final Map<Fault, Double> rates;
  private final Set<Strike> strikes;

  private Faults(Map<Fault, Double> rates, Set<Strike> strikes) {
    this.rates = rates;
    this.strikes = strikes;
  }

  /** No faults. */
  public static Faults none() {
    return NONE;
  }

  /** Each of {@link Fault#harmless()} at {@code rate}: correct code goes on as without. */
  public static Faults harmless(double rate) {
    return NONE.with(Fault.harmless(), rate);
  }

  /** Every fault at {@code rate}. */
  public static Faults all(double rate) {
    return NONE.with(List.of(Fault.values()), rate);
  }

  /** Just these. */
  public static Faults of(Collection<Strike> strikes) {
    return new Faults(Map.of(), Set.copyOf(strikes));
  }

  /**
   * {@code fault} at {@code rate} of its opportunities.
   *
   * @throws IllegalArgumentException if the rate is not between 0 and 1
   */
  public Faults with(Fault fault, double rate) {
    return with(List.of(fault), rate);
  }

  private Faults with(Collection<Fault> faults, double rate) {
    if (!(rate >= 0 && rate <= 1)) {
      throw new IllegalArgumentException(
          "rate of faults: " + rate + "; give a share of the opportunities, from 0 to 1");
    }
    Map<Fault, Double> changed = new EnumMap<>(Fault.class);
    changed.putAll(rates);
    faults.forEach(f -> changed.put(f, rate));
    return new Faults(changed, strikes);
  }

  /** All but {@code fault}. */
  public Faults without(Fault fault) {
    List<Strike> others = new ArrayList<>(strikes);
    others.removeIf(s -> s.fault() == fault);
    return new Faults(rates, Set.copyOf(others)).with(fault, 0);
  }

  double rate(Fault fault) {
    return rates.getOrDefault(fault, 0.0);
  }

  boolean strikes(Fault fault, int opportunity) {
    return strikes.contains(new Strike(fault, opportunity));
  }

  boolean hasStrikes() {
    return !strikes.isEmpty();
  }

  @Override
  public String toString() {
    String given = strikes.stream().map(Strike::toString).sorted().collect(Collectors.joining(", "));
    String drawn = rates.entrySet().stream().filter(e -> e.getValue() > 0)
        .map(e -> e.getKey() + " " + e.getValue()).collect(Collectors.joining(", "));
    return given.isEmpty() && drawn.isEmpty()
        ? "no faults"
        : "faults [" + String.join(drawn.isEmpty() || given.isEmpty() ? "" : "; ", given, drawn) + "]";
  }
}
