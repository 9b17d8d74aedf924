package io.github.epollo.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.IoUring;
import io.github.epollo.runtime.kernel.NativeMemory;
import io.github.epollo.testsupport.ProbeKernel;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A close(2) that answers EINTR has closed: it is not made again, which would close whoever has the number by then. */
class InterruptedCloseTest {
  @TempDir Path directory;

  private final ProbeKernel probe = new ProbeKernel();
  private final AtomicInteger closes = new AtomicInteger();

  private void closeAFile(FileBackend backend) {
    EpolloOptions options = EpolloOptions.defaults().withKernel(probe.kernel()).with(FileOptions.class,
        FileOptions.defaults().withBackend(backend));
    Epollo.run(options, () -> {
      AsyncFile file = AsyncFile.open(directory.resolve("file"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      file.writeFullyAt(ByteBuffer.allocate(10), 0);
      closes.set(0);

      file.close();
      file.closeAsync().await();
      for (int i = 0; i < 100; i++) {
        Thread.yield();
      }

      assertThat(closes).hasValue(1);
    });
  }

  @Test
  void byThePool() {
    // The loop closes its own in the end, in the same way.
    Set<Integer> closed = new HashSet<>();
    probe.on("close", call -> {
      closes.incrementAndGet();
      assertThat(closed.add(call.intArg(0))).as("close of %s", call.intArg(0)).isTrue();
      long _ = call.real();
      return -Errno.EINTR;
    });
    closeAFile(FileBackend.POOL);
  }

  @Test
  void byTheRing() {
    Rewriter rewriter = new Rewriter();
    closeAFile(FileBackend.RING);
    assertThat(rewriter.rewritten).isEqualTo(1);
  }

  /** Reads what is submitted to the ring, and has each close(2) that succeeded answer EINTR. */
  private final class Rewriter {
    private final int[] sq = new int[3]; // offsets of head and tail, mask
    private final int[] cq = new int[4]; // offsets of head, tail and the first completion, mask
    private long queues;
    private long entries;
    int rewritten;

    Rewriter() {
      probe.on("ioUringSetup", call -> {
        long result = call.real();
        long parameters = call.longArg(1);
        long submissions = parameters + IoUring.PARAMS_SQ_OFFSETS;
        sq[0] = NativeMemory.getInt(submissions + IoUring.OFFSETS_HEAD);
        sq[1] = NativeMemory.getInt(submissions + IoUring.OFFSETS_TAIL);
        sq[2] = NativeMemory.getInt(parameters + IoUring.PARAMS_SQ_ENTRIES) - 1;
        long completions = parameters + IoUring.PARAMS_CQ_OFFSETS;
        cq[0] = NativeMemory.getInt(completions + IoUring.OFFSETS_HEAD);
        cq[1] = NativeMemory.getInt(completions + IoUring.OFFSETS_TAIL);
        cq[2] = NativeMemory.getInt(completions + IoUring.OFFSETS_CQ_ENTRIES_START);
        cq[3] = NativeMemory.getInt(parameters + IoUring.PARAMS_CQ_ENTRIES) - 1;
        return result;
      });
      probe.on("mmap", call -> {
        long address = call.real();
        if (call.longArg(2) == IoUring.MMAP_SQ_RING) {
          queues = address;
        } else {
          entries = address;
        }
        return address;
      });
      probe.on("ioUringEnter", call -> {
        Set<Long> closing = closesAmongSubmissions();
        closes.addAndGet(closing.size());
        long result = call.real();
        rewrite(closing);
        return result;
      });
    }

    private Set<Long> closesAmongSubmissions() {
      Set<Long> closing = new HashSet<>();
      int tail = NativeMemory.getInt(queues + sq[1]);
      for (int i = NativeMemory.getInt(queues + sq[0]); i != tail; i++) {
        long entry = entries + (long) (i & sq[2]) * IoUring.SQE_SIZE;
        if ((NativeMemory.getInt(entry + IoUring.SQE_OPCODE) & 0xff) == IoUring.OP_CLOSE) {
          closing.add(NativeMemory.getLong(entry + IoUring.SQE_USER_DATA));
        }
      }
      return closing;
    }

    private void rewrite(Set<Long> closing) {
      int tail = NativeMemory.getInt(queues + cq[1]);
      for (int i = NativeMemory.getInt(queues + cq[0]); i != tail; i++) {
        long completion = queues + cq[2] + (long) (i & cq[3]) * IoUring.CQE_SIZE;
        if (closing.contains(NativeMemory.getLong(completion + IoUring.CQE_USER_DATA))) {
          assertThat(NativeMemory.getInt(completion + IoUring.CQE_RESULT)).isZero();
          NativeMemory.putInt(completion + IoUring.CQE_RESULT, -Errno.EINTR);
          rewritten++;
        }
      }
    }
  }
}
