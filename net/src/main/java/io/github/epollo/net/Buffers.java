package io.github.epollo.net;

import io.github.epollo.runtime.kernel.DirectMemory;
import io.github.epollo.runtime.kernel.IoVectors;
import java.nio.ByteBuffer;
import java.util.Objects;

/** Byte buffers on their way into a system call: large direct ones by address, the others through {@link Scratch} memory. */
final class Buffers {
  private Buffers() {}

  /*
   * The JDK tells the address of a direct buffer only through a MemorySegment, an allocation that the JIT compiler may or may not remove. So small transfers are
   * copied, which allocates nothing: a read costs a copy of what came, not of the room that was offered; a write costs a copy of all.
   */
  private static final int COPIED_WRITE = 16 * 1024;

  /** Where the kernel itself writes what it has for {@code target}; 0: what comes is copied. */
  static long addressToFill(ByteBuffer target) {
    return target.remaining() > Scratch.DATA_SIZE ? DirectMemory.address(target) : 0;
  }

  /** Where the kernel itself reads what {@code source} has; 0: it is copied. */
  static long addressToSend(ByteBuffer source) {
    return source.remaining() > COPIED_WRITE ? DirectMemory.address(source) : 0;
  }

  /** Throws if {@code target} cannot be read into. */
  static void requireWritable(ByteBuffer target) {
    if (target.isReadOnly()) {
      throw new IllegalArgumentException("cannot read into " + target + ": it is read-only");
    }
  }

  /**
   * Throws what the JDK says of a buffer whose arena is closed or belongs to another thread: before bytes are taken, which would be lost then. The buffer has room.
   */
  static void requireAccessible(ByteBuffer target) {
    byte _ = target.get(target.position());
  }

  /** Throws if one of {@code targets} cannot be read into. */
  static void requireWritable(ByteBuffer[] targets, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, targets.length);
    for (int i = offset; i < offset + length; i++) {
      requireWritable(targets[i]);
    }
  }

  static boolean hasRemaining(ByteBuffer[] buffers, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, buffers.length);
    for (int i = offset; i < offset + length; i++) {
      if (buffers[i].hasRemaining()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Fills the vectors and the header of {@code scratch} with as many of the buffers as fit, each a vector of its own; empty ones are left out.
   *
   * @param copy whether the buffers hold what is to be sent
   * @return the bytes that the vectors hold
   */
  static long prepare(Scratch scratch, ByteBuffer[] buffers, int offset, int length, boolean copy) {
    IoVectors vectors = scratch.vectors();
    int count = 0;
    int used = 0; // of the scratch memory
    long total = 0;
    for (int i = offset; i < offset + length && count < Scratch.MAX_VECTORS; i++) {
      ByteBuffer buffer = buffers[i];
      int wanted = buffer.remaining();
      if (wanted == 0) {
        continue;
      }
      long address = DirectMemory.address(buffer);
      if (address != 0) {
        vectors.put(count++, address, wanted);
        total += wanted;
        continue;
      }
      int part = Math.min(wanted, Scratch.DATA_SIZE - used);
      if (part > 0) {
        if (copy) {
          scratch.data().put(used, buffer, buffer.position(), part);
        } else {
          requireAccessible(buffer);
        }
        vectors.put(count++, scratch.dataAddress() + used, part);
        used += part;
        total += part;
      }
      if (part < wanted) {
        break; // what comes after this buffer must not overtake it
      }
    }
    scratch.header().name(0, 0);
    scratch.header().vectors(vectors.address(), count);
    scratch.header().control(0, 0);
    return total;
  }

  /** Hands {@code n} received bytes to the buffers that {@link #prepare} made vectors of. */
  static void scatter(Scratch scratch, long n, ByteBuffer[] buffers, int offset, int length) {
    int used = 0;
    long left = n;
    for (int i = offset; i < offset + length && left > 0; i++) {
      ByteBuffer buffer = buffers[i];
      int part = (int) Math.min(left, buffer.remaining());
      if (part > 0 && DirectMemory.address(buffer) == 0) {
        buffer.put(buffer.position(), scratch.data(), used, part);
        used += part;
      }
      buffer.position(buffer.position() + part);
      left -= part;
    }
  }

  /** Moves the positions of the buffers by {@code n} sent bytes in all. */
  static void advance(long n, ByteBuffer[] buffers, int offset, int length) {
    long left = n;
    for (int i = offset; i < offset + length && left > 0; i++) {
      ByteBuffer buffer = buffers[i];
      int part = (int) Math.min(left, buffer.remaining());
      buffer.position(buffer.position() + part);
      left -= part;
    }
  }
}
