package io.github.epollo.runtime.io;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.future.Poll;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Readers made of readers, and what is refused. */
class ReadersTest {
  private static byte[] pattern(int length) {
    return ByteCopyTest.pattern(length);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(US_ASCII);
  }

  private static String text(AsyncReader reader) throws IOException {
    return new String(new BufferedAsyncReader(reader).readAll(1000), US_ASCII);
  }

  /** A chain of two, limited, is the model's array cut off; the rest comes from what is left of the chain. */
  @Property(tries = 1000)
  void chainAndTake(@ForAll @IntRange(max = 50) int first, @ForAll @IntRange(max = 50) int second,
      @ForAll @IntRange(max = 120) int limit,
      @ForAll @Size(min = 1, max = 5) List<@IntRange(min = 1, max = 30) Integer> cuts,
      @ForAll @IntRange(max = 6) int kth, @ForAll boolean futures) throws Exception {
    int stop = kth == 1 ? 0 : kth;
    byte[] all = pattern(first + second);
    AsyncReader chain = new CutReader(Arrays.copyOf(all, first), cuts, futures ? 0 : stop)
        .chain(new CutReader(Arrays.copyOfRange(all, first, all.length), cuts, futures ? 0 : stop));
    AsyncReader taken = chain.take(limit);
    int expected = Math.min(limit, all.length);
    assertThat(readAll(taken, stop, futures)).isEqualTo(Arrays.copyOf(all, expected));
    assertThat(readAll(chain, stop, futures)).isEqualTo(Arrays.copyOfRange(all, expected, all.length));
  }

  private static byte[] readAll(AsyncReader reader, int kth, boolean futures) throws Exception {
    ByteBuffer all = ByteBuffer.allocate(200);
    while ((futures ? Stops.drive(() -> reader.readAsync(all), kth) : Stops.again(() -> reader.read(all))) >= 0) {
      assertThat(all.hasRemaining()).isTrue();
    }
    return Arrays.copyOf(all.array(), all.position());
  }

  @Test
  void readersOfMemory() throws IOException {
    ByteBuffer source = ByteBuffer.wrap(bytes("hello")).position(1).limit(4);
    AsyncReader reader = AsyncReader.of(source);
    assertThat(text(reader)).isEqualTo("ell");
    assertThat(source.position()).isEqualTo(1);
    assertThat(text(AsyncReader.of(bytes("hello")))).isEqualTo("hello");
    assertThat(AsyncReader.empty().read(ByteBuffer.allocate(1))).isEqualTo(-1);
    assertThat(AsyncReader.empty().read(ByteBuffer.allocate(0))).isZero();
    assertThat(AsyncReader.of(bytes("x")).readAsync(ByteBuffer.allocate(5)).await()).isEqualTo(1);
    reader.close();
    assertThat(reader.isOpen()).isFalse();
    assertThatThrownBy(() -> reader.read(ByteBuffer.allocate(1))).isInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(() -> AsyncReader.empty().read(ByteBuffer.allocate(1).asReadOnlyBuffer()))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("read-only");
    assertThatThrownBy(() -> AsyncReader.empty().readFully(ByteBuffer.allocate(3))).isInstanceOf(EOFException.class)
        .hasMessageContaining("0 of 3");
  }

