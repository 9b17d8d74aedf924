package io.github.epollo.testkit.sim.files;

import io.github.epollo.runtime.kernel.Clocks;
import io.github.epollo.testkit.sim.SimHost;
import io.github.epollo.testkit.sim.disk.Disk;

/** The files of a host: its disk, and the calls on it. */
public final class HostFiles {
  private final SimHost host;
  private Disk disk;
  private PathCalls paths;
  private FdCalls fds;
  private Transfers transfers;

  /** Those of {@code host}, on an empty disk. */
  public HostFiles(SimHost host) {
    this(host, new Disk(() -> host.clockGettime(Clocks.REALTIME)));
  }

  private HostFiles(SimHost host, Disk disk) {
    this.host = host;
    this.disk = disk;
    this.paths = new PathCalls(host, new Paths(host, disk));
    this.fds = new FdCalls(host, disk);
    this.transfers = new Transfers(fds);
  }

  /** Has the host use another disk; nothing may be open on the one before. */
  public void mount(Disk other) {
    disk = other;
    other.clock(() -> host.clockGettime(Clocks.REALTIME));
    paths = new PathCalls(host, new Paths(host, other));
    fds = new FdCalls(host, other);
    transfers = new Transfers(fds);
  }

  /** The host. */
  public SimHost host() {
    return host;
  }

  /** Its disk. */
  public Disk disk() {
    return disk;
  }

  /** The calls on names. */
  public PathCalls paths() {
    return paths;
  }

  /** The calls on open files. */
  public FdCalls fds() {
    return fds;
  }

  /** The calls that move bytes. */
  public Transfers transfers() {
    return transfers;
  }
}
