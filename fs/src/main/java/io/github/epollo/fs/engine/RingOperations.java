package io.github.epollo.fs.engine;

import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileKernel;
import io.github.epollo.runtime.kernel.IoUring;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;

/** Which operations a ring knows, asked once. Immutable. */
final class RingOperations {
  private static final int MAX = 256; // an operation is a byte
  private static final int LAST = 0; // offsets, see IoUring.PROBE_HEAD_SIZE and IoUring.PROBE_OP_SIZE
  private static final int FLAGS = 2;
  private static final int SUPPORTED = 1;

  private final BitSet supported = new BitSet(MAX);

  private RingOperations() {}

  /**
   * Asks the ring {@code fd}.
   *
   * @throws IOException if it cannot tell (before Linux 5.6)
   */
  static RingOperations probe(FileKernel kernel, int fd) throws IOException {
    RingOperations operations = new RingOperations();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment answer = arena.allocate(IoUring.PROBE_HEAD_SIZE + (long) MAX * IoUring.PROBE_OP_SIZE, Long.BYTES);
      int result = kernel.ioUringRegister(fd, IoUring.REGISTER_PROBE, answer.address(), MAX);
      if (result < 0) {
        throw Errno.toIOException("io_uring_register", "IORING_REGISTER_PROBE", -result);
      }
      int last = answer.get(ValueLayout.JAVA_BYTE, LAST) & 0xff;
      for (int i = 0; i <= last; i++) {
        long at = IoUring.PROBE_HEAD_SIZE + (long) i * IoUring.PROBE_OP_SIZE;
        operations.supported.set(i, (answer.get(ValueLayout.JAVA_SHORT, at + FLAGS) & SUPPORTED) != 0);
      }
    }
    return operations;
  }

  /** Whether the ring knows {@code opcode}, an {@code OP_} constant of {@link IoUring}. */
  boolean contains(int opcode) {
    return supported.get(opcode);
  }
}
