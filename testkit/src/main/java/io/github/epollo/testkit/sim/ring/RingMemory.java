package io.github.epollo.testkit.sim.ring;

import io.github.epollo.runtime.kernel.IoUring;
import io.github.epollo.runtime.kernel.NativeMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * The memory that a ring shares with its user: the queues in one piece, the submission entries in another.
 *
 * <pre>
 *     0 submissions: head    64 tail   128 mask  132 entries  136 flags  140 dropped
 *   192 completions: head   256 tail   320 mask  324 entries  328 overflow  332 flags
 *   384 completions, then the array of indices
 * </pre>
 */
final class RingMemory {
  private static final int PAGE = 4096;
  private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

  private static final int SQ_HEAD = 0;
  private static final int SQ_TAIL = 64;
  private static final int SQ_MASK = 128;
  private static final int SQ_ENTRIES = 132;
  private static final int SQ_FLAGS = 136;
  private static final int SQ_DROPPED = 140;
  private static final int CQ_HEAD = 192;
  private static final int CQ_TAIL = 256;
  private static final int CQ_MASK = 320;
  private static final int CQ_ENTRIES = 324;
  private static final int CQ_OVERFLOW = 328;
  private static final int CQ_FLAGS = 332;
  private static final int COMPLETIONS = 384;

  private final int submissions;
  private final int completions;
  private final int array;
  private final MemorySegment queues;
  private final MemorySegment entries;

  /** Both numbers are powers of two; {@code arena} is one that the garbage collector closes: whoever maps the memory holds it. */
  RingMemory(Arena arena, int submissions, int completions) {
    this.submissions = submissions;
    this.completions = completions;
    this.array = COMPLETIONS + completions * IoUring.CQE_SIZE;
    this.queues = allocate(arena, array + submissions * Integer.BYTES);
    this.entries = allocate(arena, submissions * IoUring.SQE_SIZE);
    queues.set(ValueLayout.JAVA_INT, SQ_MASK, submissions - 1);
    queues.set(ValueLayout.JAVA_INT, SQ_ENTRIES, submissions);
    queues.set(ValueLayout.JAVA_INT, CQ_MASK, completions - 1);
    queues.set(ValueLayout.JAVA_INT, CQ_ENTRIES, completions);
  }

  private static MemorySegment allocate(Arena arena, int size) {
    return arena.allocate((size + PAGE - 1L) / PAGE * PAGE, PAGE);
  }

  /** Tells the user where everything is. */
  void describe(long parameters) {
    NativeMemory.putInt(parameters + IoUring.PARAMS_SQ_ENTRIES, submissions);
    NativeMemory.putInt(parameters + IoUring.PARAMS_CQ_ENTRIES, completions);
    int[] sq = {SQ_HEAD, SQ_TAIL, SQ_MASK, SQ_ENTRIES, SQ_FLAGS, SQ_DROPPED, array};
    int[] cq = {CQ_HEAD, CQ_TAIL, CQ_MASK, CQ_ENTRIES, CQ_OVERFLOW, COMPLETIONS, CQ_FLAGS};
    for (int i = 0; i < sq.length; i++) {
      NativeMemory.putInt(parameters + IoUring.PARAMS_SQ_OFFSETS + (long) i * Integer.BYTES, sq[i]);
      NativeMemory.putInt(parameters + IoUring.PARAMS_CQ_OFFSETS + (long) i * Integer.BYTES, cq[i]);
    }
  }

  /** What mmap(2) maps: the entries of submissions, or the rest. */
  MemorySegment piece(boolean ofEntries) {
    return ofEntries ? entries : queues;
  }

  private int get(int offset) {
    return (int) INT.getAcquire(queues, (long) offset);
  }

  private void set(int offset, int value) {
    INT.setRelease(queues, (long) offset, value);
  }

  /** How many submissions wait. */
  int waiting() {
    return get(SQ_TAIL) - get(SQ_HEAD);
  }

  /** Whether there is no room for another submission. */
  boolean isFullOfSubmissions() {
    return waiting() == submissions;
  }

  /** The address of the next submission, or 0 if its index is wrong; it is taken. */
  long take() {
    int head = get(SQ_HEAD);
    int index = get(array + (head & (submissions - 1)) * Integer.BYTES);
    set(SQ_HEAD, head + 1);
    if (index < 0 || index >= submissions) {
      set(SQ_DROPPED, get(SQ_DROPPED) + 1);
      return 0;
    }
    return entries.address() + (long) index * IoUring.SQE_SIZE;
  }

  /** How many completions the user has not taken. */
  int untaken() {
    return get(CQ_TAIL) - get(CQ_HEAD);
  }

  /** Writes a completion; false if there is no room. */
  boolean complete(long userData, int result) {
    if (untaken() == completions) {
      return false;
    }
    int tail = get(CQ_TAIL);
    long at = COMPLETIONS + (long) (tail & (completions - 1)) * IoUring.CQE_SIZE;
    queues.set(ValueLayout.JAVA_LONG, at + IoUring.CQE_USER_DATA, userData);
    queues.set(ValueLayout.JAVA_INT, at + IoUring.CQE_RESULT, result);
    queues.set(ValueLayout.JAVA_INT, at + IoUring.CQE_FLAGS, 0);
    set(CQ_TAIL, tail + 1);
    return true;
  }

  /** Tells whether completions wait for room. */
  void overflow(boolean some) {
    set(SQ_FLAGS, some ? IoUring.SQ_CQ_OVERFLOW : 0);
  }
}
