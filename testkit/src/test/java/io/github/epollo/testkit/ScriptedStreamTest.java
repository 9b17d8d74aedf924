package io.github.epollo.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.loop.CarrierChoice;
import io.github.epollo.runtime.loop.Loop;
import io.github.epollo.testkit.jqwik.EpolloArbitraries;
import io.github.epollo.timers.Timers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Iterator;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScriptedStreamTest {
  private static byte[] bytes(String text) {
    return text.getBytes(US_ASCII);
  }

  private static ByteBuffer buffer(String text) {
    return ByteBuffer.wrap(bytes(text));
  }

  private static String read(ScriptedStream stream, int size) throws IOException {
    ByteBuffer target = ByteBuffer.allocate(size);
    int n = stream.read(target);
    return n < 0 ? "end" : new String(target.array(), 0, n, US_ASCII);
  }

  @Test
  void stepsGoInOrder() throws IOException {
    IOException reset = new IOException("reset");
    ScriptedStream stream = ScriptedStream.script().read(bytes("hello")).write(bytes("abc")).write(bytes("de"))
        .fail(reset).end().write(bytes("f")).build();
    assertThat(read(stream, 3)).isEqualTo("hel");
    assertThat(read(stream, 3)).isEqualTo("lo");
    ByteBuffer source = buffer("abcde");
    assertThat(stream.write(source)).isEqualTo(3);
    assertThat(stream.write(source)).isEqualTo(2);
    assertThatThrownBy(() -> read(stream, 1)).isSameAs(reset);
    assertThat(read(stream, 1)).isEqualTo("end");
    assertThat(read(stream, 1)).isEqualTo("end");
    stream.writeFully(buffer("f"));
    assertThat(read(stream, 1)).isEqualTo("end");
    stream.assertDone();
    stream.close();
    stream.close();
    assertThatThrownBy(() -> read(stream, 1)).isInstanceOf(ClosedChannelException.class);
  }

  @Test
  void aDifferenceIsShownAndNotForgotten() throws IOException {
    ScriptedStream stream = ScriptedStream.script().read(bytes("x")).write(bytes("hello world\n")).build();
    assertThat(read(stream, 1)).isEqualTo("x");
    stream.writeFully(buffer("hello"));
    ByteBuffer source = buffer(" word!");
    assertThatThrownBy(() -> stream.write(source)).isInstanceOf(AssertionError.class).hasMessage("""
        ScriptedStream at step 2 of 2: step 2, write of 12 bytes (5 done): the bytes differ at offset 9; \
        from offset 5 on,
          expected: 20 77 6f 72 6c 64 0a " world."
          actual:   20 77 6f 72 64 21 " word!\"""");
    assertThat(source.position()).isZero();
    assertThatThrownBy(() -> stream.write(buffer(" world\n"))).hasMessageContaining("differ at offset 9");
    assertThatThrownBy(() -> read(stream, 1)).hasMessageContaining("differ at offset 9");
    assertThatThrownBy(stream::assertDone).hasMessageContaining("differ at offset 9");
    stream.close(); // has told already
  }

  @Test
  void whatTheScriptDoesNotExpectFails() throws IOException {
    ScriptedStream early = ScriptedStream.script().read(bytes("hello")).write(bytes("a")).build();
    assertThat(read(early, 2)).isEqualTo("he");
    assertThatThrownBy(() -> early.write(buffer("a"))).isInstanceOf(AssertionError.class)
        .hasMessageContaining("a write of 1 bytes, 61 \"a\", before step 1, read of 5 bytes (2 done)");
    ScriptedStream late = ScriptedStream.script().build();
    assertThatThrownBy(() -> late.write(buffer("a"))).isInstanceOf(AssertionError.class)
        .hasMessageContaining("ScriptedStream after 0 steps: a write of 1 bytes").hasMessageContaining("last step");
    ScriptedStream over = ScriptedStream.script().build();
    assertThatThrownBy(() -> read(over, 1)).isInstanceOf(AssertionError.class).hasMessageContaining("add end()");
  }

  @Test
  void whatIsLeftIsNamed() throws IOException {
    ScriptedStream stream = ScriptedStream.script().read(bytes("hello")).write(bytes("a")).pause(Duration.ofSeconds(1))
        .fail(new IOException("reset")).end().build();
    assertThat(read(stream, 2)).isEqualTo("he");
    String left = "ScriptedStream at step 1 of 5: 5 of 5 steps are left: step 1, read of 5 bytes (2 done); "
        + "step 2, write of 1 bytes; step 3, pause of PT1S; step 4, failure with java.io.IOException: reset; "
        + "step 5, end of the input";
    assertThatThrownBy(stream::assertDone).isInstanceOf(AssertionError.class).hasMessage(left);
    assertThatThrownBy(stream::close).isInstanceOf(AssertionError.class).hasMessage(left);
    assertThat(stream.isOpen()).isFalse();
    stream.close();
  }

  @Test
  void aTryBlockThatFailsKeepsItsOwnFailure() {
    assertThatThrownBy(() -> {
      try (ScriptedStream stream = ScriptedStream.script().write(bytes("a")).build()) {
        stream.write(buffer("b"));
      }
    }).hasMessageContaining("differ at offset 0").hasNoSuppressedExceptions();
  }

  @Test
  void zeroLengthOperationsUseNothing() throws IOException {
    ScriptedStream stream = ScriptedStream.script().fail(new IOException("reset")).build();
    assertThat(stream.read(ByteBuffer.allocate(0))).isZero();
    assertThat(stream.write(ByteBuffer.allocate(0))).isZero();
    assertThatThrownBy(stream::assertDone).hasMessageContaining("failure with");
  }

  @Test
  void badScriptsAreRefused() {
    assertThatThrownBy(() -> ScriptedStream.script().read(new byte[0])).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ScriptedStream.script().write(new byte[0])).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ScriptedStream.script().pause(Duration.ofNanos(-1)))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("PT-0.000000001S");
    assertThatThrownBy(() -> ScriptedStream.script().end().read(bytes("a"))).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> ScriptedStream.script().end().end()).isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @EnumSource(names = {"LOOP", "SHARED"})
  void aReadWaitsForTheWriteBeforeIt(CarrierChoice carrier) {
    Epollo.run(EpolloOptions.defaults().withCarrier(carrier), () -> {
      ScriptedStream stream = ScriptedStream.script().write(bytes("ping")).read(bytes("pong")).end().build();
      Task<String> reader = Tasks.spawn(() -> read(stream, 9));
      Tasks.yieldNow();
      stream.writeFully(buffer("pi"));
      Tasks.yieldNow();
      assertThat(reader.isDone()).isFalse();
      stream.writeFullyAsync(buffer("ng")).await();
      assertThat(reader.join()).isEqualTo("pong");
      assertThat(stream.readAsync(ByteBuffer.allocate(1)).await()).isEqualTo(-1);
      stream.assertDone();
    });
  }

  @ParameterizedTest
  @EnumSource(names = {"LOOP", "SHARED"})
  void aPauseHoldsBothSidesUpAndIsNeverShort(CarrierChoice carrier) {
    Epollo.run(EpolloOptions.defaults().withCarrier(carrier), () -> {
      ScriptedStream stream = ScriptedStream.script().pause(Duration.ofMillis(20)).pause(Duration.ofMillis(10))
          .write(bytes("a")).pause(Duration.ZERO).read(bytes("b")).pause(Duration.ofDays(1)).build();
      long begin = Loop.current().now();
      Task<String> reader = Tasks.spawn(() -> read(stream, 9));
      stream.writeFully(buffer("a"));
      assertThat(Loop.current().now() - begin).isGreaterThanOrEqualTo(30_000_000);
      assertThat(reader.join()).isEqualTo("b");
      assertThatThrownBy(stream::assertDone).hasMessageContaining("step 6, pause of PT24H");
      assertThatThrownBy(() -> Timers.withTimeout(Duration.ofMillis(1), () -> read(stream, 9)))
          .isInstanceOf(DeadlineExceededException.class);
      stream.assertDone(); // it is enough that the last pause has begun
      Task<String> waiting = Tasks.spawn(() -> read(stream, 9));
      Timers.sleep(Duration.ofMillis(1));
      stream.close();
      assertThatThrownBy(waiting::join).satisfiesAnyOf(
          e -> assertThat(e).hasRootCauseInstanceOf(AsynchronousCloseException.class),
          e -> assertThat(e).hasRootCauseInstanceOf(ClosedChannelException.class)); // it had not begun
    });
  }

  @ParameterizedTest
  @EnumSource(names = {"LOOP", "SHARED"})
  void aWrongWriteFailsTheReadThatWaitsForIt(CarrierChoice carrier) {
    Epollo.run(EpolloOptions.defaults().withCarrier(carrier), () -> {
      ScriptedStream stream = ScriptedStream.script().write(bytes("ping")).read(bytes("pong")).build();
      Task<String> reader = Tasks.spawn(() -> read(stream, 9));
      Tasks.yieldNow();
      assertThatThrownBy(() -> stream.write(buffer("pong"))).hasMessageContaining("offset 1");
      assertThatThrownBy(reader::join).isInstanceOf(AssertionError.class).hasMessageContaining("offset 1");
    });
  }

  @Provide
  Arbitrary<Chunking> chunkings() {
    return EpolloArbitraries.chunkings(20);
  }

  /** The model of each side is the bytes themselves; pieces of both in turns, through buffers of any size. */
  @Property(tries = 300)
  void whatIsScriptedArrives(@ForAll @IntRange(max = 40) int inputLength, @ForAll("chunkings") Chunking inputCuts,
      @ForAll @IntRange(max = 40) int outputLength, @ForAll("chunkings") Chunking outputCuts,
      @ForAll @IntRange(min = 1, max = 10) int size) throws IOException {
    byte[] input = DuplexStreamPropertiesTest.pattern(inputLength);
    byte[] output = DuplexStreamPropertiesTest.pattern(outputLength);
    Script script = ScriptedStream.script();
    Iterator<byte[]> reads = inputCuts.cut(input).iterator();
    Iterator<byte[]> writes = outputCuts.cut(output).iterator();
    while (reads.hasNext() || writes.hasNext()) {
      if (writes.hasNext()) {
        script.write(writes.next());
      }
      if (reads.hasNext()) {
        script.read(reads.next());
      }
    }
    ScriptedStream stream = script.end().build();
    reads = inputCuts.cut(input).iterator();
    writes = outputCuts.cut(output).iterator();
    ByteBuffer target = ByteBuffer.allocate(input.length);
    while (reads.hasNext() || writes.hasNext()) {
      if (writes.hasNext()) {
        for (byte[] piece : Chunking.cycle(size).cut(writes.next())) {
          stream.writeFully(ByteBuffer.wrap(piece));
        }
      }
      if (reads.hasNext()) {
        for (int left = reads.next().length; left > 0;) {
          int n = stream.read(target.limit(Math.min(input.length, target.position() + size)));
          assertThat(n).isEqualTo(Math.min(size, left)); // never across the end of a step
          left -= n;
        }
      }
    }
    assertThatThrownBy(stream::assertDone).hasMessageContaining("end of the input");
    assertThat(stream.read(ByteBuffer.allocate(1))).isEqualTo(-1);
    stream.assertDone();
    assertThat(target.array()).isEqualTo(input);
  }

  @Test
  void afterShutdownOutputNothingIsWrittenAndTheScriptMayStillWantIt() throws IOException {
    ScriptedStream stream = ScriptedStream.script().read(new byte[]{1}).write(new byte[]{2}).build();
    stream.shutdownOutput();
    stream.shutdownOutput();
    assertThat(stream.read(ByteBuffer.allocate(1))).isEqualTo(1);
    assertThatThrownBy(() -> stream.write(ByteBuffer.allocate(1))).isInstanceOf(ClosedChannelException.class)
        .hasMessageContaining("output was shut down");
    assertThatThrownBy(stream::assertDone).isInstanceOf(AssertionError.class).hasMessageContaining("write of 1 bytes");
  }
}
