package io.github.epollo.stress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.function.IntSupplier;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.LincheckAssertionError;

/** Runs a scenario in one order of steps after the other: all orders with one switch between threads, then those with two, and so on. */
public final class Explore {
  /** Whether there is time; else some tens of seconds must do. */
  static final boolean LONG = Boolean.getBoolean("epollo.stress.long");

  /** How many orders at most. */
  private static final int LIMIT = Integer.getInteger("epollo.stress.orders", LONG ? 10_000 : 300);

  private Explore() {}

  /** Requires that {@code scenario} ends well in each order of steps. */
  public static void holds(Class<? extends Scenario> scenario) {
    Runnable copy = CheckedCode.of(scenario);
    Lincheck.runConcurrentTest(LIMIT, copy);
    int runs = ((IntSupplier) copy).getAsInt();
    String extent = runs < LIMIT ? " orders, all that there are" : " orders";
    System.out.println(scenario.getSimpleName() + ": " + runs + extent);
    assertThat(runs).as("orders of steps that the checker found").isGreaterThan(5);
  }

  /** Requires that {@code scenario} finds {@code violation} where {@code twin} takes the place of its original. */
  public static void finds(String violation, Class<? extends Scenario> scenario, Twin twin) {
    Runnable broken = CheckedCode.of(scenario, twin);
    LincheckAssertionError error = catchThrowableOfType(LincheckAssertionError.class,
        () -> Lincheck.runConcurrentTest(LIMIT, broken));
    assertThat(error).as("what the broken twin leads to").isNotNull().hasMessageContaining(violation);
    System.out.println(
        scenario.getSimpleName() + ": broken twin found after " + ((IntSupplier) broken).getAsInt() + " orders");
  }
}
