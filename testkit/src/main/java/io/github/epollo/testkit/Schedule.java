package io.github.epollo.testkit;

import io.github.epollo.runtime.loop.ReadyOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * The order in which a simulation runs what is ready: drawn from a seed, or given choice by choice.
 *
 * <p>A list of choices is what a property-based test shrinks: each choice of 0 is the order of arrival, and so is everything after the last one.
 *
 * <p><b>Threading:</b> a schedule is used by one simulation, once.
 */
public final class Schedule implements ReadyOrder {
  private static final int[] NONE = {};

  private final String text;
  private final RandomGenerator random;
  private final int[] choices;
  private int next;

  private Schedule(String text, RandomGenerator random, int[] choices) {
    this.text = text;
    this.random = random;
    this.choices = choices;
  }

  /** First come, first served: what production does. */
  public static Schedule byArrival() {
    return ofChoices();
  }

  /** Every choice is drawn from {@code seed}. */
  public static Schedule ofSeed(long seed) {
    return new Schedule("Schedule.ofSeed(" + seed + "L)", new Random(seed), NONE);
  }

  /**
   * The given choices, one for each time that several works are ready: how many of the oldest to pass over, modulo their count. Afterwards by arrival.
   */
  public static Schedule ofChoices(int... choices) {
    String list = Arrays.toString(choices);
    return new Schedule("Schedule.ofChoices(" + list.substring(1, list.length() - 1) + ")", () -> 0, choices.clone());
  }

  @Override
  public int pick(int count) {
    if (next < choices.length) {
      return Math.floorMod(choices[next++], count);
    }
    return random.nextInt(count);
  }

  /** The code that makes this schedule again. */
  @Override
  public String toString() {
    return text;
  }
}
