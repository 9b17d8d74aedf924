package io.github.epollo.testkit.sim.disk;

import io.github.epollo.runtime.kernel.FileFlags;

/** A symbolic link. */
public final class SymbolicLink extends Node {
  private final String target;

  SymbolicLink(Disk disk, String target) {
    super(disk, FileFlags.S_IFLNK | 0777);
    this.target = target;
  }

  /** What it says, a byte in each char. */
  public String target() {
    return target;
  }

  @Override
  public long size() {
    return target.length();
  }
}
