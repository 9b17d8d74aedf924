package io.github.epollo.runtime.kernel;

/**
 * Constants of io_uring(7), and where the fields of its structs stand. Equal on x86-64 and aarch64; all from {@code linux/io_uring.h}.
 *
 * <pre>
 *   struct io_uring_params (120 bytes)
 *     0 sq_entries   4 cq_entries   8 flags   12 sq_thread_cpu   16 sq_thread_idle   20 features   24 wq_fd   28 reserved[3]
 *    40 sq_off:  head tail ring_mask ring_entries flags dropped array reserved (8 ints), user_addr
 *    80 cq_off:  head tail ring_mask ring_entries overflow cqes flags reserved (8 ints), user_addr
 *
 *   struct io_uring_sqe (64 bytes)
 *     0 opcode (byte)  1 flags (byte)  2 ioprio (short)  4 fd   8 off / addr2   16 addr   24 len   28 op flags   32 user_data
 *    40 buf_index (short)   42 personality (short)   44 splice_fd_in / file_index   48 addr3   56 padding
 *
 *   struct io_uring_cqe (16 bytes)
 *     0 user_data   8 res   12 flags
 * </pre>
 */
public final class IoUring {
  /** Bytes of {@code struct io_uring_params}. */
  public static final int PARAMS_SIZE = 120;
  /** Offset in the parameters: entries of the submission queue. */
  public static final int PARAMS_SQ_ENTRIES = 0;
  /** Offset in the parameters: entries of the completion queue. */
  public static final int PARAMS_CQ_ENTRIES = 4;
  /** Offset in the parameters: {@code SETUP_} flags. */
  public static final int PARAMS_FLAGS = 8;
  /** Offset in the parameters: {@code FEATURE_} bits, filled by the kernel. */
  public static final int PARAMS_FEATURES = 20;
  /** Offset in the parameters: where the parts of the submission ring stand in its mapping. */
  public static final int PARAMS_SQ_OFFSETS = 40;
  /** Offset in the parameters: where the parts of the completion ring stand in its mapping. */
  public static final int PARAMS_CQ_OFFSETS = 80;

  /** Within the offsets of either ring: its head. */
  public static final int OFFSETS_HEAD = 0;
  /** Within the offsets of either ring: its tail. */
  public static final int OFFSETS_TAIL = 4;
  /** Within the offsets of either ring: entries less one. */
  public static final int OFFSETS_MASK = 8;
  /** Within the offsets of either ring: entries. */
  public static final int OFFSETS_ENTRIES = 12;
  /** Within the offsets of the submission ring: its flags, {@code SQ_} constants. */
  public static final int OFFSETS_SQ_FLAGS = 16;
  /** Within the offsets of the submission ring: the array of indices. */
  public static final int OFFSETS_SQ_ARRAY = 24;
  /** Within the offsets of the completion ring: how many completions were lost. */
  public static final int OFFSETS_CQ_OVERFLOW = 16;
  /** Within the offsets of the completion ring: the completions. */
  public static final int OFFSETS_CQ_ENTRIES_START = 20;

  /** Offset for mmap(2): the submission ring, and with {@link #FEATURE_SINGLE_MMAP} the completion ring, too. */
  public static final long MMAP_SQ_RING = 0;
  /** Offset for mmap(2): the completion ring. */
  public static final long MMAP_CQ_RING = 0x8000000L;
  /** Offset for mmap(2): the submission entries. */
  public static final long MMAP_SQES = 0x10000000L;

  /** Setup: the completion queue's size is given. */
  public static final int SETUP_CQSIZE = 1 << 3;
  /** Setup: too large a size is reduced, not refused. */
  public static final int SETUP_CLAMP = 1 << 4;
  /** Setup: one bad submission does not stop those behind it. */
  public static final int SETUP_SUBMIT_ALL = 1 << 7;
  /** Setup: no interrupts of the submitting thread; completions are posted when it next enters the kernel. */
  public static final int SETUP_COOP_TASKRUN = 1 << 8;
  /** Setup: {@link #SQ_TASKRUN} tells that completions wait for an enter. */
  public static final int SETUP_TASKRUN_FLAG = 1 << 9;

  /** Feature: one mapping holds both rings. */
  public static final int FEATURE_SINGLE_MMAP = 1;
  /** Feature: completions that find no room are kept by the kernel. */
  public static final int FEATURE_NODROP = 1 << 1;
  /** Feature: what a submission points to (vectors, paths, times) may go once it was submitted; buffers may not. */
  public static final int FEATURE_SUBMIT_STABLE = 1 << 2;
  /** Feature: offset -1 means the file's own position. */
  public static final int FEATURE_RW_CUR_POS = 1 << 3;
  /** Feature: a file that is not ready (a pipe, a socket) is polled, and does not hold a worker thread. */
  public static final int FEATURE_FAST_POLL = 1 << 5;

