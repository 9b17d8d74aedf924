package io.github.epollo.fs.engine;

import io.github.epollo.runtime.kernel.IoUring;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A cursor on the submission entries of a ring: what a {@link FileCall} writes its description into. Not synchronized. */
public final class SubmissionEntry {
  private final MemorySegment entries;
  private long at;

  SubmissionEntry(MemorySegment entries) {
    this.entries = entries;
  }

  /** Goes to entry {@code index}. */
  SubmissionEntry goTo(int index) {
    at = (long) index * IoUring.SQE_SIZE;
    return this;
  }

  /** Goes to entry {@code index}, and clears it. */
  SubmissionEntry at(int index) {
    goTo(index);
    for (int i = 0; i < IoUring.SQE_SIZE; i += Long.BYTES) {
      entries.set(ValueLayout.JAVA_LONG, at + i, 0);
    }
    return this;
  }

  /** What to do, on which file: an {@code OP_} constant of {@link IoUring}, and an fd or a directory's. */
  public SubmissionEntry operation(int opcode, int fd) {
    entries.set(ValueLayout.JAVA_BYTE, at + IoUring.SQE_OPCODE, (byte) opcode);
    entries.set(ValueLayout.JAVA_INT, at + IoUring.SQE_FD, fd);
    return this;
  }

  /** The offset in the file, or a second address. */
  public SubmissionEntry offset(long offset) {
    entries.set(ValueLayout.JAVA_LONG, at + IoUring.SQE_OFFSET, offset);
    return this;
  }

  /** The address of a buffer, of vectors or of a path. */
  public SubmissionEntry address(long address) {
    entries.set(ValueLayout.JAVA_LONG, at + IoUring.SQE_ADDRESS, address);
    return this;
  }

  /** A length, a count of vectors, or a mode. */
  public SubmissionEntry length(int length) {
    entries.set(ValueLayout.JAVA_INT, at + IoUring.SQE_LENGTH, length);
    return this;
  }

  /** Flags of the operation. */
  public SubmissionEntry operationFlags(int flags) {
    entries.set(ValueLayout.JAVA_INT, at + IoUring.SQE_OPERATION_FLAGS, flags);
    return this;
  }

  /** The source of a splice. */
  public SubmissionEntry spliceFrom(int fd) {
    entries.set(ValueLayout.JAVA_INT, at + IoUring.SQE_SPLICE_FD_IN, fd);
    return this;
  }

  /** Flags of the submission: {@code SQE_FLAG_} constants of {@link IoUring}. */
  SubmissionEntry flags(int flags) {
    entries.set(ValueLayout.JAVA_BYTE, at + IoUring.SQE_FLAGS, (byte) flags);
    return this;
  }

  /** Comes back with the completion. */
  SubmissionEntry userData(long userData) {
    entries.set(ValueLayout.JAVA_LONG, at + IoUring.SQE_USER_DATA, userData);
    return this;
  }

  /** What {@link #userData(long)} has set. */
  long userData() {
    return entries.get(ValueLayout.JAVA_LONG, at + IoUring.SQE_USER_DATA);
  }

  /** The operation that was set. */
  int opcode() {
    return entries.get(ValueLayout.JAVA_BYTE, at + IoUring.SQE_OPCODE) & 0xff;
  }
}
