package io.github.epollo.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.net.TcpListener;
import io.github.epollo.net.TcpStream;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.kernel.LinuxKernel;
import io.github.epollo.timers.Timers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Hazard 16, on the real kernel: every other call answers EINTR. */
class InterruptedCallsTest {
  @Test
  void sleepsAndBytesComeThroughAStormOfSignals() {
    Trace trace = new Trace(System::nanoTime);
    FaultDraw draw = new FaultDraw(Faults.none().with(Fault.INTERRUPTED, 0.5), new SplittableRandom(1), trace);
    EpolloOptions options = EpolloOptions.defaults()
        .withKernel(new FaultyKernel(LinuxKernel.get(), draw, new NoMishaps()));
    Epollo.run(options, () -> {
      try (TcpListener listener = TcpListener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
          TcpStream sender = TcpStream.connect(listener.localAddress());
          TcpStream receiver = listener.accept()) {
        int rounds = 100;
        Task<?> sending = Tasks.spawn(() -> {
          for (int i = 0; i < rounds; i++) {
            long start = System.nanoTime();
            Timers.sleep(Duration.ofMillis(3));
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(3_000_000);
            sender.writeFully(ByteBuffer.allocate(4).putInt(i).flip());
          }
        });
        for (int i = 0; i < rounds; i++) {
          ByteBuffer frame = ByteBuffer.allocate(4);
          receiver.readFully(frame);
          assertThat(frame.getInt(0)).isEqualTo(i);
        }
        sending.join();
      }
    });
    assertThat(trace.count()).as("signals").isGreaterThan(100);
  }
}
