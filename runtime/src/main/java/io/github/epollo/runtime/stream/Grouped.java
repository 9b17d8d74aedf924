package io.github.epollo.runtime.stream;

/**
 * The values of a stream that have the same key.
 *
 * @param <K> the type of the key
 * @param <T> the type of the values
 * @see AsyncStream#groupBy
 */
public interface Grouped<K, T> extends AsyncStream<T> {
  /** What the values have in common. */
  K key();
}
