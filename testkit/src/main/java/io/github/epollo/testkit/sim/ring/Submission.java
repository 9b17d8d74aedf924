package io.github.epollo.testkit.sim.ring;

import io.github.epollo.runtime.kernel.IoUring;
import io.github.epollo.runtime.kernel.NativeMemory;
import java.lang.foreign.ValueLayout;

/** A submission entry, read: what its fields mean depends on the operation. */
record Submission(int opcode, int flags, int fd, long offset, long address, int length, int operationFlags,
    long userData, int spliceFrom) {
  static Submission at(long address) {
    var entry = NativeMemory.segment(address, IoUring.SQE_SIZE);
    return new Submission(
        entry.get(ValueLayout.JAVA_BYTE, IoUring.SQE_OPCODE) & 0xff,
        entry.get(ValueLayout.JAVA_BYTE, IoUring.SQE_FLAGS) & 0xff,
        entry.get(ValueLayout.JAVA_INT, IoUring.SQE_FD),
        entry.get(ValueLayout.JAVA_LONG, IoUring.SQE_OFFSET),
        entry.get(ValueLayout.JAVA_LONG, IoUring.SQE_ADDRESS),
        entry.get(ValueLayout.JAVA_INT, IoUring.SQE_LENGTH),
        entry.get(ValueLayout.JAVA_INT, IoUring.SQE_OPERATION_FLAGS),
        entry.get(ValueLayout.JAVA_LONG, IoUring.SQE_USER_DATA),
        entry.get(ValueLayout.JAVA_INT, IoUring.SQE_SPLICE_FD_IN));
  }

  boolean isAsync() {
    return (flags & IoUring.SQE_FLAG_ASYNC) != 0;
  }
}
