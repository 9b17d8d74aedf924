package io.github.epollo.fs.engine;

import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileKernel;
import io.github.epollo.runtime.kernel.IoUring;
import io.github.epollo.runtime.kernel.NativeMemory;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * The memory that a ring shares with the kernel: two queues, and the entries of the first.
 *
 * <p>Not synchronized. After {@link #unmap} any access crashes the JVM.
 */
final class RingMemory {
  private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

  private final FileKernel kernel;
  private final MemorySegment queues;
  private final MemorySegment entries;
  private final int submissions;
  private final int completions;

  private final long submissionHead;
  private final long submissionTail;
  private final long submissionFlags;
  private final long completionHead;
  private final long completionTail;
  private final long completionEntries;

  private RingMemory(FileKernel kernel, MemorySegment queues, MemorySegment entries, MemorySegment parameters) {
    this.kernel = kernel;
    this.queues = queues;
    this.entries = entries;
    this.submissions = get(parameters, IoUring.PARAMS_SQ_ENTRIES);
    this.completions = get(parameters, IoUring.PARAMS_CQ_ENTRIES);
    this.submissionHead = get(parameters, IoUring.PARAMS_SQ_OFFSETS + IoUring.OFFSETS_HEAD);
    this.submissionTail = get(parameters, IoUring.PARAMS_SQ_OFFSETS + IoUring.OFFSETS_TAIL);
    this.submissionFlags = get(parameters, IoUring.PARAMS_SQ_OFFSETS + IoUring.OFFSETS_SQ_FLAGS);
    this.completionHead = get(parameters, IoUring.PARAMS_CQ_OFFSETS + IoUring.OFFSETS_HEAD);
    this.completionTail = get(parameters, IoUring.PARAMS_CQ_OFFSETS + IoUring.OFFSETS_TAIL);
    this.completionEntries = get(parameters, IoUring.PARAMS_CQ_OFFSETS + IoUring.OFFSETS_CQ_ENTRIES_START);
    long array = get(parameters, IoUring.PARAMS_SQ_OFFSETS + IoUring.OFFSETS_SQ_ARRAY);
    for (int i = 0; i < submissions; i++) {
      queues.set(ValueLayout.JAVA_INT, array + (long) i * Integer.BYTES, i); // place i of the queue is entry i, for good
    }
  }

  /**
   * Maps the memory of the ring {@code fd}, whose {@code parameters} the kernel has filled; it has {@link IoUring#FEATURE_SINGLE_MMAP}.
   *
   * @throws IOException if the kernel refuses
   */
  static RingMemory map(FileKernel kernel, int fd, MemorySegment parameters) throws IOException {
    long submissionsEnd = get(parameters, IoUring.PARAMS_SQ_OFFSETS + IoUring.OFFSETS_SQ_ARRAY)
        + (long) get(parameters, IoUring.PARAMS_SQ_ENTRIES) * Integer.BYTES;
    long completionsEnd = get(parameters, IoUring.PARAMS_CQ_OFFSETS + IoUring.OFFSETS_CQ_ENTRIES_START)
        + (long) get(parameters, IoUring.PARAMS_CQ_ENTRIES) * IoUring.CQE_SIZE;
    MemorySegment queues = map(kernel, fd, Math.max(submissionsEnd, completionsEnd), IoUring.MMAP_SQ_RING);
    boolean done = false;
    try {
      MemorySegment entries = map(kernel, fd, (long) get(parameters, IoUring.PARAMS_SQ_ENTRIES) * IoUring.SQE_SIZE,
          IoUring.MMAP_SQES);
      done = true;
      return new RingMemory(kernel, queues, entries, parameters);
    } finally {
      if (!done) {
        unmap(kernel, queues);
      }
    }
  }

  private static MemorySegment map(FileKernel kernel, int fd, long length, long offset) throws IOException {
    long address = kernel.mmap(length, fd, offset);
    if (address < 0) {
      throw Errno.toIOException("mmap", length + " bytes of a ring", (int) -address);
    }
    return NativeMemory.segment(address, length);
  }

  private static int get(MemorySegment parameters, long offset) {
    return parameters.get(ValueLayout.JAVA_INT, offset);
  }

  /** What submissions are written into. */
  MemorySegment entries() {
    return entries;
  }

  /** How many submissions there is room for, a power of two. */
  int submissions() {
    return submissions;
  }

  /** How many completions there is room for, a power of two. */
  int completions() {
    return completions;
  }

  /** Up to where the kernel has read submissions; their entries may be written again. Pairs with the kernel's release, which follows its reads. */
  int submissionHeadAcquire() {
    return (int) INT.getAcquire(queues, submissionHead);
  }

  /** Publishes the submissions before {@code tail}; pairs with the kernel's acquire in io_uring_enter(2). */
  void submissionTailRelease(int tail) {
    INT.setRelease(queues, submissionTail, tail);
  }

  /** {@code SQ_} bits of {@link IoUring}. The kernel sets them before it makes the ring's fd readable, and whoever sees one makes a system call next: no order is needed. */
  int submissionFlagsOpaque() {
    return (int) INT.getOpaque(queues, submissionFlags);
  }

  /** Up to where there are completions; pairs with the kernel's release, which follows its writes of them. */
  int completionTailAcquire() {
    return (int) INT.getAcquire(queues, completionTail);
  }

  /** Up to where completions were taken at first: this side alone writes it. */
  int completionHeadPlain() {
    return queues.get(ValueLayout.JAVA_INT, completionHead);
  }

  /** Gives the completions before {@code head} back, after they were read; pairs with the kernel's acquire before it writes others there. */
  void completionHeadRelease(int head) {
    INT.setRelease(queues, completionHead, head);
  }

  /** The user data of the completion at {@code index}. */
  long userData(int index) {
    return queues.get(ValueLayout.JAVA_LONG, completion(index) + IoUring.CQE_USER_DATA);
  }

  /** The result of the completion at {@code index}. */
  int result(int index) {
    return queues.get(ValueLayout.JAVA_INT, completion(index) + IoUring.CQE_RESULT);
  }

  private long completion(int index) {
    return completionEntries + (long) (index & (completions - 1)) * IoUring.CQE_SIZE;
  }

  /** Gives the memory back to the kernel, which keeps its own hold on it for as long as the ring lives. */
  void unmap() {
    unmap(kernel, entries);
    unmap(kernel, queues);
  }

  private static void unmap(FileKernel kernel, MemorySegment segment) {
    int _ = kernel.munmap(segment.address(), segment.byteSize()); // fails only for an address that was never mapped
  }
}
