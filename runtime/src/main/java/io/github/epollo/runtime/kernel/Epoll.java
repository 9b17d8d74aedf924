package io.github.epollo.runtime.kernel;

/** Constants of epoll(7). Equal on x86-64 and aarch64; only the struct differs, see {@link EpollEvents}. */
public final class Epoll {
  /** Flag of epoll_create1(2): the fd is closed in a child process. */
  public static final int CLOEXEC = 0x80000;

  /** epoll_ctl(2): adds an fd. */
  public static final int CTL_ADD = 1;

  /** epoll_ctl(2): removes an fd. */
  public static final int CTL_DEL = 2;

  /** epoll_ctl(2): changes the events of an fd. */
  public static final int CTL_MOD = 3;

  /** Ready to read or to accept. */
  public static final int IN = 0x1;

  /** Urgent data. */
  public static final int PRI = 0x2;

  /** Ready to write, or connected. */
  public static final int OUT = 0x4;

  /** An error is pending. Always reported, asked for or not. */
  public static final int ERR = 0x8;

  /** Both directions are closed. Always reported, asked for or not. */
  public static final int HUP = 0x10;

  /** The peer closed its writing half. */
  public static final int RDHUP = 0x2000;

  /** Report once, and then nothing until {@link #CTL_MOD}. */
  public static final int ONESHOT = 0x4000_0000;

  /** Edge-triggered: report changes, not states. */
  public static final int ET = 0x8000_0000;

  private Epoll() {}
}
