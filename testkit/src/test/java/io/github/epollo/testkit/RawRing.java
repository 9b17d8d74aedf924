package io.github.epollo.testkit;

import io.github.epollo.runtime.kernel.FileKernel;
import io.github.epollo.runtime.kernel.IoUring;
import io.github.epollo.runtime.kernel.Kernel;
import io.github.epollo.runtime.kernel.NativeMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** A ring of a kernel, mapped: submissions from Java's values, completions as text. */
final class RawRing implements AutoCloseable {
  private final Kernel kernel;
  private final FileKernel files;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment parameters = arena.allocate(IoUring.PARAMS_SIZE, 8);
  private final int fd;
  private final long queues;
  private final long queuesSize;
  private final long entries;
  private final int submissions;
  private final int completions;

  RawRing(Kernel kernel, int submissions, int completions, int flags) {
    this.kernel = kernel;
    this.files = kernel.files();
    this.fd = setup(files, parameters, submissions, completions, flags);
    if (fd < 0) {
      throw new AssertionError(Calls.text(fd));
    }
    this.submissions = parameter(IoUring.PARAMS_SQ_ENTRIES);
    this.completions = parameter(IoUring.PARAMS_CQ_ENTRIES);
    this.queuesSize = Math.max(sq(IoUring.OFFSETS_SQ_ARRAY) + 4L * this.submissions,
        cq(IoUring.OFFSETS_CQ_ENTRIES_START) + 16L * this.completions);
    this.queues = files.mmap(queuesSize, fd, IoUring.MMAP_SQ_RING);
    this.entries = files.mmap((long) this.submissions * IoUring.SQE_SIZE, fd, IoUring.MMAP_SQES);
    if (queues < 0 || entries < 0) {
      throw new AssertionError("mmap: " + Calls.text(queues) + " " + Calls.text(entries));
    }
  }

  /** io_uring_setup(2) alone. */
  static int setup(FileKernel files, MemorySegment parameters, int submissions, int completions, int flags) {
    parameters.fill((byte) 0);
    NativeMemory.putInt(parameters.address() + IoUring.PARAMS_CQ_ENTRIES, completions);
    NativeMemory.putInt(parameters.address() + IoUring.PARAMS_FLAGS, flags);
    return files.ioUringSetup(submissions, parameters.address());
  }

  private int parameter(int offset) {
    return NativeMemory.getInt(parameters.address() + offset);
  }

  private int sq(int field) {
    return parameter(IoUring.PARAMS_SQ_OFFSETS + field);
  }

  private int cq(int field) {
    return parameter(IoUring.PARAMS_CQ_OFFSETS + field);
  }

  private int queue(int offset) {
    java.lang.invoke.VarHandle.acquireFence();
    return NativeMemory.getInt(queues + offset);
  }

  int fd() {
    return fd;
  }

  int features() {
    return parameter(IoUring.PARAMS_FEATURES);
  }

  String sizes() {
    return submissions + " " + completions + " " + queue(sq(IoUring.OFFSETS_ENTRIES)) + " "
        + queue(cq(IoUring.OFFSETS_ENTRIES)) + " " + queue(sq(IoUring.OFFSETS_MASK)) + " "
        + queue(cq(IoUring.OFFSETS_MASK));
  }

  boolean hasOverflow() {
    return (queue(sq(IoUring.OFFSETS_SQ_FLAGS)) & IoUring.SQ_CQ_OVERFLOW) != 0;
  }

  /** How many submissions the kernel has not taken. */
  int waiting() {
    return queue(sq(IoUring.OFFSETS_TAIL)) - queue(sq(IoUring.OFFSETS_HEAD));
  }

  /** Writes a submission, which {@link #enter} hands over. */
  void push(long userData, int opcode, int fd, long offset, long address, int length, int operationFlags) {
    push(userData, opcode, fd, offset, address, length, operationFlags, 0, 0);
  }

  void push(long userData, int opcode, int fd, long offset, long address, int length, int operationFlags,
      int spliceFrom, int flags) {
    int tail = queue(sq(IoUring.OFFSETS_TAIL));
    int index = tail & (submissions - 1);
    MemorySegment entry = NativeMemory.segment(entries + (long) index * IoUring.SQE_SIZE, IoUring.SQE_SIZE);
    entry.fill((byte) 0);
    long at = entry.address();
    entry.set(java.lang.foreign.ValueLayout.JAVA_BYTE, IoUring.SQE_OPCODE, (byte) opcode);
    entry.set(java.lang.foreign.ValueLayout.JAVA_BYTE, IoUring.SQE_FLAGS, (byte) flags);
    NativeMemory.putInt(at + IoUring.SQE_FD, fd);
    NativeMemory.putLong(at + IoUring.SQE_OFFSET, offset);
    NativeMemory.putLong(at + IoUring.SQE_ADDRESS, address);
    NativeMemory.putInt(at + IoUring.SQE_LENGTH, length);
    NativeMemory.putInt(at + IoUring.SQE_OPERATION_FLAGS, operationFlags);
    NativeMemory.putLong(at + IoUring.SQE_USER_DATA, userData);
    NativeMemory.putInt(at + IoUring.SQE_SPLICE_FD_IN, spliceFrom);
    NativeMemory.putInt(queues + sq(IoUring.OFFSETS_SQ_ARRAY) + 4L * index, index);
    java.lang.invoke.VarHandle.releaseFence();
    NativeMemory.putInt(queues + sq(IoUring.OFFSETS_TAIL), tail + 1);
  }

  int enter() {
    return files.ioUringEnter(fd, waiting(), 0, IoUring.ENTER_GETEVENTS);
  }

  /** A completion. */
  record Completion(long userData, int result) {
    @Override
    public String toString() {
      return userData + ":" + Calls.text(result);
    }
  }

  /** Takes the completions that are there. */
  List<Completion> take() {
    List<Completion> taken = new ArrayList<>();
    int head = queue(cq(IoUring.OFFSETS_HEAD));
    while (head != queue(cq(IoUring.OFFSETS_TAIL))) {
      long at = queues + cq(IoUring.OFFSETS_CQ_ENTRIES_START) + (long) (head & (completions - 1)) * IoUring.CQE_SIZE;
      taken.add(new Completion(NativeMemory.getLong(at), NativeMemory.getInt(at + IoUring.CQE_RESULT)));
      head++;
      java.lang.invoke.VarHandle.releaseFence();
      NativeMemory.putInt(queues + cq(IoUring.OFFSETS_HEAD), head);
    }
    return taken;
  }

  @Override
  public void close() {
    KernelContract.check(files.munmap(queues, queuesSize), "0");
    KernelContract.check(files.munmap(entries, (long) submissions * IoUring.SQE_SIZE), "0");
    KernelContract.check(kernel.close(fd), "0");
    arena.close();
  }
}
