package io.github.epollo.testkit.sim;

import io.github.epollo.runtime.kernel.IoVectors;
import io.github.epollo.runtime.kernel.NativeMemory;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The memory that a caller gave to a call: one buffer, or several. */
public final class UserMemory {
  /** {@code IOV_MAX}. */
  public static final int MAX_VECTORS = 1024;

  private final long[] addresses;
  private final int[] lengths;
  private final long length;

  private UserMemory(long[] addresses, int[] lengths) {
    this.addresses = addresses;
    this.lengths = lengths;
    long sum = 0;
    for (int l : lengths) {
      sum += l;
    }
    this.length = sum;
  }

  /** One buffer. */
  public static UserMemory of(long address, long length) {
    return new UserMemory(new long[]{address}, new int[]{clamp(length)});
  }

  /** Memory of its own, which lives as long as the arena, with {@code bytes}. */
  public static UserMemory copyOf(byte[] bytes, Arena arena) {
    UserMemory memory = of(arena.allocate(Math.max(1, bytes.length)).address(), bytes.length);
    memory.write(bytes);
    return memory;
  }

  /** The buffers of an array of {@link IoVectors}. */
  public static UserMemory ofVectors(long address, int count) {
    long[] addresses = new long[count];
    int[] lengths = new int[count];
    if (count > 0) {
      IoVectors vectors = IoVectors.at(address, count);
      for (int i = 0; i < count; i++) {
        addresses[i] = vectors.base(i);
        lengths[i] = clamp(vectors.length(i));
      }
    }
    return new UserMemory(addresses, lengths);
  }

  /** Linux moves no more than this in one call. */
  private static int clamp(long length) {
    return (int) Math.min(length, Integer.MAX_VALUE & ~0xfff);
  }

  /** Where the first buffer begins. */
  public long address() {
    return addresses[0];
  }

  /** All bytes. */
  public long length() {
    return length;
  }

  /** The first {@code count} bytes of it. */
  public UserMemory first(long count) {
    int[] cut = lengths.clone();
    long left = count;
    for (int i = 0; i < cut.length; i++) {
      cut[i] = (int) Math.min(cut[i], left);
      left -= cut[i];
    }
    return new UserMemory(addresses, cut);
  }

  /** Whether every buffer begins and ends at a multiple of {@code alignment}. */
  public boolean isAligned(int alignment) {
    for (int i = 0; i < addresses.length; i++) {
      if (addresses[i] % alignment != 0 || lengths[i] % alignment != 0) {
        return false;
      }
    }
    return true;
  }

  /** The first {@code count} bytes. */
  public byte[] read(int count) {
    byte[] bytes = new byte[count];
    int done = 0;
    for (int i = 0; done < count; i++) {
      int n = Math.min(lengths[i], count - done);
      NativeMemory.read(addresses[i], bytes, done, n);
      done += n;
    }
    return bytes;
  }

  /** Overwrites the first bytes. */
  public void write(byte[] bytes) {
    int done = 0;
    for (int i = 0; done < bytes.length; i++) {
      int n = Math.min(lengths[i], bytes.length - done);
      NativeMemory.write(addresses[i], bytes, done, n);
      done += n;
    }
  }

  long getLong() {
    return ByteBuffer.wrap(read(Long.BYTES)).order(ByteOrder.nativeOrder()).getLong();
  }

  void putLong(long value) {
    write(ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder()).putLong(value).array());
  }
}
