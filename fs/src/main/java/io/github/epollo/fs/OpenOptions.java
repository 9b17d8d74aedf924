package io.github.epollo.fs;

import io.github.epollo.runtime.kernel.FileFlags;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * How a file is opened. Immutable: each method returns a changed copy of {@link #defaults()}, which opens to read.
 *
 * {@snippet file="io/github/epollo/fs/SnippetsTest.java" region="open-options"}
 *
 * <p>What contradicts itself, such as {@link #append} and {@link #truncate}, is refused when the file is opened, with an {@link IllegalArgumentException} that names both.
 */
public final class OpenOptions {
  private static final int READ = 1;
  private static final int WRITE = 1 << 1;
  private static final int APPEND = 1 << 2;
  private static final int TRUNCATE = 1 << 3;
  private static final int CREATE = 1 << 4;
  private static final int CREATE_NEW = 1 << 5;
  private static final int DSYNC = 1 << 6;
  private static final int SYNC = 1 << 7;
  private static final int DIRECT = 1 << 8;
  private static final int NO_FOLLOW = 1 << 9;
  private static final int TEMPORARY = 1 << 10;
  private static final int DELETE_ON_CLOSE = 1 << 11;
  private static final int MODE = 1 << 12;

  /** Names in messages, in the order of the bits. */
  private static final String[] NAMES = {"read", "write", "append", "truncate", "create", "createNew", "dsync", "sync",
    "direct", "noFollow", "temporary", "deleteOnClose", "mode"};

  /** What has a method of its own here, or is always set, or would make a descriptor that is no open file. */
  private static final int NOT_CUSTOM = FileFlags.O_ACCMODE | FileFlags.O_CREAT | FileFlags.O_EXCL | FileFlags.O_TRUNC
      | FileFlags.O_APPEND | FileFlags.O_NONBLOCK | FileFlags.O_SYNC | FileFlags.O_DIRECT | FileFlags.O_NOFOLLOW
      | FileFlags.O_TMPFILE | FileFlags.O_PATH | FileFlags.O_CLOEXEC;

  private static final int DEFAULT_MODE = 0666;
  private static final OpenOptions DEFAULTS = new OpenOptions(0, DEFAULT_MODE, 0);

  private final int set;
  private final int mode;
  private final int customFlags;

  private OpenOptions(int set, int mode, int customFlags) {
    this.set = set;
    this.mode = mode;
    this.customFlags = customFlags;
  }

  /** To read, unless {@link #write} or {@link #append} is asked for alone; a file that is there. */
  public static OpenOptions defaults() {
    return DEFAULTS;
  }

  /**
   * What {@code options} of the JDK mean: those of {@link StandardOpenOption}, {@link LinkOption#NOFOLLOW_LINKS} and {@code ExtendedOpenOption.DIRECT}. {@code SPARSE} says nothing on Linux, where every new file is.
   *
   * @throws UnsupportedOperationException if another one is among them
   */
  public static OpenOptions of(OpenOption... options) {
    OpenOptions result = DEFAULTS;
    for (OpenOption option : options) {
      result = result.with(option);
    }
    return result;
  }

  private OpenOptions with(OpenOption option) {
    if (option instanceof StandardOpenOption standard) {
      return switch (standard) {
        case READ -> read();
        case WRITE -> write();
        case APPEND -> append();
        case TRUNCATE_EXISTING -> truncate();
        case CREATE -> create();
        case CREATE_NEW -> createNew();
        case DELETE_ON_CLOSE -> with(DELETE_ON_CLOSE);
        case SPARSE -> this;
        case SYNC -> sync();
        case DSYNC -> dsync();
      };
    }
    if (option == LinkOption.NOFOLLOW_LINKS) {
      return noFollow();
    }
    // by its name: its module need not be there
    if (option instanceof Enum<?> extended
        && extended.getDeclaringClass().getName().equals("com.sun.nio.file.ExtendedOpenOption")
        && extended.name().equals("DIRECT")) {
      return direct();
    }
    throw new UnsupportedOperationException(
        "cannot open a file with " + option + ": use StandardOpenOption, LinkOption or ExtendedOpenOption.DIRECT");
  }

  /** To read. */
  public OpenOptions read() {
    return with(READ);
  }

  /** To write. */
  public OpenOptions write() {
    return with(WRITE);
  }

  /** To write at the end, wherever that is at the time of each write. */
  public OpenOptions append() {
    return with(APPEND);
  }

  /** Empties the file. */
  public OpenOptions truncate() {
    return with(TRUNCATE);
  }

  /** Makes the file if it is not there. */
  public OpenOptions create() {
    return with(CREATE);
  }

  /** Makes the file, and fails if it is there; a link counts as there, wherever it points to. */
  public OpenOptions createNew() {
    return with(CREATE_NEW);
  }

  /**
   * The permissions of a file that is made, less those that the process's umask takes away; {@code 0666} by default.
   *
   * @param mode as in {@code 0640}
   * @throws IllegalArgumentException if it has other bits than {@code 07777}
   */
  public OpenOptions mode(int mode) {
    return new OpenOptions(set | MODE, Permissions.require(mode), customFlags);
  }

  /** As {@link #mode(int)}. */
  public OpenOptions mode(Set<PosixFilePermission> permissions) {
    return mode(Permissions.toMode(permissions));
  }

  /**
   * As {@link #mode(int)}, as in {@code "rw-r-----"}.
   *
   * @throws IllegalArgumentException if it does not look like that
   */
  public OpenOptions mode(String permissions) {
    return mode(Permissions.parse(permissions));
  }

  /** Each write returns once the data, and what is needed to find it, is on the device. */
  public OpenOptions dsync() {
    return with(DSYNC);
  }

  /** As {@link #dsync}, for all metadata, too. */
  public OpenOptions sync() {
    return with(SYNC);
  }

  /** Past the page cache: positions and lengths must be multiples of the device's block, and 4096 is one for every common device. */
  public OpenOptions direct() {
    return with(DIRECT);
  }

  /** Fails if the last part of the path is a symbolic link. */
  public OpenOptions noFollow() {
    return with(NO_FOLLOW);
  }

  /** A file without a name, in the directory that the path names: nobody else sees it, and it goes with its last descriptor. */
  public OpenOptions temporary() {
    return with(TEMPORARY);
  }

  /**
   * More flags for openat(2), as C spells them for this machine, such as {@code O_NOATIME}.
   *
   * @throws IllegalArgumentException if one of them has a method here, or cannot be used with an {@link AsyncFile}
   */
  public OpenOptions customFlags(int flags) {
    if ((flags & NOT_CUSTOM) != 0) {
      throw new IllegalArgumentException("cannot open with flags 0x" + Integer.toHexString(flags) + ": 0x"
          + Integer.toHexString(flags & NOT_CUSTOM)
          + " has a method of its own in OpenOptions, or makes no file that can be read or written");
    }
    return new OpenOptions(set, mode, flags);
  }

  private OpenOptions with(int option) {
    return new OpenOptions(set | option, mode, customFlags);
  }

  private boolean has(int options) {
    return (set & options) != 0;
  }

  boolean reads() {
    return has(READ) || !has(WRITE | APPEND);
  }

  boolean writes() {
    return has(WRITE | APPEND);
  }

  boolean appends() {
    return has(APPEND);
  }

  boolean isDirect() {
    return has(DIRECT);
  }

  /** Whether each write waits for the device. */
  boolean syncsWrites() {
    return has(DSYNC | SYNC);
  }

  boolean deletesOnClose() {
    return has(DELETE_ON_CLOSE);
  }

  /** Whether opening may change something, so that it must not be tried twice. */
  boolean changes() {
    return has(TRUNCATE | DELETE_ON_CLOSE) || makes();
  }

  /** Whether a file may be made. */
  boolean makes() {
    return has(CREATE | CREATE_NEW | TEMPORARY);
  }

  int mode() {
    return mode;
  }

  /** Throws if the options contradict each other. */
  OpenOptions check() {
    refuse(APPEND, TRUNCATE, "what is appended to is not emptied");
    if (!writes()) {
      for (int option : new int[]{TRUNCATE, CREATE, CREATE_NEW, TEMPORARY}) {
        if (has(option)) {
          throw contradiction("read", name(option), "ask for write or append, too");
        }
      }
    }
    refuse(TEMPORARY, CREATE, "a temporary file is always a new one");
    refuse(TEMPORARY, CREATE_NEW, "a temporary file is always a new one");
    refuse(TEMPORARY, TRUNCATE, "a temporary file is always a new one");
    refuse(TEMPORARY, DELETE_ON_CLOSE, "a temporary file has no name to delete");
    if (has(MODE) && !has(CREATE | CREATE_NEW | TEMPORARY)) {
      throw new IllegalArgumentException(
          "cannot open with mode and without create: the mode is for files that are made; ask for create, createNew or temporary, or use setPermissions");
    }
    return this;
  }

  private void refuse(int one, int other, String remedy) {
    if (has(one) && has(other)) {
      throw contradiction(name(one), name(other), remedy);
    }
  }

  private static IllegalArgumentException contradiction(String one, String other, String remedy) {
    return new IllegalArgumentException("cannot open with " + one + " and " + other + ": " + remedy);
  }

  private static String name(int option) {
    return NAMES[Integer.numberOfTrailingZeros(option)];
  }

  /** For openat(2). */
  int flags() {
    int flags = FileFlags.O_CLOEXEC | FileFlags.O_NOCTTY | customFlags;
    flags |= reads() ? writes() ? FileFlags.O_RDWR : FileFlags.O_RDONLY : FileFlags.O_WRONLY;
    flags |= flag(APPEND, FileFlags.O_APPEND) | flag(TRUNCATE, FileFlags.O_TRUNC) | flag(DSYNC, FileFlags.O_DSYNC)
        | flag(SYNC, FileFlags.O_SYNC) | flag(DIRECT, FileFlags.O_DIRECT) | flag(NO_FOLLOW, FileFlags.O_NOFOLLOW)
        | flag(TEMPORARY, FileFlags.O_TMPFILE);
    flags |= flag(CREATE, FileFlags.O_CREAT) | flag(CREATE_NEW, FileFlags.O_CREAT | FileFlags.O_EXCL);
    return flags;
  }

  private int flag(int option, int flag) {
    return has(option) ? flag : 0;
  }

  /** The names of what was asked for, as in {@code OpenOptions[write, create]}. */
  @Override
  public String toString() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < NAMES.length; i++) {
      if (has(1 << i)) {
        names.add(1 << i == MODE ? "mode=" + Permissions.toString(mode) : NAMES[i]);
      }
    }
    if (customFlags != 0) {
      names.add("customFlags=0x" + Integer.toHexString(customFlags));
    }
    return "OpenOptions" + names;
  }
}
