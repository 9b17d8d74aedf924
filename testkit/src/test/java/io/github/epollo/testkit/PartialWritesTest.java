package io.github.epollo.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.net.ListenOptions;
import io.github.epollo.net.TcpListener;
import io.github.epollo.net.TcpStream;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.kernel.MessageHeader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Hazard 33: a write takes a part, and what is left must begin just there: in the middle of a vector, at its end, after an empty one. */
class PartialWritesTest {
  private static final int[] VECTORS = {5, 0, 7, 1, 0, 3};
  private static final int SIZE = Arrays.stream(VECTORS).sum();

  /** Its first write takes {@code first} bytes, its second {@code second}, all others everything. */
  private static final class CuttingKernel extends ForwardingKernel {
    private final int[] cuts;
    private int next;

    CuttingKernel(int... cuts) {
      super(new SimKernel());
      this.cuts = cuts;
    }

    @Override
    public long send(int fd, long bufferAddress, long length, int flags) {
      return super.send(fd, bufferAddress, next < cuts.length ? Math.min(length, cuts[next++]) : length, flags);
    }

    @Override
    public long sendmsg(int fd, long messageAddress, int flags) {
      if (next == cuts.length) {
        return super.sendmsg(fd, messageAddress, flags);
      }
      MessageHeader message = MessageHeader.at(messageAddress);
      int count = (int) message.vectorCount();
      long all = VectorCut.total(message.vectors(), count);
      try (VectorCut cut = VectorCut.to(message.vectors(), count, Math.min(all, cuts[next++]))) {
        message.vectors(message.vectors(), cut.count());
        return super.sendmsg(fd, messageAddress, flags);
      } finally {
        message.vectors(message.vectors(), count);
      }
    }
  }

  private interface Sending {
    void all(TcpStream stream, byte[] bytes) throws IOException;
  }

  private static ByteBuffer[] vectors(byte[] bytes, boolean direct) {
    ByteBuffer[] vectors = new ByteBuffer[VECTORS.length];
    int from = 0;
    for (int i = 0; i < VECTORS.length; i++) {
      ByteBuffer vector = direct ? ByteBuffer.allocateDirect(VECTORS[i]) : ByteBuffer.allocate(VECTORS[i]);
      vectors[i] = vector.put(bytes, from, VECTORS[i]).flip();
      from += VECTORS[i];
    }
    return vectors;
  }

  private static void assertIntact(Sending sending) {
    byte[] bytes = new byte[SIZE];
    new SplittableRandom(1).nextBytes(bytes);
    for (int first = 1; first < SIZE; first++) {
      for (int second = 1; second <= SIZE - first; second++) {
        ByteBuffer received = ByteBuffer.allocate(SIZE + 1);
        Epollo.run(EpolloOptions.defaults().withKernel(new CuttingKernel(first, second)), () -> {
          try (TcpListener listener = TcpListener.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
              TcpStream sender = TcpStream.connect(listener.localAddress());
              TcpStream receiver = listener.accept()) {
            sending.all(sender, bytes);
            sender.shutdownOutput();
            while (receiver.read(received) >= 0) {}
          }
        });
        assertThat(received.flip()).as("cut after %s and %s more", first, second).isEqualTo(ByteBuffer.wrap(bytes));
      }
    }
  }

  @Test
  void oneBufferCutAnywhere() {
    assertIntact((stream, bytes) -> stream.writeFully(ByteBuffer.wrap(bytes)));
  }

  @Test
  void vectorsCutAnywhere() {
    assertIntact((stream, bytes) -> stream.writeFully(vectors(bytes, false)));
  }

  @Test
  void directVectorsCutAnywhere() {
    assertIntact((stream, bytes) -> stream.writeFully(vectors(bytes, true)));
  }

  @Test
  void vectorsOfAFutureCutAnywhere() {
    assertIntact((stream, bytes) -> stream.writeFullyAsync(vectors(bytes, false)).await());
  }

  /** Several megabytes through the smallest buffers, in vectors of all sizes, with calls that are cut at both ends. */
  @Property(tries = 3)
  void megabytesThroughTheSmallestBuffers(@ForAll long seed) {
    int size = 2_000_000;
    byte[] bytes = new byte[size];
    SplittableRandom random = new SplittableRandom(seed);
    random.nextBytes(bytes);
    CRC32C sum = new CRC32C();
    Faults faults = Faults.none().with(Fault.SHORT_WRITE, 0.2).with(Fault.SHORT_READ, 0.2).with(Fault.WOULD_BLOCK, 0.1);
    Simulation.ofSeed(seed).withFaults(faults).run(_ -> {
      try (TcpListener listener = TcpListener.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0),
          ListenOptions.defaults().withReceiveBufferSize(1));
          TcpStream sender = TcpStream.connect(listener.localAddress());
          TcpStream receiver = listener.accept()) {
        sender.setSendBufferSize(1);
        Task<?> sending = Tasks.spawn(() -> {
          int from = 0;
          while (from < size) {
            int[] lengths = IntStream.generate(() -> random.nextInt(3_000)).limit(random.nextInt(1, 20)).toArray();
            ByteBuffer[] vectors = new ByteBuffer[lengths.length];
            for (int i = 0; i < lengths.length; i++) {
              int length = Math.min(lengths[i], size - from);
              vectors[i] = ByteBuffer.wrap(bytes, from, length);
              from += length;
            }
            sender.writeFully(vectors);
          }
          sender.shutdownOutput();
        });
        ByteBuffer piece = ByteBuffer.allocate(10_000);
        int received = 0;
        for (int n = receiver.read(piece); n >= 0; n = receiver.read(piece.clear())) {
          sum.update(piece.flip());
          received += n;
        }
        assertThat(received).isEqualTo(size);
        sending.join();
      }
    });
    CRC32C expected = new CRC32C();
    expected.update(bytes);
    assertThat(sum.getValue()).isEqualTo(expected.getValue());
  }
}
