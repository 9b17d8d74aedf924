package io.github.epollo.runtime.io;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.stream.AsyncStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** One property of frames at a time; whole runs of them are in {@link CodecPropertiesTest}. */
class FramedTest {
  private final DuplexStream.Pair pair = DuplexStream.pair(64);

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  private static byte @Nullable [] decoded(Decoder<byte[]> decoder, int... values) throws IOException {
    return new FrameReader<>(AsyncReader.of(bytes(values)), decoder).receive();
  }

  private static byte[] encoded(Encoder<byte[]> encoder, int... values) throws IOException {
    CutWriter sink = new CutWriter(List.of(1000), 0);
    new FrameWriter<>(sink, encoder).send(bytes(values));
    return sink.written.toByteArray();
  }

  @Test
  void theFormatOfALengthField() throws IOException {
    LengthDelimitedCodec codec = LengthDelimitedCodec.of(100);
    assertThat(encoded(codec, 7, 8)).containsExactly(0, 0, 0, 2, 7, 8);
    assertThat(encoded(codec.withFieldSize(3).withOrder(ByteOrder.LITTLE_ENDIAN), 7)).containsExactly(1, 0, 0, 7);
    assertThat(encoded(codec.withFieldSize(1).withOffset(2), 7)).containsExactly(0, 0, 1, 7);
    assertThat(encoded(codec.withFieldSize(2).withAdjustment(-2), 7)).containsExactly(0, 3, 7);
    assertThat(encoded(codec.withFieldSize(1).withStripped(0), 9, 7, 7)).containsExactly(2, 7, 7);

    assertThat(decoded(codec.withFieldSize(2).withAdjustment(-2), 0, 3, 7, 9)).containsExactly(7);
    assertThat(decoded(codec.withFieldSize(1).withOffset(1).withStripped(0), 5, 2, 7, 8, 9)).containsExactly(5, 2, 7,
        8);
    assertThat(decoded(codec.withFieldSize(1).withOffset(1).withAdjustment(2).withStripped(3), 5, 1, 6, 7, 8, 9))
        .containsExactly(7, 8);
    assertThat(decoded(codec.withFieldSize(8), 0, 0, 0, 0, 0, 0, 0, 0)).isEmpty();
  }

  @Test
  void aFrameOverTheLimitIsRefusedBothWaysBeforeItsBytesCome() throws IOException {
    LengthDelimitedCodec codec = LengthDelimitedCodec.of(3);
    assertThatThrownBy(() -> decoded(codec, 0, 0, 0, 4)).isInstanceOf(LimitExceededException.class)
        .hasMessage("a frame with the length 4 is longer than 3 bytes: raise the limit, or close the connection")
        .satisfies(e -> assertThat(((LimitExceededException) e).limit()).isEqualTo(3));
    assertThatThrownBy(() -> decoded(codec.withFieldSize(8), 255, 255, 255, 255, 255, 255, 255, 255))
        .isInstanceOf(LimitExceededException.class).hasMessageContaining("18446744073709551615");
    assertThatThrownBy(() -> encoded(codec, 1, 2, 3, 4)).isInstanceOf(LimitExceededException.class);
    assertThatThrownBy(() -> encoded(LengthDelimitedCodec.of(1000).withFieldSize(1), new int[256]))
        .isInstanceOf(LimitExceededException.class).hasMessageContaining("in a field of 1 bytes");
    assertThatThrownBy(() -> decoded(codec.withAdjustment(-5), 0, 0, 0, 2)).isInstanceOf(MalformedFrameException.class)
        .hasMessageContaining("length 2 would have 1 bytes");
    assertThatThrownBy(() -> encoded(codec.withStripped(0), 1)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("too short").hasMessageContaining("at least 4");
    FrameReader<String> lines = new FrameReader<>(AsyncReader.of("12345\n".getBytes(US_ASCII)), Codec.lines(4));
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(lines::receive).isInstanceOf(LimitExceededException.class).hasMessageContaining("4 bytes");
    }
    assertThatThrownBy(() -> decoded(Codec.delimited(bytes(0, 0), 2), 1, 1, 1, 1))
        .isInstanceOf(LimitExceededException.class)
        .hasMessageContaining("2 bytes");
    assertThatThrownBy(() -> new FrameReader<>(AsyncReader.of(new byte[100]), Codec.lines(4)).receive())
        .isInstanceOf(LimitExceededException.class).hasMessageContaining("a line is longer than 4 bytes");
    FrameWriter<String> writer = new FrameWriter<>(AsyncWriter.discarding(), Codec.lines(4));
    assertThatThrownBy(() -> writer.feed("12345")).isInstanceOf(LimitExceededException.class);
    assertThatThrownBy(() -> writer.feed("1\n2")).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("line break");
    assertThat(writer.buffered()).isZero();
  }

