package io.github.epollo.testkit.sim.files;

import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.FileStatus;
import io.github.epollo.runtime.kernel.NativeMemory;
import io.github.epollo.testkit.sim.OpenFile;
import io.github.epollo.testkit.sim.SimSocket;
import io.github.epollo.testkit.sim.disk.Disk;
import io.github.epollo.testkit.sim.disk.Node;
import io.github.epollo.testkit.sim.disk.RegularFile;
import org.jspecify.annotations.Nullable;

/** What statx(2) tells. */
final class Status {
  private static final long SECOND = 1_000_000_000;
  private static final long DEVICE = 8L << 32 | 1; // the first disk
  private static final int SECTORS = Disk.PAGE / 512;
  private static final int DIRECT = 512;
  private static final long NOT_ON_A_DISK = 1L << 40; // inodes from there on

  private Status() {}

  static void write(long address, Node node) {
    NativeMemory.segment(address, FileStatus.SIZE).fill((byte) 0);
    FileStatus status = FileStatus.at(address);
    status.mask(FileStatus.BASIC | FileStatus.BIRTH_TIME);
    status.blockSize(Disk.PAGE);
    status.links(node.links());
    status.mode(node.mode());
    status.inode(node.number());
    status.size(node.size());
    status.blocks(node.pages() * SECTORS);
    status.device(DEVICE);
    time(status, FileStatus.ACCESS_TIME_OFFSET, node.accessed());
    time(status, FileStatus.MODIFICATION_TIME_OFFSET, node.modified());
    time(status, FileStatus.CHANGE_TIME_OFFSET, node.changed());
    time(status, FileStatus.BIRTH_TIME_OFFSET, node.born());
    if (node instanceof RegularFile) {
      status.mask(status.mask() | FileStatus.DIRECT_ALIGNMENT);
      status.directAlignment(DIRECT, DIRECT);
    }
  }

  /** Of what is on no disk. */
  static void write(long address, @Nullable OpenFile file) {
    NativeMemory.segment(address, FileStatus.SIZE).fill((byte) 0);
    FileStatus status = FileStatus.at(address);
    status.mask(FileStatus.BASIC);
    status.blockSize(Disk.PAGE);
    status.links(1);
    status.inode(file == null ? 0 : NOT_ON_A_DISK + (file instanceof PipeEnd end ? end.pipe().number() : file.id()));
    status.mode(file instanceof PipeEnd
        ? FileFlags.S_IFIFO | 0600
        : file instanceof SimSocket ? FileFlags.S_IFSOCK | 0777 : 0600);
  }

  private static void time(FileStatus status, int offset, long nanos) {
    status.time(offset, Math.floorDiv(nanos, SECOND), (int) Math.floorMod(nanos, SECOND));
  }
}
