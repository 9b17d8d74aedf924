package io.github.epollo.runtime.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** The model is a {@link DataOutputStream}: whatever is cancelled, and made again, its bytes come out once and in order. */
class BufferedAsyncWriterPropertiesTest {
  private enum Kind {
    BYTE, SHORT, INT, LONG, FLOAT, DOUBLE, STRING, BYTES, FULLY, WRITE, FLUSH
  }

  private record Op(Kind kind, int n) {}

  @Provide
  Arbitrary<List<Op>> ops() {
    return Combinators.combine(Arbitraries.of(Kind.class), Arbitraries.integers().between(0, 40)).as(Op::new).list()
        .ofMaxSize(30);
  }

  @Property(tries = 2000)
  void whatIsWrittenArrivesOnceAndInOrder(@ForAll("ops") List<Op> ops,
      @ForAll @Size(min = 1, max = 5) List<@IntRange(min = 1, max = 30) Integer> cuts,
      @ForAll @IntRange(min = 1, max = 40) int size, @ForAll @IntRange(max = 6) int kth, @ForAll boolean futures)
      throws Exception {
    int stop = kth == 1 ? 0 : kth;
    CutWriter sink = new CutWriter(cuts, futures ? 0 : stop);
    BufferedAsyncWriter writer = new BufferedAsyncWriter(sink, size);
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    DataOutputStream model = new DataOutputStream(expected);
    for (Op op : ops) {
      int n = op.n;
      byte[] bytes = new byte[n];
      for (int i = 0; i < n; i++) {
        bytes[i] = (byte) (n + i);
      }
      switch (op.kind) {
        case BYTE -> {
          model.writeByte(n);
          again(() -> writer.writeByte(n));
        }
        case SHORT -> {
          model.writeShort(Short.reverseBytes((short) n));
          again(() -> writer.order(ByteOrder.LITTLE_ENDIAN).writeShort(n));
          writer.order(ByteOrder.BIG_ENDIAN);
        }
        case INT -> {
          model.writeInt(n);
          again(() -> writer.writeInt(n));
        }
        case LONG -> {
          model.writeLong(n);
          again(() -> writer.writeLong(n));
        }
        case FLOAT -> {
          model.writeFloat(n);
          again(() -> writer.writeFloat(n));
        }
        case DOUBLE -> {
          model.writeDouble(n);
          again(() -> writer.writeDouble(n));
        }
        case STRING -> {
          model.write("ä".repeat(n).getBytes(UTF_8));
          again(() -> writer.writeString("ä".repeat(n), UTF_8));
        }
        case BYTES -> {
          model.write(bytes);
          again(() -> writer.writeBytes(bytes));
        }
        case FULLY -> {
          model.write(bytes);
          ByteBuffer source = ByteBuffer.wrap(bytes);
          if (futures) {
            Stops.drive(() -> writer.writeFullyAsync(source), stop);
          } else {
            again(() -> writer.writeFully(source));
          }
        }
        case WRITE -> {
          ByteBuffer source = ByteBuffer.wrap(bytes);
          int written = futures
              ? Stops.drive(() -> writer.writeAsync(source), stop)
              : Stops.again(() -> writer.write(source));
          assertThat(written).isEqualTo(source.position()).isBetween(Math.min(n, 1), n);
          model.write(bytes, 0, written);
        }
        case FLUSH -> {
          if (futures) {
            Stops.drive(writer::flushAsync, stop);
          } else {
            again(writer::flush);
          }
          assertThat(writer.buffered()).isZero();
          assertThat(sink.written.toByteArray()).isEqualTo(expected.toByteArray());
        }
      }
      assertThat(sink.written.size() + writer.buffered()).isEqualTo(expected.size());
    }
    if (futures) {
      Stops.drive(writer::shutdownOutputAsync, stop);
    } else {
      again(writer::shutdownOutput);
    }
    assertThat(sink.written.toByteArray()).isEqualTo(expected.toByteArray());
    assertThat(sink.shutDown).isTrue();
  }

  private interface Action {
    void run() throws IOException;
  }

  private static void again(Action action) throws Exception {
    Stops.again(() -> {
      action.run();
      return true;
    });
  }

  @Test
  void whatAFailedFlushCouldNotWriteIsKeptForTheNext() throws IOException {
    CutWriter sink = new CutWriter(List.of(2), 0);
    BufferedAsyncWriter writer = new BufferedAsyncWriter(sink);
    writer.writeInt(0x01020304);
    sink.failure = new IOException("disk full");
    assertThatThrownBy(writer::flush).isSameAs(sink.failure);
    assertThatThrownBy(writer::shutdownOutput).isSameAs(sink.failure);
    assertThat(writer.buffered()).isEqualTo(4);
    assertThat(sink.shutDown).isFalse();
    sink.failure = null;
    writer.flush();
    assertThat(sink.written.toByteArray()).containsExactly(1, 2, 3, 4);
  }

  @Test
  void closeFlushesAndClosesEvenIfThatFails() throws IOException {
    CutWriter sink = new CutWriter(List.of(2), 0);
    BufferedAsyncWriter writer = new BufferedAsyncWriter(sink);
    writer.writeByte(1);
    writer.close();
    writer.close();
    assertThat(sink.written.toByteArray()).containsExactly(1);
    assertThat(sink.closed).isTrue();
    assertThat(writer.isOpen()).isFalse();
    assertThatThrownBy(() -> writer.writeByte(1)).isInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(writer::flush).isInstanceOf(ClosedChannelException.class);

    CutWriter full = new CutWriter(List.of(2), 0);
    BufferedAsyncWriter failing = new BufferedAsyncWriter(full);
    failing.writeByte(1);
    full.failure = new IOException("disk full");
    assertThatThrownBy(failing::close).isSameAs(full.failure);
    assertThat(full.closed).isTrue();
  }

  @Test
  void theBufferIsSmallAgainAfterALongString() throws IOException {
    CutWriter sink = new CutWriter(List.of(10_000), 0);
    BufferedAsyncWriter writer = new BufferedAsyncWriter(sink, 16);
    writer.writeString("x".repeat(1000), UTF_8);
    assertThat(writer.buffer.capacity()).isGreaterThanOrEqualTo(1000);
    writer.writeByte('y');
    assertThat(writer.buffer.capacity()).isEqualTo(16);
  }

  @Test
  void whileAFutureWaitsNothingElseIsAllowed() throws IOException {
    BufferedAsyncWriter writer = new BufferedAsyncWriter(new CutWriter(List.of(2), 0));
    writer.writeInt(7);
    var flush = writer.flushAsync();
    flush.poll(() -> {});
    assertThatThrownBy(() -> writer.writeByte(1)).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("a future");
    flush.close();
    writer.writeByte(1);
    assertThat(writer.buffered()).isEqualTo(5);
  }
}