  @Test
  void theRuleForTheEnd() throws IOException {
    assertThatThrownBy(() -> decoded(LengthDelimitedCodec.of(9), 0, 0, 0, 2, 1)).isInstanceOf(EOFException.class)
        .hasMessage("the input ended within a frame, after 5 bytes of it");
    assertThatThrownBy(() -> decoded(Codec.fixedLength(2), 1)).isInstanceOf(EOFException.class);
    assertThat(decoded(Codec.delimited(bytes(0), 9), 1, 2)).containsExactly(1, 2);
    assertThat(decoded(LengthDelimitedCodec.of(9))).isNull();
    FrameReader<String> lines = new FrameReader<>(AsyncReader.of("a\r\n\nlast\r".getBytes(US_ASCII)), Codec.lines(9));
    assertThat(lines.receive()).isEqualTo("a");
    assertThat(lines.receive()).isEmpty();
    assertThat(lines.receive()).isEqualTo("last\r");
    assertThat(lines.receive()).isNull();
    assertThat(lines.receive()).isNull();
  }

  @Test
  void aPeerThatDoesNotReadHoldsTheSenderBack() throws IOException {
    BufferedAsyncWriter buffer = new BufferedAsyncWriter(pair.left(), 100);
    FrameWriter<byte[]> writer = new FrameWriter<>(buffer, Codec.fixedLength(10));
    int taken = 0;
    Future<?> feed = writer.feedAsync(new byte[10]);
    while (feed.poll(() -> {}) instanceof Poll.Ready) {
      taken++;
      assertThat(taken).isLessThan(100);
      feed = writer.feedAsync(new byte[10]);
    }
    assertThat(taken).as("64 bytes under way, and 100 in the buffer").isBetween(16, 17);
    feed.close(); // and that frame was not taken
    FrameReader<byte[]> reader = new FrameReader<>(pair.right(), Codec.fixedLength(10));
    int got = 0;
    while (writer.buffered() > 0) {
      try (Future<?> flush = writer.flushAsync()) {
        flush.poll(() -> {});
      }
      assertThat(reader.receive()).isNotNull();
      got++;
    }
    pair.left().shutdownOutput();
    while (reader.receive() != null) {
      got++;
    }
    assertThat(got).isEqualTo(taken);
  }

  @Test
  void thePartsAreWhatWasReadTooFarAndNotWritten() throws IOException {
    Framed<String, String> lines = new Framed<>(pair.left(), Codec.lines(20));
    pair.right().writeFully(ByteBuffer.wrap("upgrade\nbinary".getBytes(US_ASCII)));
    pair.right().shutdownOutput();
    assertThat(lines.receive()).isEqualTo("upgrade");
    lines.writer().feed("bye");
    FramedParts parts = lines.parts();
    assertThat(parts.channel()).isSameAs(pair.left());
    assertThat(parts.unread()).isEqualTo(ByteBuffer.wrap("binary".getBytes(US_ASCII)));
    assertThat(parts.unwritten()).isEqualTo(ByteBuffer.wrap("bye\n".getBytes(US_ASCII)));
    assertThat(new BufferedAsyncReader(parts.resume()).readLine(100)).isEqualTo("binary");
    lines.close();
    assertThat(pair.left().isOpen()).isTrue();
    assertThatThrownBy(lines::receive).isInstanceOf(IllegalStateException.class).hasMessageContaining("parts");
    assertThatThrownBy(() -> lines.send("x")).isInstanceOf(IllegalStateException.class).hasMessageContaining("parts");
  }

