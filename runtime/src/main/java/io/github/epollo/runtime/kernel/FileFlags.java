package io.github.epollo.runtime.kernel;

/**
 * Flags of file descriptors, of the calls that open files, and of those that look names up: openat(2), fcntl(2), fallocate(2), statx(2), eventfd(2) and others. Equal on x86-64 and aarch64,
 * except for three, which are chosen by the machine.
 */
public final class FileFlags {
  /** File status flag: calls return {@code EAGAIN} in place of blocking. */
  public static final int O_NONBLOCK = 0x800;

  /** Flag at creation: the fd is closed in a child process. */
  public static final int O_CLOEXEC = 0x80000;

  /** fcntl(2): a duplicate with {@link #FD_CLOEXEC}, numbered at least the argument. */
  public static final int F_DUPFD_CLOEXEC = 1030;

  /** fcntl(2): reads the fd flags. */
  public static final int F_GETFD = 1;

  /** fcntl(2): sets the fd flags. */
  public static final int F_SETFD = 2;

  /** fcntl(2): reads the file status flags. */
  public static final int F_GETFL = 3;

  /** fcntl(2): sets the file status flags. */
  public static final int F_SETFL = 4;

  /** Fd flag: the fd is closed in a child process. */
  public static final int FD_CLOEXEC = 1;

  /** eventfd(2): non-blocking. */
  public static final int EFD_NONBLOCK = O_NONBLOCK;

  /** eventfd(2): closed in a child process. */
  public static final int EFD_CLOEXEC = O_CLOEXEC;

  /** timerfd_create(2): non-blocking. */
  public static final int TFD_NONBLOCK = O_NONBLOCK;

  /** timerfd_create(2): closed in a child process. */
  public static final int TFD_CLOEXEC = O_CLOEXEC;

  /** timerfd_settime(2): the time is a point on the clock, not a span from now. */
  public static final int TFD_TIMER_ABSTIME = 1;

  // ---- openat(2)

  private static final boolean ARM = System.getProperty("os.arch", "").equals("aarch64");

  /** Access mode: to read only. */
  public static final int O_RDONLY = 0;

  /** Access mode: to write only. */
  public static final int O_WRONLY = 1;

  /** Access mode: to read and to write. */
  public static final int O_RDWR = 2;

  /** The bits of the access mode. */
  public static final int O_ACCMODE = 3;

  /** Makes the file if there is none. */
  public static final int O_CREAT = 0x40;

  /** With {@link #O_CREAT}: fails if there is one. */
  public static final int O_EXCL = 0x80;

  /** A terminal that is opened does not become the process's own. */
  public static final int O_NOCTTY = 0x100;

  /** Empties the file. */
  public static final int O_TRUNC = 0x200;

  /** Each write goes to the end. */
  public static final int O_APPEND = 0x400;

  /** Each write returns when the data, and what is needed to read it, is on the device. */
  public static final int O_DSYNC = 0x1000;

  /** As {@link #O_DSYNC}, for all of the file's metadata, too. */
  public static final int O_SYNC = 0x101000;

  /** Does not touch the time of the last access. */
  public static final int O_NOATIME = 0x40000;

  /** A name only: neither read nor written. */
  public static final int O_PATH = 0x200000;

  /** Past the page cache; differs from machine to machine. */
  public static final int O_DIRECT = ARM ? 0x10000 : 0x4000;

  /** Fails if it is no directory; differs from machine to machine. */
  public static final int O_DIRECTORY = ARM ? 0x4000 : 0x10000;

  /** Fails if the last part of the path is a link; differs from machine to machine. */
  public static final int O_NOFOLLOW = ARM ? 0x8000 : 0x20000;

  /** A file without a name, in the directory that is given. */
  public static final int O_TMPFILE = 0x400000 | O_DIRECTORY;

  /** openat2(2): answers {@code EAGAIN} where names or inodes are not in memory. */
  public static final long RESOLVE_CACHED = 0x20;

