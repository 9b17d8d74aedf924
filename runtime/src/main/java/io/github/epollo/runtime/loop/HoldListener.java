package io.github.epollo.runtime.loop;

/** Is told of loops that make no progress. */
@FunctionalInterface
public interface HoldListener {
  /**
   * {@code loop} has run the same work for {@code nanos}, which is longer than the limit; called once for each such work, on the watch's thread.
   *
   * @param nanos for how long, at the least
   */
  void held(Loop loop, long nanos);
}
