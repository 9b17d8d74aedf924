package io.github.epollo.runtime.stream;

/**
 * Two streams made of one.
 *
 * @param first one of them
 * @param second the other
 * @param <T> the type of the values
 * @see AsyncStream#split
 * @see AsyncStream#tee
 */
public record Split<T>(AsyncStream<T> first, AsyncStream<T> second) implements AutoCloseable {
  /** Closes both, and with them their source. */
  @Override
  public void close() {
    try {
      first.close();
    } finally {
      second.close();
    }
  }
}
