package io.github.epollo.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.net.Loopback.Pair;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.IoVectors;
import io.github.epollo.runtime.kernel.MessageHeader;
import io.github.epollo.testsupport.ProbeKernel;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hazard 33: the kernel takes and gives any part of what it is offered. */
class PartialWriteTest {
  private static final int[] LENGTHS = {5, 1, 17, 0, 9};
  private static final int TOTAL = 32;

  /** The first sendmsg takes k bytes, for each k: it ends at every byte of every vector. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aGatheringWriteGoesOnWhereverItWasCut(boolean direct) {
    AtomicInteger cut = new AtomicInteger();
    ProbeKernel probe = new ProbeKernel();
    probe.on("sendmsg", call -> {
      shorten(call.longArg(1), cut.get());
      return call.nth() % 2 == 0 && cut.get() == TOTAL / 2 ? -Errno.EINTR : call.real();
    });
    Epollo.run(EpolloOptions.defaults().withKernel(probe.kernel()), () -> {
      try (Pair pair = Pair.open()) {
        for (int k = 1; k <= TOTAL; k++) {
          cut.set(k);
          pair.client().writeFully(parts(direct));
          ByteBuffer got = ByteBuffer.allocate(TOTAL);
          pair.server().readFully(got);
          expectPattern(got);
        }
      }
    });
  }

  /** recvmsg gives k bytes, for each k. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aScatteringReadGoesOnWhereverItWasCut(boolean direct) {
    AtomicInteger cut = new AtomicInteger();
    ProbeKernel probe = new ProbeKernel();
    probe.on("recvmsg", call -> {
      shorten(call.longArg(1), cut.get());
      return call.real();
    });
    Epollo.run(EpolloOptions.defaults().withKernel(probe.kernel()), () -> {
      try (Pair pair = Pair.open()) {
        for (int k = 1; k <= TOTAL; k++) {
          cut.set(k);
          ByteBuffer[] got = parts(direct);
          long n = 0;
          while (n < TOTAL) {
            pair.client().writeFully(parts(false)[0].slice(0, 0)); // nothing, and no call
            int rest = (int) Math.min(k, TOTAL - n);
            pair.client().writeFully(pattern((int) n, rest)); // a fresh edge for each piece, as the contract asks
            n += pair.server().read(got);
          }
          ByteBuffer joined = ByteBuffer.allocate(TOTAL);
          for (ByteBuffer part : got) {
            joined.put(part.flip());
          }
          expectPattern(joined);
        }
      }
    });
  }

  private static void shorten(long messageAddress, int bytes) {
    MessageHeader header = MessageHeader.at(messageAddress);
    int count = (int) header.vectorCount();
    IoVectors vectors = IoVectors.at(header.vectors(), count);
    int left = bytes;
    for (int i = 0; i < count; i++) {
      if (left <= vectors.length(i)) {
        vectors.put(i, vectors.base(i), left);
        header.vectors(header.vectors(), i + 1);
        return;
      }
      left -= (int) vectors.length(i);
    }
  }

  private static ByteBuffer pattern(int from, int length) {
    ByteBuffer pattern = ByteBuffer.allocate(length);
    for (int i = 0; i < length; i++) {
      pattern.put(i, (byte) (from + i));
    }
    return pattern;
  }

  private static ByteBuffer[] parts(boolean direct) {
    ByteBuffer[] parts = new ByteBuffer[LENGTHS.length];
    int from = 0;
    for (int i = 0; i < parts.length; i++) {
      boolean heap = direct == (i % 2 == 0);
      ByteBuffer pattern = pattern(from, LENGTHS[i]);
      parts[i] = heap ? pattern : ByteBuffer.allocateDirect(LENGTHS[i]).put(pattern).flip();
      from += LENGTHS[i];
    }
    return parts;
  }

  private static void expectPattern(ByteBuffer got) {
    for (int i = 0; i < TOTAL; i++) {
      assertThat(got.get(i)).isEqualTo((byte) i);
    }
  }

  /** 64 MB through a small send buffer, with sends cut at random. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aLongStreamKeepsItsChecksum(boolean direct) {
    long bytes = 64L << 20;
    ProbeKernel probe = new ProbeKernel();
    Random cuts = new Random(42);
    probe.on("send", call -> {
      if (cuts.nextInt(8) == 0) {
        call.args[2] = 1 + cuts.nextLong(call.longArg(2));
      }
      return call.real();
    });
    Epollo.run(EpolloOptions.defaults().withKernel(probe.kernel()), () -> {
      try (Pair pair = Pair.open()) {
        pair.client().setSendBufferSize(64 * 1024);
        CRC32 sent = new CRC32();
        Task<?> writer = Tasks.spawn(() -> {
          Random random = new Random(1);
          byte[] chunk = new byte[100_003];
          for (long left = bytes; left > 0;) {
            random.nextBytes(chunk);
            int length = (int) Math.min(left, chunk.length);
            sent.update(chunk, 0, length);
            ByteBuffer source = ByteBuffer.wrap(chunk, 0, length);
            pair.client().writeFully(direct ? ByteBuffer.allocateDirect(length).put(source).flip() : source);
            left -= length;
          }
          pair.client().shutdownOutput();
        });
        CRC32 got = new CRC32();
        long n = 0;
        ByteBuffer buffer = direct ? ByteBuffer.allocateDirect(200_000) : ByteBuffer.allocate(70_000);
        while (pair.server().read(buffer) >= 0) {
          n += buffer.flip().remaining();
          got.update(buffer);
          buffer.clear();
        }
        writer.join();
        assertThat(n).isEqualTo(bytes);
        assertThat(got.getValue()).isEqualTo(sent.getValue());
      }
    });
  }

  @Test
  void theSmallestSendBufferMakesWritesWait() {
    ProbeKernel probe = new ProbeKernel();
    Epollo.run(EpolloOptions.defaults().withKernel(probe.kernel()), () -> {
      try (Pair pair = Pair.open()) {
        pair.client().setSendBufferSize(1);
        Task<?> writer = Tasks.spawn(() -> pair.client().writeFully(ByteBuffer.allocate(1_000_000)));
        pair.server().readFully(ByteBuffer.allocate(1_000_000));
        writer.join();
        assertThat(probe.calls("send")).isGreaterThan(10);
      }
    });
  }
}
