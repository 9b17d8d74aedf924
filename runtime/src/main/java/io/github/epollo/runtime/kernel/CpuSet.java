package io.github.epollo.runtime.kernel;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;

/**
 * The processors that a thread may run on: {@code cpu_set_t}.
 *
 * <p><b>Threading:</b> immutable.
 */
public final class CpuSet {
  private static final int BYTES = 1024; // 8192 processors, as many as Linux can be built for

  private final BitSet processors;

  private CpuSet(BitSet processors) {
    this.processors = processors;
  }

  /**
   * What the process may use: what its first thread may, whatever the current one was confined to.
   *
   * @throws IOException if the kernel does not tell
   */
  public static CpuSet ofProcess(Kernel kernel) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment mask = arena.allocate(BYTES, Long.BYTES);
      int result = kernel.schedGetaffinity((int) ProcessHandle.current().pid(), BYTES, mask.address());
      if (result < 0) {
        throw Errno.toIOException("sched_getaffinity", -result);
      }
      return new CpuSet(BitSet.valueOf(mask.toArray(ValueLayout.JAVA_LONG)));
    }
  }

  /** How many processors these are. */
  public int size() {
    return processors.cardinality();
  }

  /** One of them alone: the one that {@code index} others precede, counted around. */
  public CpuSet one(int index) {
    int processor = processors.stream().skip(index % size()).findFirst().orElseThrow();
    BitSet one = new BitSet();
    one.set(processor);
    return new CpuSet(one);
  }

  /**
   * Confines the current thread to these.
   *
   * @throws IOException if the kernel refuses
   */
  public void confine(Kernel kernel) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment mask = arena.allocate(BYTES, Long.BYTES);
      long[] words = processors.toLongArray();
      MemorySegment.copy(words, 0, mask, ValueLayout.JAVA_LONG, 0, words.length);
      int result = kernel.schedSetaffinity(0, BYTES, mask.address());
      if (result < 0) {
        throw Errno.toIOException("sched_setaffinity(" + this + ")", -result);
      }
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CpuSet set && set.processors.equals(processors);
  }

  @Override
  public int hashCode() {
    return processors.hashCode();
  }

  @Override
  public String toString() {
    return "CPU " + processors;
  }
}
