package io.github.epollo.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.DeadlineExceededException;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.io.DuplexStream;
import io.github.epollo.runtime.loop.CarrierChoice;
import io.github.epollo.timers.Timers;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract of one operation; whole streams of them are in {@link DuplexStreamPropertiesTest}. */
class DuplexStreamTest {
  private final DuplexStream.Pair pair = DuplexStream.pair(4);
  private final DuplexStream left = pair.left();
  private final DuplexStream right = pair.right();

  private static ByteBuffer bytes(int... values) {
    ByteBuffer buffer = ByteBuffer.allocate(values.length);
    for (int value : values) {
      buffer.put((byte) value);
    }
    return buffer.flip();
  }

  private static ByteBuffer room(int size) {
    return ByteBuffer.allocate(size);
  }

  private static boolean isPending(Future<?> future) {
    return future.poll(() -> {}) instanceof Poll.Pending;
  }

  @Test
  void aWriteTakesWhatFitsAndTheRestWaits() throws IOException {
    ByteBuffer source = bytes(1, 2, 3, 4, 5, 6);
    assertThat(left.write(source)).isEqualTo(4);
    Future<Integer> rest = left.writeAsync(source);
    assertThat(isPending(rest)).isTrue();

    ByteBuffer target = room(3);
    assertThat(right.read(target)).isEqualTo(3);
    assertThat(rest.poll(() -> {})).isEqualTo(Poll.ready(2));
    right.readFully(target.clear());
    assertThat(target.flip()).isEqualTo(bytes(4, 5, 6));
    assertThat(source.hasRemaining()).isFalse();
  }

  @Test
  void readsAndWritesEndAtTheCuts() throws IOException {
    DuplexStream.Pair wide = DuplexStream.pair(100);
    ChunkedStream left = new ChunkedStream(wide.left()).limitWrites(Chunking.of(5, 1));
    ChunkedStream right = new ChunkedStream(wide.right()).limitReads(Chunking.cycle(2));
    ByteBuffer source = bytes(1, 2, 3, 4, 5, 6, 7, 8, 9);
    assertThat(List.of(left.write(source), left.write(source), left.write(source)))
        .containsExactly(5, 1, 3);
    ByteBuffer target = room(20);
    List<Integer> reads = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      reads.add(right.read(target));
    }
    assertThat(reads).containsExactly(2, 2, 2, 2, 1);

