package io.github.epollo.runtime.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@link Codec#of}. */
record PairCodec<I, O>(Decoder<I> decoder, Encoder<O> encoder) implements Codec<I, O> {
  PairCodec {
    Objects.requireNonNull(decoder, "decoder");
    Objects.requireNonNull(encoder, "encoder");
  }

  @Override
  public @Nullable I decode(ByteBuffer input) throws IOException {
    return decoder.decode(input);
  }

  @Override
  public @Nullable I decode(ByteBuffer input, int seen) throws IOException {
    return decoder.decode(input, seen);
  }

  @Override
  public @Nullable I decodeEnd(ByteBuffer input) throws IOException {
    return decoder.decodeEnd(input);
  }

  @Override
  public int maxBytes() {
    return decoder.maxBytes();
  }

  @Override
  public void encode(O frame, FrameBuffer out) throws IOException {
    encoder.encode(frame, out);
  }
}
