package io.github.epollo.runtime.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A program that the kernel runs on each packet for a socket ({@code SO_ATTACH_FILTER}, socket(7)); it is written in classic BPF. What the filter of a TCP socket sees begins with the TCP header.
 *
 * <p><b>Threading:</b> immutable.
 */
public final class SocketFilter {
  /** Size of {@code struct sock_fprog}, the value of the option. */
  public static final int SIZE = 16;

  private static final int CODE = 8; // offset of the instructions' address in it

  private static final int LOAD_BYTE = 0x30; // BPF_LD | BPF_B | BPF_ABS
  private static final int AND = 0x54; // BPF_ALU | BPF_AND | BPF_K
  private static final int JUMP_IF_EQUAL = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
  private static final int RETURN = 0x06; // BPF_RET | BPF_K; how many bytes of the packet are kept

  private static final int FLAGS = 13; // offset in the TCP header
  private static final int SYN = 0x02;
  private static final int ACK = 0x10;

  /**
   * Drops the requests for a connection, as if they had been lost on their way: a client repeats its request after a second. All else passes, so that a handshake that has begun ends as it would have. Meant for a listener that is about to close.
   */
  public static final SocketFilter NO_NEW_CONNECTIONS = new SocketFilter(
      instruction(LOAD_BYTE, 0, 0, FLAGS),
      instruction(AND, 0, 0, SYN | ACK),
      instruction(JUMP_IF_EQUAL, 0, 1, SYN),
      instruction(RETURN, 0, 0, 0),
      instruction(RETURN, 0, 0, Integer.MAX_VALUE));

  private final MemorySegment code;
  private final MemorySegment program; // struct sock_fprog

  private SocketFilter(long... instructions) {
    code = Arena.global().allocateFrom(ValueLayout.JAVA_LONG, instructions);
    program = Arena.global().allocate(SIZE, Long.BYTES);
    program.set(ValueLayout.JAVA_SHORT, 0, (short) instructions.length);
    program.set(ValueLayout.JAVA_LONG, CODE, code.address());
  }

  /** {@code struct sock_filter}: a code, how many to skip if it holds and if not, and an operand. */
  private static long instruction(int code, int ifTrue, int ifFalse, int operand) {
    return code | (long) ifTrue << 16 | (long) ifFalse << 24 | (long) operand << 32;
  }

  /** Where the option's value is: {@link #SIZE} bytes that are never freed. */
  public long address() {
    return program.address();
  }

  /** Whether the value of the option at {@code address} is the same program; for a kernel that is not Linux. */
  public boolean isAt(long address) {
    short count = (short) NativeMemory.getInt(address);
    MemorySegment other = NativeMemory.segment(NativeMemory.getLong(address + CODE), code.byteSize());
    return count == program.get(ValueLayout.JAVA_SHORT, 0) && code.mismatch(other) < 0;
  }
}