  @Test
  void aPrefixedChannelReadsThePrefixFirstAndWritesThrough() throws IOException {
    DuplexStream.Pair pair = DuplexStream.pair(10);
    AsyncByteChannel channel = pair.left().prefixed(ByteBuffer.wrap(bytes("un")));
    pair.right().writeFully(ByteBuffer.wrap(bytes("read")));
    pair.right().shutdownOutput();
    assertThat(text(channel)).isEqualTo("unread");
    channel.writeFully(ByteBuffer.wrap(bytes("back")));
    channel.shutdownOutput();
    assertThat(text(pair.right())).isEqualTo("back");
    assertThat(channel.isOpen()).isTrue();
    channel.close();
    assertThat(pair.left().isOpen()).isFalse();
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void aWriterThatDiscards() throws IOException {
    AsyncWriter writer = AsyncWriter.discarding();
    assertThat(writer.write(ByteBuffer.allocate(3))).isEqualTo(3);
    assertThat(writer.writeAsync(ByteBuffer.allocate(4)).await()).isEqualTo(4);
    writer.shutdownOutputAsync().await();
    assertThatThrownBy(() -> writer.write(ByteBuffer.allocate(3))).isInstanceOf(ClosedChannelException.class)
        .hasMessageContaining("shut down");
    writer.close();
    assertThatThrownBy(writer::shutdownOutput).isInstanceOf(ClosedChannelException.class);
  }

  @Test
  void whileAFutureWaitsNothingElseIsAllowed() throws IOException {
    BufferedAsyncReader reader = new BufferedAsyncReader(new CutReader(bytes("ab\n"), List.of(1), 0));
    var line = reader.readLineAsync(10);
    assertThat(line.poll(() -> {})).isInstanceOf(Poll.Pending.class);
    assertThatThrownBy(reader::readByte).isInstanceOf(IllegalStateException.class).hasMessageContaining("a future");
    assertThatThrownBy(reader::peek).isInstanceOf(IllegalStateException.class);
    line.close();
    assertThat(reader.readLine(10)).isEqualTo("ab");
  }

  @Test
  void fillPeekAndConsume() throws IOException {
    BufferedAsyncReader reader = new BufferedAsyncReader(new CutReader(bytes("hello"), List.of(2), 0), 3);
    assertThat(reader.fill()).isEqualTo(2);
    assertThat(reader.fillAsync().await()).isEqualTo(1);
    assertThat(reader.fill()).as("full").isZero();
    assertThat(reader.fillAsync().await()).isZero();
    assertThat(reader.peek()).isEqualTo(ByteBuffer.wrap(bytes("hel"))).matches(ByteBuffer::isReadOnly);
    reader.consume(2);
    assertThat(reader.buffered()).isEqualTo(1);
    assertThatThrownBy(() -> reader.consume(2)).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("cannot consume 2 bytes: 1 are buffered");
    assertThat(reader.fill()).isEqualTo(2);
    assertThat(reader.fill()).isZero();
    assertThat(new String(reader.readExactly(3), US_ASCII)).isEqualTo("llo");
    assertThat(reader.fill()).isEqualTo(-1);
    assertThat(reader.fillAsync().await()).isEqualTo(-1);
  }

  @Test
  void aLengthThatThePeerMadeUpCostsNoMemory() {
    BufferedAsyncReader reader = new BufferedAsyncReader(AsyncReader.of(pattern(100)), 16);
    assertThatThrownBy(() -> reader.readExactly(2_000_000_000)).isInstanceOf(EOFException.class)
        .hasMessage("the input ended after 100 of 2000000000 bytes");
    assertThat(reader.buffer.capacity()).isLessThanOrEqualTo(256);
  }

  @Test
  void badInput() {
    AsyncReader empty = AsyncReader.empty();
    BufferedAsyncReader reader = new BufferedAsyncReader(empty);
    assertThatThrownBy(() -> new BufferedAsyncReader(empty, 0)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("positive: 0");
    assertThatThrownBy(() -> new BufferedAsyncWriter(AsyncWriter.discarding(), -1))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("positive: -1");
    assertThatThrownBy(() -> new BufferedAsyncReader(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> new BufferedAsyncWriter(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> reader.readLine(-1)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1");
    assertThatThrownBy(() -> reader.readLine(1, null)).isInstanceOf(NullPointerException.class).hasMessage("charset");
    BufferedAsyncReader full = new BufferedAsyncReader(AsyncReader.of(bytes("x")));
    ByteBuffer readOnly = ByteBuffer.allocate(1).asReadOnlyBuffer();
    for (int i = 0; i < 2; i++) {
      boolean twin = i == 1;
      assertThatThrownBy(() -> {
        int _ = twin ? full.readAsync(readOnly).await() : full.read(readOnly);
      }).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("read-only");
      assertThat(full.buffered()).isEqualTo(1);
    }
    assertThatThrownBy(() -> reader.readAll(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> reader.readExactly(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> reader.require(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> reader.skip(-1)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("-1");
    assertThatThrownBy(() -> reader.consume(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> reader.readUntil(new byte[0], 5)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least one byte");
    assertThatThrownBy(() -> reader.readUntil((byte) 0, -5)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> empty.take(-1)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("-1");
    assertThatThrownBy(() -> empty.chain(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> AsyncByteChannel.of(empty, null)).isInstanceOf(NullPointerException.class);
  }

  @Test
  void aSourceThatDoesNotWaitIsReportedInsteadOfSpun() {
    AsyncReader lazy = new CutReader(bytes("abc"), List.of(0), 0);
    assertThatThrownBy(() -> new BufferedAsyncReader(lazy).readByte()).isInstanceOf(IOException.class)
        .hasMessageContaining("moved no byte");
    CutWriter sink = new CutWriter(List.of(0), 0);
    BufferedAsyncWriter writer = new BufferedAsyncWriter(sink);
    assertThatThrownBy(() -> {
      writer.writeByte(1);
      writer.flush();
    }).isInstanceOf(IOException.class).hasMessageContaining("moved no byte");
  }
}
