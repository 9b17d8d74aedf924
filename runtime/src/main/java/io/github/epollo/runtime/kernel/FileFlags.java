package io.github.epollo.runtime.kernel;

/**
 * Flags of file descriptors: fcntl(2), eventfd(2) and timerfd_create(2). Those here are equal on x86-64 and aarch64;
 * {@code O_DIRECT}, {@code O_DIRECTORY} and {@code O_NOFOLLOW} are not, and are not here.
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

  private FileFlags() {}
}
