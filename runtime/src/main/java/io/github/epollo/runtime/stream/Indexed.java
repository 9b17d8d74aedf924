package io.github.epollo.runtime.stream;

/**
 * A value and its place in the stream.
 *
 * @param index 0 for the first value
 * @param value the value
 * @param <T> the type of the value
 * @see AsyncStream#enumerate
 */
public record Indexed<T>(long index, T value) {}