    left.write(bytes(1, 2, 3, 4, 5, 6, 7));
    right.limitReads(Chunking.of(5));
    assertThat(List.of(right.read(room(4)), right.read(room(4)), right.read(room(4))))
        .containsExactly(4, 1, 2);
  }

  @Test
  void buffersOfOtherKindsAndOffsetsKeepTheirOtherBytes() throws IOException {
    ByteBuffer target = ByteBuffer.allocateDirect(8).position(2).limit(5);
    left.write(bytes(9, 1, 2, 3).position(1).slice().asReadOnlyBuffer());
    assertThat(right.read(target)).isEqualTo(3);
    ByteBuffer all = target.clear();
    assertThat(new int[]{all.get(1), all.get(2), all.get(3), all.get(4), all.get(5)}).containsExactly(0, 1, 2, 3, 0);
  }

  @Test
  void zeroLengthOperationsNeverWait() throws IOException {
    assertThat(right.read(room(0))).isZero();
    left.write(bytes(1, 2, 3, 4));
    assertThat(left.write(room(0))).isZero();
    right.close();
    assertThat(left.write(room(0))).isZero();
    left.readFully(room(0));
    left.close();
    assertThatThrownBy(() -> left.write(room(0))).isInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(() -> left.read(room(0))).isInstanceOf(ClosedChannelException.class);
  }

  @Test
  void badArgumentsAreRefused() {
    assertThatThrownBy(() -> DuplexStream.pair(0)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("positive: 0");
    assertThatThrownBy(() -> left.read(room(3).asReadOnlyBuffer())).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("read-only");
  }

  @Test
  void afterShutdownOutputThePeerReadsTheRestAndThenTheEnd() throws IOException {
    left.write(bytes(1, 2));
    left.shutdownOutput();
    left.shutdownOutput();
    assertThat(right.read(room(8))).isEqualTo(2);
    assertThat(right.read(room(8))).isEqualTo(-1);
    assertThat(right.read(room(8))).isEqualTo(-1);
    assertThatThrownBy(() -> right.readFully(room(8))).isInstanceOf(EOFException.class).hasMessageContaining("0 of 8");
    assertThatThrownBy(() -> left.write(bytes(3))).isInstanceOf(ClosedChannelException.class)
        .hasMessageContaining("output was shut down");
    right.write(bytes(4));
    assertThat(left.read(room(8))).isEqualTo(1);
    assertThat(left.isOpen()).isTrue();
  }

  @Test
  void afterClosePeerReadsTheRestAndCannotWrite() throws IOException {
    left.write(bytes(1, 2));
    left.close();
    left.close();
    assertThatThrownBy(() -> right.write(bytes(3))).isExactlyInstanceOf(IOException.class)
        .hasMessage("cannot write to DuplexStream[right]: the other end was closed");
    assertThat(right.read(room(8))).isEqualTo(2);
    assertThat(right.read(room(8))).isEqualTo(-1);
    assertThat(left.isOpen()).isFalse();
    assertThat(right.isOpen()).isTrue();
    assertThatThrownBy(() -> left.read(room(8))).isInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(() -> left.write(bytes(3))).isInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(left::shutdownOutput).isInstanceOf(ClosedChannelException.class)
        .hasMessageContaining("closed on this side");
  }

  @ParameterizedTest
  @EnumSource(names = {"LOOP", "SHARED"})
  void whoeverWaitsIsToldOfAClose(CarrierChoice carrier) {
    EpolloOptions options = EpolloOptions.defaults().withCarrier(carrier).withUncaughtHandler((_, _) -> {});
    try (Epollo epollo = Epollo.start(options)) {
      epollo.call(() -> whoeverWaitsIsToldOfAClose(epollo));
    }
  }

  private void whoeverWaitsIsToldOfAClose(Epollo epollo) throws IOException {
    left.write(bytes(1, 2, 3, 4));
    right.write(bytes(1, 2, 3, 4));
    Task<Integer> ownWrite = Tasks.spawn(() -> left.write(bytes(5)));
    Task<Integer> peersWrite = Tasks.spawn(() -> right.write(bytes(5)));
    untilParked(epollo, 2);
    left.close();
    assertThatThrownBy(ownWrite::join).hasRootCauseInstanceOf(AsynchronousCloseException.class)
        .hasStackTraceContaining("DuplexStream[left] was closed on this side");
    assertThatThrownBy(peersWrite::join).hasStackTraceContaining("the other end was closed");

    DuplexStream.Pair other = DuplexStream.pair(1);
    Task<Integer> ownRead = Tasks.spawn(() -> other.left().read(room(1)));
    Task<Integer> peersRead = Tasks.spawn(() -> other.right().read(room(1)));
    untilParked(epollo, 2);
    other.left().close();
    assertThatThrownBy(ownRead::join).hasRootCauseInstanceOf(AsynchronousCloseException.class);
    assertThat(peersRead.join()).isEqualTo(-1);

    DuplexStream.Pair third = DuplexStream.pair(1);
    Task<Integer> peersFuture = Tasks.spawn(third.right().readFullyAsync(room(5)).map(_ -> 5));
    third.left().close();
    assertThatThrownBy(peersFuture::join).hasRootCauseInstanceOf(EOFException.class);
  }

  private static void untilParked(Epollo epollo, int tasks) {
    for (long end = System.nanoTime() + 30_000_000_000L; parked(epollo.dump()) < tasks;) {
      assertThat(System.nanoTime()).as(epollo.dump()).isLessThan(end);
      Tasks.yieldNow();
    }
  }

  private static long parked(String dump) {
    return dump.lines().filter(line -> line.contains("(waiting for DuplexStream[")).count();
  }

  @Test
  void aSecondReaderOrWriterIsRefusedUntilTheFirstHasGivenUp() throws IOException {
    left.write(bytes(1, 2, 3, 4));
    for (int i = 0; i < 3; i++) {
      Future<Integer> reading = left.readAsync(room(1));
      Future<Integer> writing = left.writeAsync(bytes(5));
      assertThat(isPending(reading)).isTrue();
      assertThat(isPending(reading)).isTrue(); // another waker replaces the first
      assertThat(isPending(writing)).isTrue();
      assertThatThrownBy(() -> left.read(room(1))).isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("another task reads from DuplexStream[left]");
      assertThatThrownBy(() -> left.write(room(1))).isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("another task writes to DuplexStream[left]");
      reading.close();
      writing.close();
    }
  }

  @Test
  void theLatestWakerIsWokenAndOnlyOnce() throws IOException {
    List<String> woken = new ArrayList<>();
    Future<Integer> reading = left.readAsync(room(1));
    assertThat(reading.poll(() -> woken.add("old"))).isInstanceOf(Poll.Pending.class);
    assertThat(reading.poll(() -> woken.add("new"))).isInstanceOf(Poll.Pending.class);
    right.write(bytes(1));
    right.write(bytes(2));
    assertThat(woken).containsExactly("new");
    reading.close();
  }

  /** Hazard 21. */
  @Test
  void aHostileWakerFindsEverythingConsistent() throws IOException {
    List<Object> seen = new ArrayList<>();
    Future<Integer> reading = left.readAsync(room(1));
    Future<Integer> writing = left.writeFullyAsync(bytes(1, 2, 3, 4, 5)).map(_ -> 5);
    assertThat(reading.poll(() -> seen.add(reading.poll(() -> {})))).isInstanceOf(Poll.Pending.class);
    assertThat(writing.poll(() -> {
      seen.add(writing.poll(() -> {}));
      right.close();
      throw new IllegalArgumentException("hostile");
    })).isInstanceOf(Poll.Pending.class);
    assertThatThrownBy(right::close).hasMessage("hostile");
    assertThat(seen).hasSize(2);
    assertThat(seen).anySatisfy(poll -> assertThat(poll).isEqualTo(Poll.ready(-1)));
    assertThat(seen).anySatisfy(poll -> assertThat(poll).isInstanceOf(Poll.Failed.class));
  }

  @ParameterizedTest
  @EnumSource(names = {"LOOP", "SHARED"})
  void aDeadlineStopsAReadAndTheNextOneGetsTheByte(CarrierChoice carrier) {
    Epollo.run(EpolloOptions.defaults().withCarrier(carrier), () -> {
      ByteBuffer target = room(2);
      assertThatThrownBy(() -> Timers.withTimeout(Duration.ofMillis(2), () -> left.read(target)))
          .isInstanceOf(DeadlineExceededException.class).hasMessageContaining("DuplexStream[left]");
      right.write(bytes(7));
      assertThat(left.read(target)).isEqualTo(1);
      assertThat(target.get(0)).isEqualTo((byte) 7);
    });
  }
}
