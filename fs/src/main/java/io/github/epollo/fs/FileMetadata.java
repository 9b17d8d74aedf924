package io.github.epollo.fs;

import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.FileStatus;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel tells of a file: statx(2). Times are exact to the nanosecond, as far as the file system keeps them.
 *
 * @param type what it is
 * @param mode the permissions, with the bits for set-user-id, set-group-id and sticky: {@code 07777}
 * @param size bytes of content
 * @param user the owner's number
 * @param group the group's number
 * @param inode the file's number in its file system
 * @param device the file system's device: major number in the upper half, minor number in the lower; with the inode it tells whether two names are one file
 * @param links how many names the file has
 * @param blocks what it takes on the device, in units of 512 bytes
 * @param accessed when it was last read
 * @param modified when its content was last changed
 * @param changed when anything about it was last changed
 * @param created when it was made, or null if the file system does not keep that
 */
public record FileMetadata(FileType type, int mode, long size, long user, long group, long inode, long device,
    int links, long blocks, Instant accessed, Instant modified, Instant changed, @Nullable Instant created) {

  static FileMetadata of(FileStatus status) {
    boolean birth = (status.mask() & FileStatus.BIRTH_TIME) != 0;
    return new FileMetadata(FileType.ofMode(status.mode()), status.mode() & ~FileFlags.S_IFMT, status.size(),
        Integer.toUnsignedLong(status.user()), Integer.toUnsignedLong(status.group()), status.inode(),
        status.device(), status.links(), status.blocks(), time(status, FileStatus.ACCESS_TIME_OFFSET),
        time(status, FileStatus.MODIFICATION_TIME_OFFSET), time(status, FileStatus.CHANGE_TIME_OFFSET),
        birth ? time(status, FileStatus.BIRTH_TIME_OFFSET) : null);
  }

  private static Instant time(FileStatus status, int offset) {
    return Instant.ofEpochSecond(status.seconds(offset), status.nanos(offset));
  }

  /** Whether it is a regular file. */
  public boolean isRegularFile() {
    return type == FileType.REGULAR;
  }

  /** Whether it is a directory. */
  public boolean isDirectory() {
    return type == FileType.DIRECTORY;
  }

  /** Whether it is a symbolic link. */
  public boolean isSymbolicLink() {
    return type == FileType.SYMBOLIC_LINK;
  }

  /** The permissions of {@link #mode} as the JDK has them. */
  public Set<PosixFilePermission> permissions() {
    return Permissions.toSet(mode);
  }

  /** Whether {@code other} tells of the same file, by whatever name. */
  public boolean isSameFile(FileMetadata other) {
    return inode == other.inode && device == other.device;
  }
}
