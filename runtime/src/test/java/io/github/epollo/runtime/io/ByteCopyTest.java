package io.github.epollo.runtime.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.io.BidirectionalCopy.Counts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ByteCopyTest {
  static byte[] pattern(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i + 1);
    }
    return bytes;
  }

  /** Hazard 19, on both sides. */
  @Property(tries = 1000)
  void aCopyStoppedAtItsKthWaitGoesOnWhereItWas(@ForAll @IntRange(max = 200) int length,
      @ForAll @Size(min = 1, max = 5) List<@IntRange(min = 1, max = 30) Integer> cuts,
      @ForAll @IntRange(min = 1, max = 40) int size, @ForAll @IntRange(max = 6) int kth, @ForAll boolean futures,
      @ForAll @IntRange(max = 250) int limit) throws Exception {
    int stop = kth == 1 ? 0 : kth;
    CutReader reader = new CutReader(pattern(length), cuts, futures ? 0 : stop);
    CutWriter writer = new CutWriter(cuts.reversed(), futures ? 0 : stop);
    AtomicLong progress = new AtomicLong();
    ByteCopy copy = new ByteCopy(reader, writer,
        CopyOptions.defaults().withBufferSize(size).withLimit(limit).withProgress(progress::addAndGet));
    long count = futures ? Stops.drive(copy::runAsync, stop) : Stops.again(copy::run);

    int expected = Math.min(limit, length);
    assertThat(count).isEqualTo(expected).isEqualTo(copy.count()).isEqualTo(progress.get());
    assertThat(writer.written.toByteArray()).isEqualTo(pattern(expected));
    BufferedAsyncReader rest = new BufferedAsyncReader(reader);
    assertThat(Stops.again(() -> rest.readAll(1000)))
        .as("it reads no further than the limit").isEqualTo(Arrays.copyOfRange(pattern(length), expected, length));
  }

  /** The broken twin forgets what it has read when it is stopped: each try is a new copy. */
  @Test
  void aCopyThatBeginsAnewWhenStoppedLosesBytes() throws Exception {
    CutReader reader = new CutReader(pattern(50), List.of(7), 0);
    CutWriter writer = new CutWriter(List.of(3), 0);
    Stops.drive(() -> new ByteCopy(reader, writer).runAsync(), 3);
    assertThat(writer.written.toByteArray()).isNotEqualTo(pattern(50));
  }

  @Test
  void aFailureLeavesWhatWasReadForTheNextRun() throws IOException {
    CutWriter writer = new CutWriter(List.of(100), 0);
    ByteCopy copy = new ByteCopy(AsyncReader.of(pattern(10)), writer);
    writer.failure = new IOException("disk full");
    assertThatThrownBy(copy::run).isSameAs(writer.failure);
    writer.failure = null;
    assertThat(copy.run()).isEqualTo(10);
    assertThat(writer.written.toByteArray()).isEqualTo(pattern(10));
    assertThat(ByteCopy.copy(AsyncReader.of(pattern(10)), AsyncWriter.discarding())).isEqualTo(10);
    assertThat(ByteCopy.copyAsync(AsyncReader.of(pattern(10)), AsyncWriter.discarding()).await()).isEqualTo(10);
  }

  @Test
  void whileAFutureWaitsNothingElseIsAllowed() throws IOException {
    ByteCopy copy = new ByteCopy(new CutReader(pattern(10), List.of(4), 0), AsyncWriter.discarding());
    Future<Long> running = copy.runAsync();
    running.poll(() -> {});
    assertThatThrownBy(copy::run).isInstanceOf(IllegalStateException.class).hasMessageContaining("under way");
    running.close();
    assertThat(copy.run()).isEqualTo(10);
  }

  @Test
  @Timeout(60)
  void whenADirectionFailsNobodyWaitsForAPeerThatDoesNotReadWhatABufferHolds() {
    IOException reset = new IOException("reset");
    for (boolean stackless : new boolean[]{false, true}) {
      Epollo.run(() -> {
        DuplexStream.Pair slow = DuplexStream.pair(1);
        BufferedAsyncWriter held = new BufferedAsyncWriter(slow.left());
        held.writeBytes(pattern(10));
        DuplexStream silent = DuplexStream.pair(1).left();
        CutWriter broken = new CutWriter(List.of(1), 0);
        broken.failure = reset;
        Future<Counts> copy = new BidirectionalCopy(AsyncByteChannel.of(AsyncReader.of(pattern(3)), held),
            AsyncByteChannel.of(silent, broken)).runAsync();
        Task<Counts> task = stackless ? Tasks.spawn(copy) : Tasks.spawn(() -> copy.await());
        assertThatThrownBy(task::join).hasRootCause(reset);
        assertThat(held.isOpen() || slow.left().isOpen() || silent.isOpen() || broken.isOpen()).isFalse();
        assertThat(reset.getSuppressed()).isEmpty();
        assertThat(slow.right().read(ByteBuffer.allocate(1))).as("what was held back is lost").isEqualTo(-1);
      });
    }
  }

  @Test
  void badInput() {
    AsyncReader reader = AsyncReader.empty();
    assertThatThrownBy(() -> CopyOptions.defaults().withBufferSize(0)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("positive: 0");
    assertThatThrownBy(() -> CopyOptions.defaults().withLimit(-1)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1");
    assertThatThrownBy(() -> new ByteCopy(reader, null)).isInstanceOf(NullPointerException.class)
        .hasMessageContaining("to");
    DuplexStream one = DuplexStream.pair(4).left();
    assertThatThrownBy(() -> new BidirectionalCopy(one, one)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ByteCopy");
  }
}
