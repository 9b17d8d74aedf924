package io.github.epollo.runtime.kernel;

/** Clock ids of clock_gettime(2) and timerfd_create(2). Equal on x86-64 and aarch64. */
public final class Clocks {
  /** Wall-clock time since 1970. It can jump. */
  public static final int REALTIME = 0;

  /** Time since some point at boot, without suspend. It never goes back. */
  public static final int MONOTONIC = 1;

  /** As {@link #MONOTONIC}, but runs on during suspend. */
  public static final int BOOTTIME = 7;

  private Clocks() {}
}
