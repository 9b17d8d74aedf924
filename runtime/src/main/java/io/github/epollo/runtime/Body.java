package io.github.epollo.runtime;

/** The code of a task that has no result. A {@link java.util.concurrent.Callable} is the code of one that has. */
@FunctionalInterface
public interface Body {
  /**
   * Runs the task.
   *
   * @throws Exception whatever ends the task in failure
   */
  void run() throws Exception;
}
