package io.github.epollo.fs;

import io.github.epollo.fs.engine.NativeBuffer;
import java.nio.ByteBuffer;
import java.util.Objects;

/** Byte buffers on their way through native memory. */
final class TransferBuffers {
  private TransferBuffers() {}

  /** Throws if {@code target} cannot be read into. */
  static void requireWritable(ByteBuffer target) {
    if (target.isReadOnly()) {
      throw new IllegalArgumentException("cannot read into " + target + ": it is read-only");
    }
  }

  /** Throws if one of {@code targets} cannot be read into. */
  static void requireWritable(ByteBuffer[] targets, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, targets.length);
    for (int i = offset; i < offset + length; i++) {
      requireWritable(targets[i]);
    }
  }

  /** Throws if a file has no such position. */
  static void requirePosition(long position) {
    if (position < 0) {
      throw new IllegalArgumentException("a position in a file cannot be negative: " + position);
    }
  }

  /** Throws if a file that was opened for direct I/O cannot read or write there. */
  static void requireAligned(FileHandle file, long position, long length) {
    if (file.alignment > 1 && (position % file.alignment != 0 || length % file.alignment != 0)) {
      throw new IllegalArgumentException("cannot read or write " + length + " bytes at position " + position + " of "
          + file + ": it is opened for direct I/O, which takes multiples of " + file.alignment + " bytes only");
    }
  }

  /** The bytes between position and limit of all. */
  static long remaining(ByteBuffer[] buffers, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, buffers.length);
    long remaining = 0;
    for (int i = offset; i < offset + length; i++) {
      remaining += buffers[i].remaining();
    }
    return remaining;
  }

  /** Copies what fits into {@code memory}, positions unchanged; how many bytes. */
  static int gather(ByteBuffer[] sources, int offset, int length, NativeBuffer memory) {
    int used = 0;
    for (int i = offset; i < offset + length && used < memory.size(); i++) {
      int part = Math.min(sources[i].remaining(), memory.size() - used);
      memory.bytes().put(used, sources[i], sources[i].position(), part);
      used += part;
    }
    return used;
  }

  /** Copies {@code n} bytes of {@code memory} into the buffers. */
  static void scatter(NativeBuffer memory, int n, ByteBuffer[] targets, int offset, int length) {
    int used = 0;
    for (int i = offset; i < offset + length && used < n; i++) {
      ByteBuffer target = targets[i];
      int part = Math.min(target.remaining(), n - used);
      target.put(target.position(), memory.bytes(), used, part);
      target.position(target.position() + part);
      used += part;
    }
  }

  /** Moves the positions by {@code n} bytes in all. */
  static void advance(int n, ByteBuffer[] sources, int offset, int length) {
    int left = n;
    for (int i = offset; i < offset + length && left > 0; i++) {
      int part = Math.min(sources[i].remaining(), left);
      sources[i].position(sources[i].position() + part);
      left -= part;
    }
  }
}
