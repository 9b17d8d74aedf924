package io.github.epollo.net;

import io.github.epollo.runtime.kernel.IoVectors;
import io.github.epollo.runtime.kernel.MessageHeader;
import io.github.epollo.runtime.kernel.Pool;
import io.github.epollo.runtime.loop.LoopLocal;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

/**
 * Native memory for one system call: what a heap buffer is copied through, and the structs that the call takes. Held between {@code take} and {@code
 * give} of the pool, never across a wait. The garbage collector frees it.
 */
final class Scratch {
  /** Bytes of {@link #data()}. */
  static final int DATA_SIZE = 64 * 1024;

  /** {@code IOV_MAX}: the kernel takes no more in one call. */
  static final int MAX_VECTORS = 1024;

  /** Room for any socket address: {@code sizeof(struct sockaddr_storage)}. */
  static final int NAME_SIZE = 128;

  private static final int SLOTS = 4; // under the loop carrier one is in use at a time

  /** A loop's pool. */
  static final LoopLocal<Pool<Scratch>> POOL = new LoopLocal<>(_ -> new Pool<>(SLOTS, Scratch::new));

  private final Arena arena = Arena.ofAuto();
  private final MemorySegment memory = arena.allocate(DATA_SIZE, 64);
  private final ByteBuffer data = memory.asByteBuffer();
  private final long dataAddress = memory.address();
  private final MemorySegment name = arena.allocate(NAME_SIZE, 8);
  private final MemorySegment length = arena.allocate(8, 8);
  private final IoVectors vectors = new IoVectors(arena, MAX_VECTORS);
  private final MessageHeader header = new MessageHeader(arena);

  /** The bytes as a buffer; use absolute accesses only. */
  ByteBuffer data() {
    return data;
  }

  long dataAddress() {
    return dataAddress;
  }

  /** Where a socket address goes, or the value of an option. */
  MemorySegment name() {
    return name;
  }

  /** The address of an int that a call reads as the room for its result and overwrites with the length: set to {@code room}. */
  long lengthAddress(int room) {
    length.set(ValueLayout.JAVA_INT, 0, room);
    return length.address();
  }

  IoVectors vectors() {
    return vectors;
  }

  MessageHeader header() {
    return header;
  }
}
