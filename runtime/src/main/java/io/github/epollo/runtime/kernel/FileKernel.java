package io.github.epollo.runtime.kernel;

/**
 * The system calls on files, directories, links, pipes and rings: the part of a {@link Kernel} that sockets and timers do not need, answered by {@link
 * Kernel#files}.
 *
 * <p>Arguments and results are as there: primitive, {@code >= 0} or {@code -errno}. A {@code pathAddress} is the address of bytes that end with a zero byte: names are
 * bytes on Linux. A {@code directoryFd} is the directory that a relative path starts from, or {@link FileFlags#AT_FDCWD}. Offsets are in bytes.
 *
 * <p><b>Blocking:</b> calls on regular files and on paths may wait for a disk or a server, whatever flags the fd has; each says so that does not. A loop must not make
 * those that may.
 *
 * <p><b>Threading:</b> every method may be called from any thread.
 */
public interface FileKernel {

  // ---- open files

  /** openat(2). Returns the new fd. */
  int openat(int directoryFd, long pathAddress, int flags, int mode);

  /**
   * openat2(2), for {@link FileFlags#RESOLVE_CACHED}: does not block with that, and answers {@code EAGAIN} if it would have to. {@code ENOSYS} before Linux 5.6, {@code EINVAL} before
   * 5.12.
   */
  int openat2(int directoryFd, long pathAddress, long flags, long mode, long resolve);

  /** pread(2). */
  long pread(int fd, long bufferAddress, long length, long offset);

  /** pwrite(2). */
  long pwrite(int fd, long bufferAddress, long length, long offset);

  /**
   * preadv2(2) with an array of {@link IoVectors}. With {@link FileFlags#RWF_NOWAIT} it does not block: it answers what is in the page cache, {@code EAGAIN} if nothing is, and {@code
   * EOPNOTSUPP} where the file system cannot tell.
   *
   * @param offset -1 for the file's own position
   */
  long preadv2(int fd, long vectorsAddress, int count, long offset, int flags);

  /** pwritev2(2), as {@link #preadv2}. */
  long pwritev2(int fd, long vectorsAddress, int count, long offset, int flags);

  /** lseek(2). */
  long lseek(int fd, long offset, int whence);

  /** ftruncate(2). */
  int ftruncate(int fd, long length);

  /** fallocate(2). {@code mode}: 0, or {@code FALLOC_} constants of {@link FileFlags}. */
  int fallocate(int fd, int mode, long offset, long length);

  /** posix_fadvise(2); {@code length} 0 means to the end. */
  int fadvise(int fd, long offset, long length, int advice);

  /** fsync(2). */
  int fsync(int fd);

  /** fdatasync(2). */
  int fdatasync(int fd);

  /**
   * fcntl(2) with an open-file-description lock. Does not block, unless {@code command} is {@link FileFlags#F_OFD_SETLKW}.
   *
   * @param type {@link FileFlags#F_RDLCK}, {@link FileFlags#F_WRLCK} or {@link FileFlags#F_UNLCK}
   * @param length 0 means to the end, however far that grows
   */
  int lock(int fd, int command, int type, long offset, long length);

  /** copy_file_range(2); an offset of -1 means the file's own position. */
  long copyFileRange(int sourceFd, long sourceOffset, int targetFd, long targetOffset, long length);

  /** sendfile(2); {@code sourceOffset} -1 means the file's own position. */
  long sendfile(int targetFd, int sourceFd, long sourceOffset, long count);

  /** splice(2); an offset of -1 is that of a pipe or socket. {@code flags}: {@code SPLICE_} constants of {@link FileFlags}. */
  long splice(int sourceFd, long sourceOffset, int targetFd, long targetOffset, long length, int flags);

  // ---- names

  /** statx(2) into a {@link FileStatus}; {@code pathAddress} 0 stands for the empty path of {@link FileFlags#AT_EMPTY_PATH}. */
  int statx(int directoryFd, long pathAddress, int flags, int mask, long statusAddress);

  /** fchmod(2). */
  int fchmod(int fd, int mode);

  /** fchmodat(2), which follows links. */
  int fchmodat(int directoryFd, long pathAddress, int mode);

  /** utimensat(2): {@link FileTimes} holds both times; {@code pathAddress} 0 sets those of {@code directoryFd} itself. */
  int utimensat(int directoryFd, long pathAddress, long timesAddress, int flags);

  /** unlinkat(2). {@code flags}: 0 or {@link FileFlags#AT_REMOVEDIR}. */
  int unlinkat(int directoryFd, long pathAddress, int flags);

  /** mkdirat(2). */
  int mkdirat(int directoryFd, long pathAddress, int mode);

  /** mkfifoat(3). */
  int mkfifoat(int directoryFd, long pathAddress, int mode);

  /** renameat2(2). {@code flags}: 0 or {@code RENAME_} constants of {@link FileFlags}. */
  int renameat2(int sourceDirectoryFd, long sourceAddress, int targetDirectoryFd, long targetAddress, int flags);

  /** linkat(2). */
  int linkat(int sourceDirectoryFd, long sourceAddress, int targetDirectoryFd, long targetAddress, int flags);

  /** symlinkat(2): a link at {@code pathAddress} that says {@code targetAddress}. */
  int symlinkat(long targetAddress, int directoryFd, long pathAddress);

  /** readlinkat(2). Returns the length; no zero byte is added. */
  long readlinkat(int directoryFd, long pathAddress, long bufferAddress, long length);

  /** getdents64(2) into memory that {@link DirectoryEntries} reads. Returns the bytes that were filled, 0 at the end. */
  long getdents(int fd, long bufferAddress, long length);

  /** statfs(2) into a {@link FileSystemStatus}. */
  int statfs(long pathAddress, long statusAddress);

  // ---- pipes and notifications: none of these blocks

  /** pipe2(2): two ints, the end to read and the end to write. */
  int pipe2(long fdsAddress, int flags);

  /** inotify_init1(2). */
  int inotifyInit(int flags);

  /** inotify_add_watch(2); looks {@code pathAddress} up, which may block. Returns the watch descriptor. */
  int inotifyAddWatch(int fd, long pathAddress, int mask);

  /** inotify_rm_watch(2). */
  int inotifyRemoveWatch(int fd, int watch);

  // ---- rings

  /** io_uring_setup(2) with {@code struct io_uring_params}, see {@link IoUring}. Returns the ring's fd. */
  int ioUringSetup(int entries, long parametersAddress);

  /** io_uring_enter(2) without a signal mask. Does not block if {@code minComplete} is 0. */
  int ioUringEnter(int fd, int toSubmit, int minComplete, int flags);

  /** io_uring_register(2). */
  int ioUringRegister(int fd, int opcode, long argumentAddress, int count);

  /** mmap(2), shared, readable and writable, of a ring. Returns the address. */
  long mmap(long length, int fd, long offset);

  /** munmap(2). */
  int munmap(long address, long length);
}
