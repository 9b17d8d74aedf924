package io.github.epollo.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.net.TcpListener;
import io.github.epollo.net.TcpStream;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.kernel.LinuxKernel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The faults on the real kernel: what they answer must be what Linux could answer, so nothing may be lost by the harmless ones. */
class FaultyKernelTest {
  private final Trace trace = new Trace(System::nanoTime);
  private FaultDraw draw = new FaultDraw(Faults.none(), new SplittableRandom(0), trace);

  private EpolloOptions options(Faults faults, long seed) {
    draw = new FaultDraw(faults, new SplittableRandom(seed), trace);
    return EpolloOptions.defaults().withKernel(new FaultyKernel(LinuxKernel.get(), draw, new NoMishaps()));
  }

  /** Hazard 33: partial reads and writes at all offsets, vectored ones too. */
  @Property(tries = 60)
  void harmlessFaultsLoseNothing(@ForAll long seed, @ForAll @IntRange(min = 1, max = 20_000) int size) {
    byte[] sent = new byte[size];
    new Random(seed).nextBytes(sent);
    ByteBuffer received = ByteBuffer.allocate(size);
    Epollo.run(options(Faults.harmless(0.3), seed), () -> {
      try (TcpListener listener = TcpListener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
        Task<?> writer = Tasks.spawn(() -> {
          try (TcpStream stream = TcpStream.connect(listener.localAddress())) {
            ByteBuffer one = ByteBuffer.wrap(sent);
            while (one.remaining() > size / 2) {
              int _ = stream.write(one);
            }
            ByteBuffer head = one.slice(one.position(), one.remaining() / 2);
            ByteBuffer tail = one.slice(one.position() + head.remaining(), one.remaining() - head.remaining());
            stream.writeFully(head, tail);
          }
        });
        try (TcpStream stream = listener.accept()) {
          while (received.hasRemaining()) {
            int half = received.remaining() / 2;
            ByteBuffer head = received.slice(received.position(), half);
            ByteBuffer tail = received.slice(received.position() + half, received.remaining() - half);
            long count = stream.read(new ByteBuffer[]{head, tail});
            assertThat(count).isPositive();
            received.position(received.position() + (int) count);
          }
          assertThat(stream.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
        writer.join();
      }
    });
    assertThat(received.array()).isEqualTo(sent);
  }

  @Test
  void aFailureReachesTheCallThatItStruckAndNoOther() {
    Epollo.run(options(Faults.of(List.of(new Faults.Strike(Fault.OUT_OF_FDS, 3))), 0), () -> {
      // Opportunities 0 to 2 are the epoll instance, the eventfd and the timerfd of the loop.
      assertThatThrownBy(() -> TcpListener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)))
          .isInstanceOf(IOException.class).hasMessageContaining("EMFILE");
      TcpListener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).close();
    });
    assertThat(trace.last(1)).singleElement().asString().contains("fault OUT_OF_FDS@3 in socket");
  }

  @Test
  void nothingStrikesWhilePaused() {
    Epollo.run(options(Faults.none(), 0), () -> {});
    options(Faults.all(1), 0);
    draw.pause();
    for (Fault fault : Fault.values()) {
      assertThat(draw.strikes(fault, "test")).isFalse();
    }
    draw.resume();
    assertThat(draw.strikes(Fault.RESET, "test")).isTrue();
  }
}
