package io.github.epollo.runtime.future.laws;

import io.github.epollo.runtime.future.Poll;
import java.util.List;

/**
 * One run of a subject.
 *
 * @param result what the last poll answered: pending if it was closed before its end, or is stuck
 * @param polls how many there were
 * @param closed whether it was closed by the lab
 * @param due before each poll, the actors whose own poll would have answered
 */
public record Trial<R>(Poll<R> result, int polls, boolean closed, List<List<Actor>> due) {
  /** Whether nobody will ever wake it, though it has not finished. */
  public boolean isStuck() {
    return !closed && result instanceof Poll.Pending;
  }
}
