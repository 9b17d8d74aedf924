package io.github.epollo.runtime.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is decoded is what was encoded, wherever the bytes are cut and whenever it is stopped; and bytes that nobody encoded do no harm. */
class CodecPropertiesTest {
  private static final int MAX = 60;
  private static final byte[] DELIMITER = {'-', '-', '\n'};

  @Provide
  Arbitrary<LengthDelimitedCodec> lengths() {
    return Combinators.combine(Arbitraries.integers().between(1, 8), Arbitraries.integers().between(0, 5),
        Arbitraries.integers().between(-12, 4), Arbitraries.integers().between(-1, 20),
        Arbitraries.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN))
        .as((size, offset, adjustment, strip, order) -> {
          LengthDelimitedCodec codec = LengthDelimitedCodec.of(MAX).withFieldSize(size).withOffset(offset)
              .withAdjustment(adjustment).withOrder(order);
          return strip < 0 ? codec : codec.withStripped(strip);
        });
  }

  @Provide
  Arbitrary<List<byte[]>> frames() {
    return Arbitraries.bytes().array(byte[].class).ofMaxSize(MAX).list().ofMaxSize(10);
  }

  @Provide
  Arbitrary<List<Integer>> cuts() {
    return Arbitraries.integers().between(1, 70).list().ofMinSize(1).ofMaxSize(6);
  }

  /** The bytes of those frames that the codec takes, and these frames. */
  private static <T> byte[] encode(Codec<T, T> codec, List<T> frames, List<T> taken, List<Integer> cuts, int kth,
      boolean futures) throws Exception {
    CutWriter sink = new CutWriter(cuts, futures ? 0 : kth);
    BufferedAsyncWriter buffered = new BufferedAsyncWriter(sink, 32);
    FrameWriter<T> writer = new FrameWriter<>(buffered, codec);
    for (T frame : frames) {
      int before = sink.written.size() + buffered.buffered();
      try {
        if (futures) {
          Stops.drive(() -> writer.feedAsync(frame), kth);
        } else {
          Stops.again(() -> {
            writer.feed(frame);
            return true;
          });
        }
        taken.add(frame);
      } catch (IllegalArgumentException | LimitExceededException e) {
        assertThat(sink.written.size() + buffered.buffered()).as("a refused frame leaves nothing").isEqualTo(before);
      }
    }
    Stops.drive(writer::flushAsync, kth);
    return sink.written.toByteArray();
  }

  private static <T> List<T> decode(Decoder<T> decoder, byte[] bytes, List<Integer> cuts, int kth, boolean futures)
      throws Exception {
    FrameReader<T> reader = new FrameReader<>(
        new BufferedAsyncReader(new CutReader(bytes, cuts, futures ? 0 : kth), 16), decoder);
    List<T> frames = new ArrayList<>();
    for (T frame; (frame = receive(reader, kth, futures)) != null;) {
      frames.add(frame);
    }
    return frames;
  }

  private static <T> @Nullable T receive(FrameReader<T> reader, int kth, boolean futures) throws Exception {
    return futures ? Stops.drive(reader::receiveAsync, kth) : Stops.again(reader::receive);
  }

  private static List<String> hex(List<byte[]> frames) {
    return frames.stream().map(HexFormat.of()::formatHex).toList();
  }

  @Property(tries = 1500)
  void lengthDelimited(@ForAll("lengths") LengthDelimitedCodec codec, @ForAll("frames") List<byte[]> frames,
      @ForAll("cuts") List<Integer> cuts, @ForAll @IntRange(min = 2, max = 5) int kth, @ForAll boolean futures)
      throws Exception {
    List<byte[]> taken = new ArrayList<>();
    byte[] bytes = encode(codec, frames, taken, cuts, kth, futures);
    List<byte[]> decoded = decode(codec, bytes, cuts, kth, futures);
    assertThat(decoded).hasSameSizeAs(taken);
    for (int i = 0; i < taken.size(); i++) {
      byte[] sent = taken.get(i).clone();
      byte[] got = decoded.get(i);
      assertThat(got).hasSameSizeAs(sent);
      // Where the header is part of the frame, the length was overwritten; that it is right shows in what follows.
      assertThat(mismatches(sent, got)).isLessThanOrEqualTo(8);
    }
    List<byte[]> again = new ArrayList<>();
    assertThat(encode(codec, decoded, again, cuts, kth, futures)).isEqualTo(bytes);
  }

  private static int mismatches(byte[] a, byte[] b) {
    int count = 0;
    for (int i = 0; i < a.length; i++) {
      count += a[i] == b[i] ? 0 : 1;
    }
    return count;
  }

  @Property(tries = 500)
  void lengthDelimitedWithItsHeaderStripped(@ForAll @IntRange(min = 1, max = 8) int size,
      @ForAll("frames") List<byte[]> frames, @ForAll("cuts") List<Integer> cuts,
      @ForAll @IntRange(min = 2, max = 5) int kth, @ForAll boolean futures) throws Exception {
    List<byte[]> taken = new ArrayList<>();
    Codec<byte[], byte[]> codec = LengthDelimitedCodec.of(MAX).withFieldSize(size);
    byte[] bytes = encode(codec, frames, taken, cuts, kth, futures);
    assertThat(hex(decode(codec, bytes, cuts, kth, futures))).isEqualTo(hex(frames)).isEqualTo(hex(taken));
  }

  @Property(tries = 500)
  void linesDelimitersAndFixedLengths(@ForAll @Size(max = 10) List<String> texts, @ForAll("frames") List<byte[]> frames,
      @ForAll("cuts") List<Integer> cuts, @ForAll @IntRange(min = 2, max = 5) int kth, @ForAll boolean futures)
      throws Exception {
    List<String> valid = texts.stream().map(text -> new String(text.getBytes(UTF_8), UTF_8)).toList();
    List<String> lines = new ArrayList<>();
    byte[] bytes = encode(Codec.lines(MAX), valid, lines, cuts, kth, futures);
    assertThat(decode(Codec.lines(MAX), bytes, cuts, kth, futures)).isEqualTo(lines);

    List<byte[]> delimited = new ArrayList<>();
    bytes = encode(Codec.delimited(DELIMITER, MAX), frames, delimited, cuts, kth, futures);
    assertThat(hex(decode(Codec.delimited(DELIMITER, MAX), bytes, cuts, kth, futures))).isEqualTo(hex(delimited));

    List<byte[]> dashes = frames.stream().map(frame -> dashes(frame)).toList();
    delimited.clear();
    bytes = encode(Codec.delimited(DELIMITER, MAX), dashes, delimited, cuts, kth, futures);
    assertThat(hex(decode(Codec.delimited(DELIMITER, MAX), bytes, cuts, kth, futures))).isEqualTo(hex(delimited));

    List<byte[]> fixed = frames.stream().map(frame -> Arrays.copyOf(frame, 7)).toList();
    bytes = encode(Codec.fixedLength(7), fixed, new ArrayList<>(), cuts, kth, futures);
    assertThat(hex(decode(Codec.fixedLength(7), bytes, cuts, kth, futures))).isEqualTo(hex(fixed));

    bytes = encode(Codec.raw(9), frames, new ArrayList<>(), cuts, kth, futures);
    List<byte[]> raw = decode(Codec.raw(9), bytes, cuts, kth, futures);
    assertThat(String.join("", hex(raw))).isEqualTo(HexFormat.of().formatHex(bytes));
    assertThat(raw).allSatisfy(piece -> assertThat(piece).hasSizeBetween(1, 9));
  }

  /** Full of what looks like the delimiter. */
  private static byte[] dashes(byte[] frame) {
    byte[] dashes = frame.clone();
    for (int i = 0; i < dashes.length; i++) {
      dashes[i] = dashes[i] > 100 ? (byte) '\n' : dashes[i] > -20 ? (byte) '-' : (byte) 'x';
    }
    return dashes;
  }

  /** The broken twin does not look back at the beginning of a delimiter that came in two pieces. */
  @Test
  void aDecoderThatDoesNotLookBackMissesADelimiterInTwoPieces() throws Exception {
    Decoder<byte[]> good = Codec.delimited(DELIMITER, MAX);
    Decoder<byte[]> forgetful = new Decoder<>() {
      @Override
      public byte @Nullable [] decode(ByteBuffer input) throws IOException {
        return good.decode(input);
      }

      @Override
      public byte @Nullable [] decode(ByteBuffer input, int seen) throws IOException {
        return good.decode(input, seen == 0 ? 0 : seen + DELIMITER.length - 1);
      }

      @Override
      public byte @Nullable [] decodeEnd(ByteBuffer input) throws IOException {
        return good.decodeEnd(input);
      }

      @Override
      public int maxBytes() {
        return MAX;
      }
    };
    byte[] bytes = "one--\ntwo--\n".getBytes(UTF_8);
    assertThat(decode(good, bytes, List.of(4), 0, true)).hasSize(2);
    assertThat(decode(forgetful, bytes, List.of(4), 0, true)).isNotEqualTo(decode(good, bytes, List.of(4), 0, true))
        .satisfies(frames -> assertThat(frames.getFirst()).isNotEqualTo("one".getBytes(UTF_8)));
  }

  /** Random bytes: frames or a specific exception, in bounded memory, and in as many calls as there are bytes. */
  @Property(tries = 2000)
  void bytesThatNobodyEncodedDoNoHarm(@ForAll("lengths") LengthDelimitedCodec lengths, @ForAll byte[] bytes,
      @ForAll("cuts") List<Integer> cuts, @ForAll boolean futures) throws Exception {
    fuzz(lengths, bytes, cuts, futures);
    fuzz(Codec.lines(5), bytes, cuts, futures);
    fuzz(Codec.delimited(new byte[]{0, 0}, 5), bytes, cuts, futures);
    fuzz(Codec.fixedLength(3), bytes, cuts, futures);
    fuzz(Codec.raw(3), bytes, cuts, futures);
  }

  private static void fuzz(Codec<?, ?> codec, byte[] bytes, List<Integer> cuts, boolean futures) throws Exception {
    BufferedAsyncReader buffered = new BufferedAsyncReader(new CutReader(bytes, cuts, 0), 4);
    FrameReader<?> reader = new FrameReader<>(buffered, codec);
    int frames = 0;
    try {
      while (receive(reader, 0, futures) != null) {
        frames++;
        assertThat(frames).isLessThanOrEqualTo(bytes.length);
      }
      assertThat(buffered.buffered()).isZero();
    } catch (LimitExceededException | MalformedFrameException e) {
      int left = buffered.buffered();
      org.assertj.core.api.Assertions.assertThatThrownBy(reader::receive).hasSameClassAs(e);
      assertThat(buffered.buffered()).as("nothing of it is taken").isEqualTo(left);
    } catch (EOFException e) {
      assertThat(e).hasMessageContaining("within a frame");
    }
    assertThat(buffered.buffer.capacity()).isLessThanOrEqualTo(Math.max(4, codec.maxBytes()));
  }
}
