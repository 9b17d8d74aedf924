package io.github.epollo.runtime.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * A cursor over the {@code struct inotify_event} that a read of an inotify(7) descriptor fills memory with, and the bits of its masks. Equal on x86-64 and aarch64.
 *
 * <pre>
 *   0 watch (int)   4 mask (int)   8 cookie (int)   12 length of the name (int)   16 name, filled up with zero bytes
 * </pre>
 *
 * <p>Not synchronized.
 */
public final class InotifyEvents {
  /** A file was written to, or cut. */
  public static final int MODIFY = 0x2;

  /** Permissions, times, owner, extended attributes or the count of links have changed. */
  public static final int ATTRIB = 0x4;

  /** A file that was open for writing was closed. */
  public static final int CLOSE_WRITE = 0x8;

  /** A name was moved out of the directory. */
  public static final int MOVED_FROM = 0x40;

  /** A name was moved into the directory. */
  public static final int MOVED_TO = 0x80;

  /** A name was made in the directory. */
  public static final int CREATE = 0x100;

  /** A name was deleted from the directory. */
  public static final int DELETE = 0x200;

  /** All that can happen to a name in a directory. */
  public static final int ALL = MODIFY | ATTRIB | CLOSE_WRITE | MOVED_FROM | MOVED_TO | CREATE | DELETE;

  /** What is watched was deleted. */
  public static final int DELETE_SELF = 0x400;

  /** What is watched was moved. */
  public static final int MOVE_SELF = 0x800;

  /** The file system was unmounted; always reported. */
  public static final int UNMOUNT = 0x2000;

  /** Events were lost; always reported, with the watch -1. */
  public static final int QUEUE_OVERFLOW = 0x4000;

  /** The watch has ended: removed, deleted or unmounted; always reported. */
  public static final int IGNORED = 0x8000;

  /** Flag for inotify_add_watch(2): fails if it is no directory. */
  public static final int ONLY_DIRECTORY = 0x1000000;

  /** Flag for inotify_add_watch(2): no events for names that were deleted while the file is still open. */
  public static final int EXCLUDE_UNLINKED = 0x4000000;

  /** Flag of an event: the name is a directory's. */
  public static final int IS_DIRECTORY = 0x40000000;

  /** Bytes of an event with the longest name: what a read must have room for. */
  public static final int LONGEST = 16 + 255 + 1;

  private static final int MASK = 4;
  private static final int COOKIE = 8;
  private static final int LENGTH = 12;
  private static final int NAME = 16;

  private final MemorySegment memory;
  private final long filled;
  private long next;
  private long at;

  /** The events in the first {@code filled} bytes of {@code memory}; begin with {@link #advance}. */
  public InotifyEvents(MemorySegment memory, long filled) {
    this.memory = memory;
    this.filled = filled;
  }

  /** Goes to the next event; false if there is none. */
  public boolean advance() {
    if (next >= filled) {
      return false;
    }
    at = next;
    next += NAME + memory.get(JAVA_INT_UNALIGNED, at + LENGTH);
    return true;
  }

  /** The watch descriptor; -1 of an overflow. */
  public int watch() {
    return memory.get(JAVA_INT_UNALIGNED, at);
  }

  /** What happened. */
  public int mask() {
    return memory.get(JAVA_INT_UNALIGNED, at + MASK);
  }

  /** The same number in the two events of a move; else 0. */
  public int cookie() {
    return memory.get(JAVA_INT_UNALIGNED, at + COOKIE);
  }

  /** The name in the directory, without zero bytes; empty if the event is about what is watched itself. */
  public byte[] name() {
    int length = memory.get(JAVA_INT_UNALIGNED, at + LENGTH);
    int end = 0;
    while (end < length && memory.get(JAVA_BYTE, at + NAME + end) != 0) {
      end++;
    }
    byte[] name = new byte[end];
    MemorySegment.copy(memory, JAVA_BYTE, at + NAME, name, 0, end);
    return name;
  }

  /** The bytes that an event with such a name takes. */
  public static int size(byte[] name) {
    return name.length == 0 ? NAME : NAME + ((name.length + 1 + NAME - 1) & -NAME);
  }

  /** Writes an event at {@code address}: for a {@link Kernel} that is not Linux. */
  public static void write(long address, int watch, int mask, int cookie, byte[] name) {
    int size = size(name);
    MemorySegment event = NativeMemory.segment(address, size);
    event.fill((byte) 0);
    event.set(JAVA_INT_UNALIGNED, 0, watch);
    event.set(JAVA_INT_UNALIGNED, MASK, mask);
    event.set(JAVA_INT_UNALIGNED, COOKIE, cookie);
    event.set(JAVA_INT_UNALIGNED, LENGTH, size - NAME);
    MemorySegment.copy(name, 0, event, JAVA_BYTE, NAME, name.length);
  }
}
