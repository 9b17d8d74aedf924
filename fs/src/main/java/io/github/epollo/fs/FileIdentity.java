package io.github.epollo.fs;

import io.github.epollo.runtime.kernel.FileStatus;

/**
 * Which file it is, whatever its names.
 *
 * @param device see {@link FileStatus#device()}
 * @param inode its number there
 */
record FileIdentity(long device, long inode) {
  static FileIdentity of(FileStatus status) {
    return new FileIdentity(status.device(), status.inode());
  }
}
