package io.github.epollo.testkit;

import io.github.epollo.runtime.loop.ReadyOrder;
import java.util.Arrays;
import java.util.Random;

/**
 * The order in which ready tasks run: drawn from a seed, or given choice by choice.
 *
 * <p>A list of choices is what a property-based test shrinks: each choice of 0 is the order of arrival, and so is everything after the last one.
 *
 * <p>Immutable.
 */
public final class Schedule {
  private final String text;
  private final boolean seeded;
  private final long seed;
  private final int[] choices;

  private Schedule(String text, boolean seeded, long seed, int[] choices) {
    this.text = text;
    this.seeded = seeded;
    this.seed = seed;
    this.choices = choices;
  }

  /** First come, first served: what production does. */
  public static Schedule byArrival() {
    return ofChoices();
  }

  /** Every choice is drawn from {@code seed}. */
  public static Schedule ofSeed(long seed) {
    return new Schedule("Schedule.ofSeed(" + seed + "L)", true, seed, new int[0]);
  }

  /**
   * The given choices, one for each time that several tasks are ready: how many of the oldest to pass over, modulo their count. Afterwards by arrival.
   */
  public static Schedule ofChoices(int... choices) {
    String list = Arrays.toString(choices);
    return new Schedule("Schedule.ofChoices(" + list.substring(1, list.length() - 1) + ")", false, 0, choices.clone());
  }

  /** The choices from the first on, for one loop: {@link io.github.epollo.runtime.EpolloOptions#withReadyOrder}. */
  public ReadyOrder order() {
    return seeded ? new Random(seed)::nextInt : new Choices();
  }

  /** What else is drawn from the seed; 0 if there is none. */
  long seed() {
    return seed;
  }

  private final class Choices implements ReadyOrder {
    private int next;

    @Override
    public int pick(int count) {
      return next < choices.length ? Math.floorMod(choices[next++], count) : 0;
    }
  }

  /** The code that makes this schedule again. */
  @Override
  public String toString() {
    return text;
  }
}
