package io.github.epollo.testkit.sim.ring;

import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.IoUring;
import io.github.epollo.runtime.kernel.NativeMemory;
import io.github.epollo.testkit.sim.OpenFile;
import io.github.epollo.testkit.sim.files.HostFiles;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/** The calls on rings of a host. */
public final class Rings {
  private static final int MOST_ENTRIES = 32_768;
  private static final int FLAGS = IoUring.SETUP_CQSIZE | IoUring.SETUP_CLAMP | IoUring.SETUP_SUBMIT_ALL
      | IoUring.SETUP_COOP_TASKRUN | IoUring.SETUP_TASKRUN_FLAG;
  private static final int FEATURES = IoUring.FEATURE_SINGLE_MMAP | IoUring.FEATURE_NODROP
      | IoUring.FEATURE_SUBMIT_STABLE | IoUring.FEATURE_RW_CUR_POS | IoUring.FEATURE_FAST_POLL;
  private static final int DEFAULT_WORKERS = 4;

  private final HostFiles host;
  private final Map<Long, MemorySegment> mapped = new HashMap<>(); // by address; keeps the memory alive
  private boolean forbidden;
  private RingEvents events = RingEvents.NONE;
  private int[] workers = {DEFAULT_WORKERS, DEFAULT_WORKERS};

  /** Those of {@code host}. */
  public Rings(HostFiles host) {
    this.host = host;
  }

  /** Has rings that are set up from now on tell {@code events}. */
  public void events(RingEvents newEvents) {
    events = newEvents;
  }

  /** Has io_uring_setup(2) be refused from now on, as in most containers. */
  public void forbid() {
    forbidden = true;
  }

  /** io_uring_setup(2), with memory of {@code arena}. */
  public int setup(Arena arena, int entries, long parameters) {
    if (forbidden) {
      return -Errno.EPERM;
    }
    int flags = NativeMemory.getInt(parameters + IoUring.PARAMS_FLAGS);
    boolean clamp = (flags & IoUring.SETUP_CLAMP) != 0;
    if ((flags & ~FLAGS) != 0 || entries <= 0 || (entries > MOST_ENTRIES && !clamp)
        || ((flags & IoUring.SETUP_TASKRUN_FLAG) != 0 && (flags & IoUring.SETUP_COOP_TASKRUN) == 0)) {
      return -Errno.EINVAL;
    }
    int submissions = powerOfTwo(Math.min(entries, MOST_ENTRIES));
    int completions = 2 * submissions;
    if ((flags & IoUring.SETUP_CQSIZE) != 0) {
      int asked = NativeMemory.getInt(parameters + IoUring.PARAMS_CQ_ENTRIES);
      if (asked <= 0 || (asked > 2 * MOST_ENTRIES && !clamp)) {
        return -Errno.EINVAL;
      }
      completions = powerOfTwo(Math.min(asked, 2 * MOST_ENTRIES));
      if (completions < submissions) {
        return -Errno.EINVAL;
      }
    }
    RingMemory memory = new RingMemory(arena, submissions, completions);
    int fd = host.host().open(new SimRing(host, memory, flags, events), true);
    if (fd >= 0) {
      memory.describe(parameters);
      NativeMemory.putInt(parameters + IoUring.PARAMS_FEATURES, FEATURES);
    }
    return fd;
  }

  private static int powerOfTwo(int n) {
    return n == 1 ? 1 : Integer.highestOneBit(n - 1) << 1;
  }

  /** io_uring_enter(2). */
  public int enter(int fd, int toSubmit, int minComplete, int flags) {
    OpenFile file = host.fds().file(fd);
    return file instanceof SimRing ring ? ring.enter(toSubmit, minComplete, flags) : -Errno.EOPNOTSUPP;
  }

  /** io_uring_register(2): the probe, and the limits of workers. */
  public int register(int fd, int opcode, long argument, int count) {
    if (!(host.fds().file(fd) instanceof SimRing)) {
      return -Errno.EOPNOTSUPP;
    }
    return switch (opcode) {
      case IoUring.REGISTER_PROBE -> probe(argument, count);
      case IoUring.REGISTER_IOWQ_MAX_WORKERS -> limitWorkers(argument, count);
      default -> -Errno.EINVAL;
    };
  }

  private static int probe(long address, int count) {
    if (address == 0 || count > 256) {
      return -Errno.EINVAL;
    }
    int last = IoUring.OP_FTRUNCATE;
    int told = Math.min(count, last + 1);
    for (int i = 0; i < told; i++) {
      long at = address + IoUring.PROBE_HEAD_SIZE + (long) i * IoUring.PROBE_OP_SIZE;
      NativeMemory.putLong(at, 0);
      NativeMemory.putInt(at, i | (Operations.KNOWN.contains(i) ? 1 << 16 : 0));
    }
    NativeMemory.putInt(address, last | told << 8);
    return 0;
  }

  private int limitWorkers(long address, int count) {
    if (address == 0 || count != 2) {
      return -Errno.EINVAL;
    }
    int[] asked = {NativeMemory.getInt(address), NativeMemory.getInt(address + Integer.BYTES)};
    NativeMemory.putInt(address, workers[0]);
    NativeMemory.putInt(address + Integer.BYTES, workers[1]);
    workers = new int[]{asked[0] == 0 ? workers[0] : asked[0], asked[1] == 0 ? workers[1] : asked[1]};
    return 0;
  }

  /** mmap(2). */
  public long map(long length, int fd, long offset) {
    if (!(host.fds().file(fd) instanceof SimRing ring)) {
      return -Errno.ENODEV;
    }
    if (offset != IoUring.MMAP_SQ_RING && offset != IoUring.MMAP_CQ_RING && offset != IoUring.MMAP_SQES) {
      return -Errno.EINVAL;
    }
    MemorySegment piece = ring.memory().piece(offset == IoUring.MMAP_SQES);
    if (length <= 0 || length > piece.byteSize()) {
      return -Errno.EINVAL;
    }
    mapped.put(piece.address(), piece);
    return piece.address();
  }

  /** munmap(2). */
  public int unmap(long address) {
    return mapped.remove(address) == null ? -Errno.EINVAL : 0;
  }
}
