package io.github.epollo.runtime.future.laws;

import java.util.Optional;

/** Something that a {@link Lab} plays with: it gets further by steps that happen while nobody polls. */
public interface Actor {
  /** Whether something may happen to it now: it was polled, and waits. */
  boolean hasStep();

  /** Makes that happen, and wakes whoever is to be woken. */
  void step();

  /** Wakes whoever polled last, or longer ago, for no reason; also after the end. */
  void nudge(boolean anOldOne);

  /** Whether a poll would answer something else than "pending". */
  boolean isDue();

  /** What is wrong with it now that all is over: nothing must be left open. */
  Optional<String> leak();
}
