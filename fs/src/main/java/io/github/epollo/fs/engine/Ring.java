package io.github.epollo.fs.engine;

import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.Fd;
import io.github.epollo.runtime.kernel.FileKernel;
import io.github.epollo.runtime.kernel.IoUring;
import io.github.epollo.runtime.kernel.Kernel;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * An io_uring: submissions are written one by one and handed over together by {@link #enter}; completions are read one by one.
 *
 * <p>Never with a polling thread of the kernel (SQPOLL), and with so many worker threads at most as it is told.
 *
 * <p><b>Threading:</b> one thread at a time.
 */
final class Ring {
  /** Without the first four this class does not work; without the last, each wait for a pipe would hold a worker. */
  private static final int NEEDED = IoUring.FEATURE_SINGLE_MMAP | IoUring.FEATURE_NODROP | IoUring.FEATURE_SUBMIT_STABLE
      | IoUring.FEATURE_RW_CUR_POS | IoUring.FEATURE_FAST_POLL;

  private static final int SIZES = IoUring.SETUP_CQSIZE | IoUring.SETUP_CLAMP;

  /** Since Linux 5.19. The loop enters the kernel each turn anyway: no need to interrupt it for a completion. */
  private static final int BETTER = SIZES | IoUring.SETUP_SUBMIT_ALL | IoUring.SETUP_COOP_TASKRUN
      | IoUring.SETUP_TASKRUN_FLAG;

  private static final int HELD_BACK = IoUring.SQ_CQ_OVERFLOW | IoUring.SQ_TASKRUN;

  private final FileKernel kernel;
  private final Fd fd;
  private final RingMemory memory;
  private final RingOperations operations;
  private final SubmissionEntry entry;

  private int submissionTail; // of which the kernel knows since the last enter()
  private int completionHead;

  private Ring(FileKernel kernel, Fd fd, RingMemory memory, RingOperations operations) {
    this.kernel = kernel;
    this.fd = fd;
    this.memory = memory;
    this.operations = operations;
    this.entry = new SubmissionEntry(memory.entries());
    this.submissionTail = memory.submissionHeadAcquire();
    this.completionHead = memory.completionHeadPlain();
  }

  /**
   * Makes a ring, and has it do nothing once.
   *
   * @param submissions the room for submissions, rounded up to a power of two, and down to what the kernel admits
   * @param completions the room for completions, likewise
   * @param workers how many threads the kernel may use for it
   * @throws IOException if the kernel refuses, or its rings lack what this needs
   */
  static Ring open(Kernel kernel, int submissions, int completions, int workers) throws IOException {
    FileKernel files = kernel.files();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment parameters = arena.allocate(IoUring.PARAMS_SIZE, Long.BYTES);
      Fd fd = new Fd(kernel, setUp(files, submissions, completions, parameters));
      RingMemory memory = null;
      boolean done = false;
      try {
        requireFeatures(parameters);
        RingOperations operations = RingOperations.probe(files, fd.number());
        limitWorkers(files, fd.number(), workers, arena);
        memory = RingMemory.map(files, fd.number(), parameters);
        Ring ring = new Ring(files, fd, memory, operations);
        ring.tryOut();
        done = true;
        return ring;
      } finally {
        if (!done) {
          if (memory != null) {
            memory.unmap();
          }
          fd.close();
        }
      }
    }
  }

  private static int setUp(FileKernel kernel, int submissions, int completions, MemorySegment parameters)
      throws IOException {
    int result = setUp(kernel, submissions, completions, parameters, BETTER);
    if (result == -Errno.EINVAL) {
      result = setUp(kernel, submissions, completions, parameters, SIZES);
    }
    if (result < 0) {
      throw Errno.toIOException("io_uring_setup", String.valueOf(submissions), -result);
    }
    return result;
  }

  private static int setUp(FileKernel kernel, int submissions, int completions, MemorySegment parameters, int flags) {
    parameters.fill((byte) 0);
    parameters.set(ValueLayout.JAVA_INT, IoUring.PARAMS_CQ_ENTRIES, completions);
    parameters.set(ValueLayout.JAVA_INT, IoUring.PARAMS_FLAGS, flags);
    return kernel.ioUringSetup(submissions, parameters.address());
  }

  private static void requireFeatures(MemorySegment parameters) throws IOException {
    int missing = NEEDED & ~parameters.get(ValueLayout.JAVA_INT, IoUring.PARAMS_FEATURES);
    if (missing != 0) {
      throw new IOException(
          "the kernel's io_uring lacks features, 0x" + Integer.toHexString(missing) + ": Linux 5.15 has them");
    }
  }

  private static void limitWorkers(FileKernel kernel, int fd, int workers, Arena arena) throws IOException {
    MemorySegment limits = arena.allocateFrom(ValueLayout.JAVA_INT, workers, workers);
    int result = kernel.ioUringRegister(fd, IoUring.REGISTER_IOWQ_MAX_WORKERS, limits.address(), 2);
    if (result < 0) {
      throw Errno.toIOException("io_uring_register", "IORING_REGISTER_IOWQ_MAX_WORKERS, " + workers, -result);
    }
  }

  /** A filter of system calls may admit io_uring_setup and refuse the others. */
  private void tryOut() throws IOException {
    SubmissionEntry nothing = next();
    if (nothing == null) {
      throw new IOException("a new ring has no room for a submission");
    }
    nothing.operation(IoUring.OP_NOP, -1);
    push();
    int result = enter();
    if (result < 0) {
      throw Errno.toIOException("io_uring_enter", "1", -result);
    }
    if (!hasCompletion()) {
      throw new IOException("a new ring does not answer");
    }
    advance();
  }

  /** The ring's own fd: readable when there are completions. */
  Fd fd() {
    return fd;
  }

  /** How many completions there is room for. */
  int completions() {
    return memory.completions();
  }

  /** Whether the ring knows {@code opcode}. */
  boolean supports(int opcode) {
    return operations.contains(opcode);
  }

  // ---- submissions

  /** The next free entry, all zero; the same until {@link #push}. Null if there is none before the next {@link #enter}. */
  @Nullable
  SubmissionEntry next() {
    return unsubmitted() == memory.submissions() ? null : entry.at(submissionTail & (memory.submissions() - 1));
  }

  /** Adds the entry that {@link #next} gave. */
  void push() {
    submissionTail++;
  }

  /** How many entries the kernel has not taken yet. */
  int unsubmitted() {
    return submissionTail - memory.submissionHeadAcquire();
  }

  /** Takes the entry back that was pushed last, and is not submitted; returns its user data. */
  long withdraw() {
    submissionTail--;
    return entry.goTo(submissionTail & (memory.submissions() - 1)).userData();
  }

  /** Hands what was pushed to the kernel, and has it write the completions that are ready. Does not wait. Returns how many entries were taken, or {@code -errno}. */
  int enter() {
    memory.submissionTailRelease(submissionTail);
    return kernel.ioUringEnter(fd.number(), unsubmitted(), 0, IoUring.ENTER_GETEVENTS);
  }

  // ---- completions

  /** Whether there is a completion to read by {@link #userData} and {@link #result}. */
  boolean hasCompletion() {
    return completionHead != memory.completionTailAcquire();
  }

  /** What the submission brought along. */
  long userData() {
    return memory.userData(completionHead);
  }

  /** {@code >= 0} or {@code -errno}. */
  int result() {
    return memory.result(completionHead);
  }

  /** Goes to the next completion; this one's place is the kernel's again. */
  void advance() {
    completionHead++;
    memory.completionHeadRelease(completionHead);
  }

  /** Whether the kernel keeps completions for the next {@link #enter}: there was no room for them, or they are not written yet. */
  boolean holdsBack() {
    return (memory.submissionFlagsOpaque() & HELD_BACK) != 0;
  }

  /** Gives the memory back. The fd is for its owner to close. Nothing else may be called from here on. */
  void unmap() {
    memory.unmap();
  }

  @Override
  public String toString() {
    return "ring " + fd;
  }
}
