package io.github.epollo.runtime.io;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.github.epollo.runtime.future.Future;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** What goes through a buffer allocates nothing for each operation. */
class IoCostTest {
  private static final int ROUNDS = 100_000;

  /** Reads with no end, and writes that are forgotten, without an allocation. */
  private static final class Endless implements AsyncReader, AsyncWriter {
    @Override
    public int read(ByteBuffer target) {
      int n = Math.min(target.remaining(), 1000);
      target.position(target.position() + n);
      return n;
    }

    @Override
    public int write(ByteBuffer source) {
      int n = Math.min(source.remaining(), 700);
      source.position(source.position() + n);
      return n;
    }

    @Override
    public Future<Integer> readAsync(ByteBuffer target) {
      return Future.ready(read(target));
    }

    @Override
    public Future<Integer> writeAsync(ByteBuffer source) {
      return Future.ready(write(source));
    }

    @Override
    public void shutdownOutput() {}

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  private interface Round {
    void run() throws IOException;
  }

  private static long leastAllocated(Round round) throws IOException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 6; i++) { // the JIT compiler may still be at work in the first ones
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int j = 0; j < ROUNDS; j++) {
        round.run();
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }

  @Test
  void numbersAndBuffersAreReadWithoutAnAllocation() throws IOException {
    BufferedAsyncReader reader = new BufferedAsyncReader(new Endless());
    ByteBuffer target = ByteBuffer.allocate(100);
    long[] sum = new long[1];
    assertThat(leastAllocated(() -> {
      sum[0] += reader.readByte() + reader.readUnsignedShort() + reader.readInt() + reader.readUnsignedInt()
          + reader.readLong();
      sum[0] += (long) (reader.readFloat() + reader.readDouble());
      reader.readFully(target.clear());
      sum[0] += reader.skip(3);
    })).isLessThan(ROUNDS / 10);
    assertThat(sum[0]).isPositive();
  }

  @Test
  void numbersAndBuffersAreWrittenWithoutAnAllocation() throws IOException {
    BufferedAsyncWriter writer = new BufferedAsyncWriter(new Endless());
    ByteBuffer source = ByteBuffer.allocate(100);
    assertThat(leastAllocated(() -> {
      writer.writeByte(1);
      writer.writeShort(2);
      writer.writeInt(3);
      writer.writeLong(4);
      writer.writeDouble(5);
      writer.writeFully(source.clear());
    })).isLessThan(ROUNDS / 10);
  }

  @Test
  void aCopyAllocatesItsBufferAndNothingElse() throws IOException {
    Endless endless = new Endless();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 6; i++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      ByteCopy copy = new ByteCopy(endless, endless, CopyOptions.defaults().withLimit(1000L * ROUNDS));
      assertThat(copy.run()).isEqualTo(1000L * ROUNDS);
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(least).isLessThan(16 * 1024 + ROUNDS / 10);
  }
}
