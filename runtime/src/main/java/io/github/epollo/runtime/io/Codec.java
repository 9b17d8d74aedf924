package io.github.epollo.runtime.io;

import java.util.Objects;
import java.util.function.Function;

/**
 * Both directions of a protocol that sends frames: a decoder, its rule for the end of the input, and an encoder. {@link LengthDelimitedCodec} is one for frames that begin with their
 * length.
 *
 * <p>The codecs of this package have no state and may be shared.
 *
 * @param <I> the type of the frames that come
 * @param <O> the type of the frames that go
 */
public interface Codec<I, O> extends Decoder<I>, Encoder<O> {

  /** Puts a codec together. */
  static <I, O> Codec<I, O> of(Decoder<I> decoder, Encoder<O> encoder) {
    return new PairCodec<>(decoder, encoder);
  }

  /** The same bytes for other frames: {@code fromFrame} of each that comes, {@code toFrame} of each that goes; neither may answer null. */
  default <R, S> Codec<R, S> map(Function<? super I, ? extends R> fromFrame, Function<? super S, ? extends O> toFrame) {
    Objects.requireNonNull(toFrame, "toFrame");
    return of(map(fromFrame),
        (frame, out) -> encode(Objects.requireNonNull(toFrame.apply(frame), "toFrame answered null"), out));
  }

  /**
   * Lines of UTF-8. They end with LF or CR LF, the last one also with the input; they are sent with LF.
   *
   * @param maxLength of a line, in bytes, without its end
   * @throws IllegalArgumentException if {@code maxLength} is negative
   */
  static Codec<String, String> lines(int maxLength) {
    return new LineCodec(maxLength);
  }

  /**
   * Frames with {@code delimiter} after each; the last one may lack it.
   *
   * @param maxLength of a frame, in bytes, without the delimiter
   * @throws IllegalArgumentException if {@code maxLength} is negative or {@code delimiter} is empty
   */
  static Codec<byte[], byte[]> delimited(byte[] delimiter, int maxLength) {
    return new DelimiterCodec(delimiter, maxLength);
  }

  /**
   * Frames of {@code length} bytes each.
   *
   * @throws IllegalArgumentException unless {@code length} is positive
   */
  static Codec<byte[], byte[]> fixedLength(int length) {
    return new FixedLengthCodec(length);
  }

  /**
   * No frames: the bytes as they come, at most {@code maxLength} at a time.
   *
   * @throws IllegalArgumentException unless {@code maxLength} is positive
   */
  static Codec<byte[], byte[]> raw(int maxLength) {
    return new RawCodec(maxLength);
  }
}
