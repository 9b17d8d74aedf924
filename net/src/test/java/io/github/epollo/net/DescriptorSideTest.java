package io.github.epollo.net;

import static io.github.epollo.runtime.driver.Direction.READ;
import static io.github.epollo.runtime.driver.Direction.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.net.Loopback.Pair;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.io.DescriptorSide;
import io.github.epollo.runtime.kernel.Errno;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** System calls of other modules on a stream's socket. */
class DescriptorSideTest {
  private static Future<Long> call(DescriptorSide side, DescriptorSide.Call call) {
    return Future.fromPoll(waker -> {
      try {
        long n = side.poll(waker, call);
        return n == DescriptorSide.PENDING ? Poll.pending() : Poll.ready(n);
      } catch (java.io.IOException e) {
        return Poll.failed(e);
      }
    });
  }

  @Test
  void aCallIsMadeAgainWhenTheSocketIsReady() {
    Epollo.run(() -> {
      try (Pair pair = Pair.open()) {
        AtomicInteger calls = new AtomicInteger(); // made on the loop's thread
        ByteBuffer[] seen = {ByteBuffer.allocate(1)};
        Task<Long> reader = Tasks.spawn(call(pair.server().side(READ), _ -> {
          boolean found = !seen[0].hasRemaining() || pair.server().readAsync(seen[0]).nowOrNever() != null;
          calls.incrementAndGet(); // only now may something come
          return found ? 7 : -Errno.EAGAIN;
        }));
        while (calls.get() == 0) {
          Tasks.yieldNow();
        }
        pair.client().writeFully(ByteBuffer.wrap(new byte[]{1}));
        assertThat(reader.join()).isEqualTo(7);
        assertThat(calls).hasValue(2);
        assertThat(call(pair.server().side(WRITE), _ -> -Errno.EINVAL).await()).isEqualTo(-Errno.EINVAL);
      }
    });
  }

  @Test
  void theChannelsEndsAndDirectionsAreKept() {
    Epollo.run(() -> {
      try (Pair pair = Pair.open()) {
        TcpStream stream = pair.server();
        assertThatThrownBy(() -> stream.reader().side(WRITE)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> stream.writer().side(READ)).isInstanceOf(UnsupportedOperationException.class);
        stream.shutdownInput();
        stream.shutdownOutput();
        DescriptorSide.Call never = _ -> {
          throw new AssertionError("called");
        };
        assertThat(call(stream.reader().side(READ), never).await()).isZero();
        assertThatThrownBy(() -> stream.writer().side(WRITE).poll(() -> {}, never))
            .isInstanceOf(ClosedChannelException.class);
        DescriptorSide side = stream.side(READ);
        stream.close();
        assertThatThrownBy(() -> side.poll(() -> {}, never)).isInstanceOf(ClosedChannelException.class);
      }
    });
  }
}