  /** In the submission ring's flags: completions wait for room; enter with {@link #ENTER_GETEVENTS} to have them. */
  public static final int SQ_CQ_OVERFLOW = 1 << 1;
  /** In the submission ring's flags: see {@link #SETUP_TASKRUN_FLAG}. */
  public static final int SQ_TASKRUN = 1 << 2;

  /** io_uring_enter(2): look for completions. */
  public static final int ENTER_GETEVENTS = 1;

  /** io_uring_register(2): {@code struct io_uring_probe}, which operations there are. */
  public static final int REGISTER_PROBE = 8;
  /** io_uring_register(2): two ints, the most worker threads for bounded and for unbounded work; 0 leaves a limit. */
  public static final int REGISTER_IOWQ_MAX_WORKERS = 19;

  /** Bytes of the head of {@code struct io_uring_probe}: byte 0 is the last operation, byte 1 how many follow. */
  public static final int PROBE_HEAD_SIZE = 16;
  /** Bytes of {@code struct io_uring_probe_op}: byte 0 is the operation; the short at 2 has bit 0 set if there is support. */
  public static final int PROBE_OP_SIZE = 8;

  /** Bytes of a submission entry. */
  public static final int SQE_SIZE = 64;
  /** Offset in a submission: the operation, a byte. */
  public static final int SQE_OPCODE = 0;
  /** Offset in a submission: {@code SQE_FLAG_} bits, a byte. */
  public static final int SQE_FLAGS = 1;
  /** Offset in a submission: the file. */
  public static final int SQE_FD = 4;
  /** Offset in a submission: the offset in the file, or a second address. */
  public static final int SQE_OFFSET = 8;
  /** Offset in a submission: the address, or for splice the source's offset. */
  public static final int SQE_ADDRESS = 16;
  /** Offset in a submission: the length, the count of vectors, or the mode. */
  public static final int SQE_LENGTH = 24;
  /** Offset in a submission: flags of the operation. */
  public static final int SQE_OPERATION_FLAGS = 28;
  /** Offset in a submission: comes back with the completion. */
  public static final int SQE_USER_DATA = 32;
  /** Offset in a submission: for splice, the source. */
  public static final int SQE_SPLICE_FD_IN = 44;
  /** Submission flag: hand the work to a worker thread at once, without a first try. */
  public static final int SQE_FLAG_ASYNC = 1 << 4;

  /** Bytes of a completion. */
  public static final int CQE_SIZE = 16;
  /** Offset in a completion: the submission's user data. */
  public static final int CQE_USER_DATA = 0;
  /** Offset in a completion: the result, {@code >= 0} or {@code -errno}. */
  public static final int CQE_RESULT = 8;
  /** Offset in a completion: flags. */
  public static final int CQE_FLAGS = 12;

  /** Does nothing. */
  public static final int OP_NOP = 0;
  /** preadv2(2). */
  public static final int OP_READV = 1;
  /** pwritev2(2). */
  public static final int OP_WRITEV = 2;
  /** fsync(2); operation flag {@link #FSYNC_DATASYNC} for fdatasync(2). */
  public static final int OP_FSYNC = 3;
  /** Cancels the submission whose user data is the address. Answers 0, {@code ENOENT}, or {@code EALREADY} if it runs already. */
  public static final int OP_ASYNC_CANCEL = 14;
  /** fallocate(2): mode in the length, length in the address. */
  public static final int OP_FALLOCATE = 17;
  /** openat(2): path in the address, mode in the length. */
  public static final int OP_OPENAT = 18;
  /** close(2). */
  public static final int OP_CLOSE = 19;
  /** statx(2): path in the address, mask in the length, the struct's address in the offset. */
  public static final int OP_STATX = 21;
  /** pread(2). */
  public static final int OP_READ = 22;
  /** pwrite(2). */
  public static final int OP_WRITE = 23;
  /** posix_fadvise(2): advice in the operation flags. */
  public static final int OP_FADVISE = 24;
  /** splice(2). */
  public static final int OP_SPLICE = 30;
  /** renameat2(2): directories in fd and length, paths in address and offset. */
  public static final int OP_RENAMEAT = 35;
  /** unlinkat(2). */
  public static final int OP_UNLINKAT = 36;
  /** mkdirat(2): mode in the length. */
  public static final int OP_MKDIRAT = 37;
  /** symlinkat(2): target in the address, path in the offset. */
  public static final int OP_SYMLINKAT = 38;
  /** linkat(2): as {@link #OP_RENAMEAT}. */
  public static final int OP_LINKAT = 39;
  /** ftruncate(2): length in the offset. Since Linux 6.9. */
  public static final int OP_FTRUNCATE = 55;

  /** Operation flag of {@link #OP_FSYNC}: data only. */
  public static final int FSYNC_DATASYNC = 1;

  private IoUring() {}
}
