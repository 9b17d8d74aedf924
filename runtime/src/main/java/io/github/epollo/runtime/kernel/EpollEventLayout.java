package io.github.epollo.runtime.kernel;

/**
 * Where the fields of {@code struct epoll_event} stand: {@code uint32_t events; uint64_t data}.
 *
 * <pre>
 *            0        4        8        12       16
 *   x86-64   | events | data ~~~~~~~~~~ |                 packed
 *   aarch64  | events | (gap)  | data ~~~~~~~~~~ |        naturally aligned
 * </pre>
 */
enum EpollEventLayout {
  /** x86-64. */
  PACKED(12, 4),
  /** aarch64, and every other architecture. */
  ALIGNED(16, 8);

  /** The layout of this machine. */
  static final EpollEventLayout NATIVE = ofArchitecture(System.getProperty("os.arch", ""));

  /** Offset of {@code events} in both layouts. */
  static final int EVENTS = 0;

  private final int size;
  private final int data;

  EpollEventLayout(int size, int data) {
    this.size = size;
    this.data = data;
  }

  /** Never fails, so that a simulated kernel works on any machine. */
  static EpollEventLayout ofArchitecture(String osArch) {
    return osArch.equals("amd64") || osArch.equals("x86_64") ? PACKED : ALIGNED;
  }

  /** Bytes from one event of an array to the next. */
  int size() {
    return size;
  }

  /** Offset of {@code data}. */
  int data() {
    return data;
  }
}