  // ---- names

  /** In place of a directory: the current one. */
  public static final int AT_FDCWD = -100;

  /** The link itself, not what it points to. */
  public static final int AT_SYMLINK_NOFOLLOW = 0x100;

  /** unlinkat(2): a directory. */
  public static final int AT_REMOVEDIR = 0x200;

  /** linkat(2): what the link points to. */
  public static final int AT_SYMLINK_FOLLOW = 0x400;

  /** statx(2): does not trigger an automount. */
  public static final int AT_NO_AUTOMOUNT = 0x800;

  /** With an empty path: the directory's fd itself, which may be any file. */
  public static final int AT_EMPTY_PATH = 0x1000;

  /** statx(2): what is known here, without asking a server. */
  public static final int AT_STATX_DONT_SYNC = 0x4000;

  /** renameat2(2): fails if the target is there. */
  public static final int RENAME_NOREPLACE = 1;

  /** renameat2(2): both names are there, and change places. */
  public static final int RENAME_EXCHANGE = 2;

  /** The bits of a mode that are the type. */
  public static final int S_IFMT = 0xf000;

  /** Type of a mode: FIFO. */
  public static final int S_IFIFO = 0x1000;

  /** Type of a mode: character device. */
  public static final int S_IFCHR = 0x2000;

  /** Type of a mode: directory. */
  public static final int S_IFDIR = 0x4000;

  /** Type of a mode: block device. */
  public static final int S_IFBLK = 0x6000;

  /** Type of a mode: regular file. */
  public static final int S_IFREG = 0x8000;

  /** Type of a mode: symbolic link. */
  public static final int S_IFLNK = 0xa000;

  /** Type of a mode: socket. */
  public static final int S_IFSOCK = 0xc000;

  // ---- reading and writing

  /** preadv2(2), pwritev2(2): does not wait; {@code EAGAIN} instead. */
  public static final int RWF_NOWAIT = 8;

  /** pwritev2(2): this one write as with {@link #O_DSYNC}. */
  public static final int RWF_DSYNC = 2;

  /** lseek(2): from the start. */
  public static final int SEEK_SET = 0;

  /** lseek(2): from where it is. */
  public static final int SEEK_CUR = 1;

  /** lseek(2): from the end. */
  public static final int SEEK_END = 2;

  /** lseek(2): to the next byte that is no hole; {@code ENXIO} if there is none. */
  public static final int SEEK_DATA = 3;

  /** lseek(2): to the next hole, or the end. */
  public static final int SEEK_HOLE = 4;

  /** fallocate(2): the size stays as it is. */
  public static final int FALLOC_FL_KEEP_SIZE = 1;

  /** fallocate(2): gives the range back; with {@link #FALLOC_FL_KEEP_SIZE}. */
  public static final int FALLOC_FL_PUNCH_HOLE = 2;

  /** splice(2): does not wait for a pipe. */
  public static final int SPLICE_F_NONBLOCK = 2;

  /** splice(2): more will follow. */
  public static final int SPLICE_F_MORE = 4;

  /** fcntl(2): sets a lock of the open file description, or answers {@code EAGAIN}. */
  public static final int F_OFD_SETLK = 37;

  /** fcntl(2): sets a lock of the open file description, and waits for it. */
  public static final int F_OFD_SETLKW = 38;

  /** A lock that others may share. */
  public static final int F_RDLCK = 0;

  /** A lock that excludes all others. */
  public static final int F_WRLCK = 1;

  /** No lock any more. */
  public static final int F_UNLCK = 2;

  /** fcntl(2): sets how many bytes a pipe holds. */
  public static final int F_SETPIPE_SZ = 1031;

  /** fcntl(2): reads how many bytes a pipe holds. */
  public static final int F_GETPIPE_SZ = 1032;

  private FileFlags() {}
}
