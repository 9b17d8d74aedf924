package io.github.epollo.runtime.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@link Decoder#map}. */
record MappedDecoder<T, R>(Decoder<T> decoder, Function<? super T, ? extends R> mapper) implements Decoder<R> {
  MappedDecoder {
    Objects.requireNonNull(mapper, "mapper");
  }

  @Override
  public @Nullable R decode(ByteBuffer input) throws IOException {
    return map(decoder.decode(input));
  }

  @Override
  public @Nullable R decode(ByteBuffer input, int seen) throws IOException {
    return map(decoder.decode(input, seen));
  }

  @Override
  public @Nullable R decodeEnd(ByteBuffer input) throws IOException {
    return map(decoder.decodeEnd(input));
  }

  private @Nullable R map(@Nullable T frame) {
    return frame == null ? null : Objects.requireNonNull(mapper.apply(frame), "the mapper of a decoder answered null");
  }

  @Override
  public int maxBytes() {
    return decoder.maxBytes();
  }
}
