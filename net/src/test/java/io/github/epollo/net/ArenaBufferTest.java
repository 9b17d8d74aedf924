package io.github.epollo.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.net.Loopback.Pair;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Buffers whose memory somebody can free: no call uses it in place, and none that is refused takes bytes from the stream. */
@SuppressWarnings("try")
class ArenaBufferTest {
  private static final int LARGE = 3 * Scratch.DATA_SIZE + 17;

  @Test
  void aLargeBufferOfAnArenaIsSentAndReceivedWhole() {
    byte[] bytes = new byte[LARGE];
    new Random(1).nextBytes(bytes);
    Epollo.run(() -> {
      try (Pair pair = Pair.open(); Arena arena = Arena.ofShared()) {
        ByteBuffer source = arena.allocate(LARGE).asByteBuffer().put(bytes).flip();
        ByteBuffer target = arena.allocate(LARGE).asByteBuffer();
        Task<?> sender = Tasks.spawn(() -> pair.client().writeFully(source));
        pair.server().readFully(target);
        sender.join();
        byte[] received = new byte[LARGE];
        target.flip().get(received);
        assertThat(received).isEqualTo(bytes);
      }
    });
  }

  @Test
  void aReadIntoMemoryThatIsGoneTakesNothing() {
    Epollo.run(() -> {
      try (Pair pair = Pair.open()) {
        ByteBuffer gone;
        try (Arena arena = Arena.ofShared()) {
          gone = arena.allocate(LARGE).asByteBuffer();
        }
        pair.client().writeFully(ByteBuffer.wrap(new byte[]{1, 2, 3}));
        pair.client().shutdownOutput(); // so that nobody waits for bytes that were lost
        assertThatIllegalStateException().isThrownBy(() -> pair.server().read(gone));
        assertThatIllegalStateException().isThrownBy(() -> pair.server().read(new ByteBuffer[]{gone}));
        assertThatIllegalStateException().isThrownBy(() -> pair.server().write(gone));
        assertThatIllegalStateException().isThrownBy(() -> pair.server().write(new ByteBuffer[]{gone}));
        assertReads(pair, (byte) 1, (byte) 2, (byte) 3);
      }
    });
  }

  @Test
  void aReadIntoMemoryOfAnotherThreadTakesNothing() {
    Epollo.run(() -> {
      try (Pair pair = Pair.open(); Arena arena = Arena.ofConfined()) {
        ByteBuffer mine = arena.allocate(8).asByteBuffer();
        pair.client().writeFully(ByteBuffer.wrap(new byte[]{1, 2, 3, 4}));
        pair.client().shutdownOutput();
        Tasks.spawn(() -> assertThatThrownBy(() -> pair.server().read(mine)).isInstanceOf(WrongThreadException.class))
            .join();
        assertThat(pair.server().read(mine.limit(1))).isEqualTo(1);
        assertThat(mine.get(0)).isEqualTo((byte) 1);
        assertReads(pair, (byte) 2, (byte) 3, (byte) 4);
      }
    });
  }

  /** What is left, up to the end: bytes that were taken before are missing. */
  private static void assertReads(Pair pair, byte... expected) throws IOException {
    ByteBuffer target = ByteBuffer.allocate(expected.length + 1);
    while (pair.server().read(target) >= 0) {
      // until nothing is left
    }
    assertThat(Arrays.copyOf(target.array(), target.position())).isEqualTo(expected);
  }
}
