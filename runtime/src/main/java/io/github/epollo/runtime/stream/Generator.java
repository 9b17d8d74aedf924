package io.github.epollo.runtime.stream;

import java.util.concurrent.CancellationException;

/**
 * Straight-line code that makes the values of a stream.
 *
 * @param <T> the type of the values
 * @see AsyncStream#generate
 */
@FunctionalInterface
public interface Generator<T> {
  /**
   * Runs as a task; when it returns, the stream ends.
   *
   * @throws Exception if it fails; the stream fails with that
   */
  void run(Sink<T> sink) throws Exception;

  /**
   * Where a generator puts its values.
   *
   * @param <T> the type of the values
   */
  interface Sink<T> {
    /**
     * Hands {@code value} to the stream's reader, and waits until the next one is asked for.
     *
     * <p><b>Threading:</b> the generator's own code, and tasks that it has started and waits for; one at a time.
     *
     * <p><b>Cancellation:</b> the value stays where the reader finds it, unless the stream was closed.
     *
     * @throws CancellationException if the stream was closed, or the task cancelled
     * @throws IllegalStateException if another task emits, or the generator has returned
     */
    void emit(T value);
  }
}
