package io.github.epollo.runtime.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A {@code struct msghdr} in native memory: what recvmsg(2) and sendmsg(2) take. Equal on x86-64 and aarch64.
 *
 * <pre>
 *   0   name            address of a socket address, or 0
 *   8   name length     (4 bytes, 4 unused)
 *   16  vectors         address of an array of {@link IoVectors}
 *   24  vector count
 *   32  control         address of ancillary data, or 0
 *   40  control length
 *   48  flags           (4 bytes, 4 unused): set by recvmsg
 * </pre>
 *
 * <p>The memory lives as long as the arena; what the addresses point to is the caller's. recvmsg overwrites both
 * lengths, so set them before each call. Accessors allocate nothing.
 *
 * <p><b>Threading:</b> not synchronized; which threads may use it follows from the arena.
 */
public final class MessageHeader {
  private static final int SIZE = 56;
  private static final int NAME = 0;
  private static final int NAME_LENGTH = 8;
  private static final int VECTORS = 16;
  private static final int VECTOR_COUNT = 24;
  private static final int CONTROL = 32;
  private static final int CONTROL_LENGTH = 40;
  private static final int FLAGS = 48;

  private final MemorySegment memory;

  /** A header of zeros. */
  public MessageHeader(Arena arena) {
    this(arena.allocate(SIZE, Long.BYTES));
  }

  private MessageHeader(MemorySegment memory) {
    this.memory = memory;
  }

  /** The header that stands at {@code address}: for a {@link Kernel} that is not Linux. */
  public static MessageHeader at(long address) {
    return new MessageHeader(NativeMemory.segment(address, SIZE));
  }

  /** Where the header starts. */
  public long address() {
    return memory.address();
  }

  /** The address of the peer's socket address, or 0. */
  public long name() {
    return memory.get(JAVA_LONG_UNALIGNED, NAME);
  }

  /** The bytes of the peer's socket address. */
  public int nameLength() {
    return memory.get(JAVA_INT_UNALIGNED, NAME_LENGTH);
  }

  /** Sets where the peer's socket address stands, and its length or its room. */
  public void name(long address, int length) {
    memory.set(JAVA_LONG_UNALIGNED, NAME, address);
    memory.set(JAVA_INT_UNALIGNED, NAME_LENGTH, length);
  }

  /** The address of the vectors. */
  public long vectors() {
    return memory.get(JAVA_LONG_UNALIGNED, VECTORS);
  }

  /** How many vectors there are. */
  public long vectorCount() {
    return memory.get(JAVA_LONG_UNALIGNED, VECTOR_COUNT);
  }

  /** Sets the buffers: {@code count} vectors of an array of {@link IoVectors}. */
  public void vectors(long address, int count) {
    memory.set(JAVA_LONG_UNALIGNED, VECTORS, address);
    memory.set(JAVA_LONG_UNALIGNED, VECTOR_COUNT, count);
  }

  /** The address of the ancillary data, or 0. */
  public long control() {
    return memory.get(JAVA_LONG_UNALIGNED, CONTROL);
  }

  /** The bytes of the ancillary data. */
  public long controlLength() {
    return memory.get(JAVA_LONG_UNALIGNED, CONTROL_LENGTH);
  }

  /** Sets where the ancillary data stands, and its length or its room. */
  public void control(long address, long length) {
    memory.set(JAVA_LONG_UNALIGNED, CONTROL, address);
    memory.set(JAVA_LONG_UNALIGNED, CONTROL_LENGTH, length);
  }

  /** What recvmsg said of the message: {@link Sockets#MSG_TRUNC}, {@link Sockets#MSG_CTRUNC}. */
  public int flags() {
    return memory.get(JAVA_INT_UNALIGNED, FLAGS);
  }

  /** Sets {@link #flags()}: for a {@link Kernel} that is not Linux. */
  public void flags(int flags) {
    memory.set(JAVA_INT_UNALIGNED, FLAGS, flags);
  }
}
