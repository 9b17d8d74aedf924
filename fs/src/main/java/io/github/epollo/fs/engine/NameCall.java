package io.github.epollo.fs.engine;

import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.Fd;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.FileKernel;
import io.github.epollo.runtime.kernel.FileStatus;
import io.github.epollo.runtime.kernel.FileSystemStatus;
import io.github.epollo.runtime.kernel.FileTimes;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.FileSystemException;
import org.jspecify.annotations.Nullable;

/** A {@link NameOperation} on one or two names. It holds the directories that they start from. */
public final class NameCall extends FileCall {
  /** See {@link #statusOnTheSpot}. */
  public static final int WOULD_WAIT = -Errno.EAGAIN;

  /*
   *      0  the name, with a zero byte
   *   4096  the other name, or what a link says
   *   8192  a struct
   */
  private static final int OTHER = Name.MAX;
  private static final int STRUCT = 2 * Name.MAX;

  private final FileContext context;
  private final NameOperation operation;
  private final Name name;
  private final @Nullable Name other;
  private final int flags;
  private final int mode;
  private final NativeBuffer memory;

  /**
   * A call that is not made yet.
   *
   * @throws IOException if a ring is asked for and cannot be had, or a directory was closed
   */
  public NameCall(FileContext context, NameOperation operation, Name name, @Nullable Name other, int flags, int mode)
      throws IOException {
    super(context.engine(), context.kernel());
    this.context = context;
    this.operation = operation;
    this.name = name;
    this.other = other;
    this.flags = flags;
    this.mode = mode;
    hold(name);
    if (other != null) {
      try {
        hold(other);
      } catch (Throwable t) {
        letGo(name);
        throw t;
      }
    }
    this.memory = context.names().take();
    put(name, 0);
    if (other != null) {
      put(other, OTHER);
    }
  }

  private static void hold(Name name) throws IOException {
    Fd directory = name.directory();
    if (directory != null && !directory.acquire()) {
      throw new FileSystemException(name.toString(), null, "its directory was closed by another task");
    }
  }

  private static void letGo(@Nullable Name name) {
    if (name != null && name.directory() != null) {
      name.directory().release();
    }
  }

  private void put(Name name, int offset) {
    put(name.bytes(), offset);
  }

  private void put(byte[] bytes, int offset) {
    MemorySegment.copy(bytes, 0, memory.memory(), ValueLayout.JAVA_BYTE, offset, bytes.length);
    memory.memory().set(ValueLayout.JAVA_BYTE, (long) offset + bytes.length, (byte) 0);
  }

  @Override
  protected long call(FileKernel kernel) {
    return operation.call(kernel, this);
  }

  @Override
  protected boolean describe(SubmissionEntry entry) {
    return operation.describe(entry, this);
  }

  @Override
  protected void discard(FileKernel kernel, long result) {
    if (operation == NameOperation.OPEN) {
      int _ = context.loop().kernel().close((int) result);
    }
  }

  @Override
  protected void release() {
    context.names().give(memory);
    letGo(name);
    letGo(other);
  }

  int directory() {
    return name.directoryNumber();
  }

  long path() {
    return memory.address();
  }

  int otherDirectory() {
    return other == null ? -1 : other.directoryNumber();
  }

  long otherPath() {
    return memory.address() + OTHER;
  }

  long structAddress() {
    return memory.address() + STRUCT;
  }

  int flags() {
    return flags;
  }

  int mode() {
    return mode;
  }

  void describeTwo(SubmissionEntry entry, int opcode) {
    entry.operation(opcode, directory()).address(path()).length(otherDirectory()).offset(otherPath())
        .operationFlags(flags);
  }

  /**
   * Tries to have the answer of {@link NameOperation#STATUS} without waiting, and without the call being made: if the name is in the kernel's memory, and the file on a block device of this machine, so that nobody else is to be asked.
   *
   * @return 0, {@code -ENOENT}, or {@link #WOULD_WAIT}
   */
  public int statusOnTheSpot() {
    FileKernel kernel = context.kernel();
    if (name.isEmpty()) {
      return statusOf(kernel, directory());
    }
    int open = FileFlags.O_PATH | FileFlags.O_CLOEXEC
        | ((flags & FileFlags.AT_SYMLINK_NOFOLLOW) != 0 ? FileFlags.O_NOFOLLOW : 0);
    int number = kernel.openat2(directory(), path(), open, 0, FileFlags.RESOLVE_CACHED);
    if (number < 0) {
      return number == -Errno.ENOENT ? number : WOULD_WAIT;
    }
    try {
      return statusOf(kernel, number);
    } finally {
      int _ = context.loop().kernel().close(number); // which has nothing to write
    }
  }

  private int statusOf(FileKernel kernel, int number) {
    int result = kernel.statx(number, 0, FileFlags.AT_EMPTY_PATH | FileFlags.AT_STATX_DONT_SYNC, mode, structAddress());
    return result == 0 && status().device() >>> 32 != 0 ? 0 : WOULD_WAIT; // what has no device may have a server
  }

  /** What {@link NameOperation#STATUS} has answered, until {@link #end}. */
  public FileStatus status() {
    return FileStatus.at(structAddress());
  }

  /** What {@link NameOperation#FILE_SYSTEM} has answered, until {@link #end}. */
  public FileSystemStatus fileSystem() {
    return FileSystemStatus.at(structAddress());
  }

  /** What {@link NameOperation#CHANGE_TIMES} is to set; to be filled before the first poll. */
  public FileTimes times() {
    return FileTimes.at(structAddress());
  }

  /** Sets the name that {@link NameOperation#LINK_AND_RENAME} makes meanwhile, of a few bytes; before the first poll. */
  public void temporary(byte[] bytes) {
    put(bytes, STRUCT);
  }

  /** The {@code length} bytes that {@link NameOperation#READ_LINK} has answered, until {@link #end}. */
  public byte[] text(int length) {
    byte[] bytes = new byte[length];
    MemorySegment.copy(memory.memory(), ValueLayout.JAVA_BYTE, OTHER, bytes, 0, length);
    return bytes;
  }

  @Override
  public String toString() {
    return operation + " " + name + (other == null ? "" : " " + other);
  }
}