  @Test
  void partsThatCannotBeGivenBackYetLoseNothing() throws IOException {
    DuplexStream.Pair pair = DuplexStream.pair(100);
    Framed<String, String> lines = new Framed<>(pair.left(), Codec.lines(100));
    pair.right().writeFully(ByteBuffer.wrap("one\nrest".getBytes(US_ASCII)));
    assertThat(lines.receive()).isEqualTo("one");
    Future<?> sending = lines.sendAsync("x".repeat(90));
    assertThat(sending.poll(() -> {})).isInstanceOf(Poll.Ready.class);
    sending = lines.sendAsync("y".repeat(90)); // has no room
    assertThat(sending.poll(() -> {})).isInstanceOf(Poll.Pending.class);
    assertThatThrownBy(lines::parts).isInstanceOf(IllegalStateException.class).hasMessageContaining("waits");
    Future<?> receiving = lines.receiveAsync();
    assertThat(receiving.poll(() -> {})).isInstanceOf(Poll.Pending.class);
    sending.close();
    assertThatThrownBy(lines::parts).isInstanceOf(IllegalStateException.class).hasMessageContaining("waits");
    receiving.close();

    FramedParts parts = lines.parts();
    assertThat(parts.unread()).isEqualTo(ByteBuffer.wrap("rest".getBytes(US_ASCII)));
    assertThat(parts.unwritten().remaining()).isPositive();
    assertThatThrownBy(lines::parts).isInstanceOf(IllegalStateException.class).hasMessageContaining("parts");
    lines.reader().close();
    lines.writer().close();
    lines.close();
    assertThat(pair.left().isOpen()).as("the channel is the caller's").isTrue();
  }

  @Test
  void framesAsAStreamCloseTheChannelAtTheirEnd() throws IOException {
    Framed<String, String> lines = new Framed<>(pair.left(), Codec.lines(20));
    AsyncStream<String> frames = lines.frames();
    try (Future<@Nullable String> first = frames.nextAsync()) {
      assertThat(first.poll(() -> {})).isInstanceOf(Poll.Pending.class);
    }
    pair.right().writeFully(ByteBuffer.wrap("one\ntwo\n".getBytes(US_ASCII)));
    pair.right().shutdownOutput();
    assertThat(frames.next()).isEqualTo("one");
    assertThat(frames.nextAsync().await()).isEqualTo("two");
    assertThat(frames.next()).isNull();
    assertThat(pair.left().isOpen()).isFalse();
    assertThatThrownBy(frames::next).isInstanceOf(IllegalStateException.class).hasMessageContaining("no next one");
    frames.close();
  }

  @Test
  void aDecoderThatMakesFramesOfNothingIsStopped() {
    Decoder<String> endless = new Decoder<>() {
      @Override
      public String decode(ByteBuffer input) {
        return "frame";
      }

      @Override
      public int maxBytes() {
        return 1;
      }
    };
    assertThatThrownBy(() -> new FrameReader<>(AsyncReader.empty(), endless).receive())
        .isInstanceOf(IllegalStateException.class).hasMessageContaining("for ever");
  }

  @Test
  void badInput() {
    LengthDelimitedCodec codec = LengthDelimitedCodec.of(9);
    assertThatThrownBy(() -> LengthDelimitedCodec.of(-1)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1");
    assertThatThrownBy(() -> codec.withFieldSize(0)).hasMessageContaining("1 to 8: 0");
    assertThatThrownBy(() -> codec.withFieldSize(9)).hasMessageContaining("1 to 8: 9");
    assertThatThrownBy(() -> codec.withOffset(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> codec.withStripped(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Codec.fixedLength(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Codec.raw(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Codec.lines(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Codec.delimited(new byte[0], 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> encoded(Codec.fixedLength(3), 1)).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a frame must have 3 bytes, not 1");
    assertThatThrownBy(() -> encoded(Codec.delimited(bytes(1, 1), 9), 5, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("escape");
    FrameWriter<String> writer = new FrameWriter<>(AsyncWriter.discarding(), Codec.lines(9));
    assertThatThrownBy(() -> writer.feed(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> writer.sendAsync(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> new Framed<>(pair.left(), null)).isInstanceOf(NullPointerException.class);
  }

  @Test
  void aFrameBufferPatchesWhatItKnowsLater() throws IOException {
    Encoder<String> encoder = (text, out) -> {
      out.putByte(1).order(ByteOrder.LITTLE_ENDIAN).putInt(0).putShort(0x0203).putLong(4).putString(text, US_ASCII);
      out.setInt(1, out.length()).setByte(0, 9).put(ByteBuffer.wrap(bytes(5)));
      assertThatThrownBy(() -> out.setByte(out.length(), 1)).isInstanceOf(IndexOutOfBoundsException.class);
    };
    CutWriter sink = new CutWriter(List.of(1000), 0);
    BufferedAsyncWriter buffer = new BufferedAsyncWriter(sink, 8).order(ByteOrder.LITTLE_ENDIAN);
    FrameWriter<String> writer = new FrameWriter<>(buffer, encoder);
    writer.send("a");
    assertThat(sink.written.toByteArray()).containsExactly(9, 16, 0, 0, 0, 3, 2, 4, 0, 0, 0, 0, 0, 0, 0, 'a', 5);
  }
}
