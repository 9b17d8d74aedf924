package io.github.epollo.fs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.epollo.fs.engine.CallWait;
import io.github.epollo.fs.engine.FileContext;
import io.github.epollo.fs.engine.Name;
import io.github.epollo.fs.engine.PathBytes;
import io.github.epollo.fs.engine.PathResolution;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileSystemStatus;
import io.github.epollo.runtime.stream.AsyncStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Files, directories and links by their paths, as {@link java.nio.file.Files} has them, awaited on the loop.
 *
 * {@snippet file="io/github/epollo/fs/DirectorySnippetsTest.java" region="files"}
 *
 * <p>Paths are those of the default file system. Names are bytes for Linux: one that is no valid text can be listed, opened and deleted as any other. Every method throws
 * a {@link FileSystemException}, or a subclass that says more, with the path and the name of the call that has failed; a {@link ProviderMismatchException} for a path of another file system; and an
 * {@link IllegalStateException} outside any runtime.
 *
 * <p><b>Threading:</b> every method may be called from any thread of a runtime. In direct style a task is parked; a plain thread is blocked.
 *
 * <p><b>Cancellation:</b> what only looks is given up at once. What changes something ends the system call under way before the cancellation is thrown, so that nothing happens any more
 * from then on; that last change may have been made. Closing the future of a twin stops it in the same way, but does not wait for that. Where a method can be stopped between several
 * changes, it says what it leaves.
 */
public final class AsyncFiles {
  private AsyncFiles() {}

  // ---- whole files

  /**
   * The bytes of a file.
   *
   * @throws NoSuchFileException if there is none
   * @throws FileSystemException if it is a directory, or longer than an array can be
   */
  public static byte[] readBytes(Path path) throws IOException {
    return WholeFile.read(path);
  }

  /** The future twin of {@link #readBytes(Path)}. */
  public static Future<byte[]> readBytesAsync(Path path) {
    return twin("readBytes " + path, () -> readBytes(path));
  }

  /** The text of a file in UTF-8; as {@link #readString(Path, Charset)}. */
  public static String readString(Path path) throws IOException {
    return readString(path, UTF_8);
  }

  /** The future twin of {@link #readString(Path)}. */
  public static Future<String> readStringAsync(Path path) {
    return twin("readString " + path, () -> readString(path));
  }

  /**
   * The text of a file.
   *
   * @throws FileSystemException if its bytes are no text in {@code charset}; the cause says where
   */
  public static String readString(Path path, Charset charset) throws IOException {
    Objects.requireNonNull(charset, "charset");
    return WholeFile.readString(path, charset);
  }

  /** The future twin of {@link #readString(Path, Charset)}. */
  public static Future<String> readStringAsync(Path path, Charset charset) {
    return twin("readString " + path, () -> readString(path, charset));
  }

  /**
   * Makes {@code bytes} the content of a file, which is made or emptied first; of a link, the file that it points to. Until this returns there may be a part of it; {@link #writeAtomically} has no such moment.
   *
   * <p><b>Cancellation:</b> leaves a file with a part of the bytes.
   */
  public static void write(Path path, byte[] bytes) throws IOException {
    WholeFile.write(path, bytes);
  }

  /** The future twin of {@link #write(Path, byte[])}. */
  public static Future<@Nullable Void> writeAsync(Path path, byte[] bytes) {
    return twin("write " + path, () -> {
      write(path, bytes);
      return null;
    });
  }

  /** As {@link #writeString(Path, CharSequence, Charset)}, in UTF-8. */
  public static void writeString(Path path, CharSequence text) throws IOException {
    writeString(path, text, UTF_8);
  }

  /** The future twin of {@link #writeString(Path, CharSequence)}. */
  public static Future<@Nullable Void> writeStringAsync(Path path, CharSequence text) {
    return twin("writeString " + path, () -> {
      writeString(path, text);
      return null;
    });
  }

  /**
   * As {@link #write}, of text.
   *
   * @throws FileSystemException if {@code text} cannot be written in {@code charset}; the file is as it was then
   */
  public static void writeString(Path path, CharSequence text, Charset charset) throws IOException {
    write(path, WholeFile.encode(path, text, charset));
  }

  /** The future twin of {@link #writeString(Path, CharSequence, Charset)}. */
  public static Future<@Nullable Void> writeStringAsync(Path path, CharSequence text, Charset charset) {
    return twin("writeString " + path, () -> {
      writeString(path, text, charset);
      return null;
    });
  }

  /**
   * Adds {@code bytes} to the end of a file, which is made if there is none. What others append at the same time is neither overwritten nor lost, but may come in between if there are more bytes than one write takes.
   *
   * <p><b>Cancellation:</b> leaves a part of the bytes.
   */
  public static void append(Path path, byte[] bytes) throws IOException {
    WholeFile.append(path, bytes);
  }

  /** The future twin of {@link #append(Path, byte[])}. */
  public static Future<@Nullable Void> appendAsync(Path path, byte[] bytes) {
    return twin("append " + path, () -> {
      append(path, bytes);
      return null;
    });
  }

  /**
   * Makes {@code bytes} the content of a file, so that whoever opens it, and whatever happens to the process or the machine, finds the old content or the new one, never a mix; once this returns, the new
   * one is on the device. The bytes are written to a new file in the same directory, which then takes the name.
   *
   * <p>The permissions of a regular file that is replaced are kept; its owner is not, and other hard links to it keep the old content. A symbolic link is replaced itself, and the file that
   * it points to stays: to replace that one, give its {@link #canonicalPath}.
   *
   * <p>The new file has no name until it is complete, where the file system can do that ({@code O_TMPFILE}: ext4, XFS, Btrfs, tmpfs). Elsewhere it is called {@code .epollo-*.tmp}, and is left behind if
   * the process is killed.
   *
   * <p><b>Cancellation:</b> the content is the old one or the new one; nothing else is left.
   *
   * @throws NoSuchFileException if the directory is missing
   * @throws FileSystemException if {@code path} is a directory
   */
  public static void writeAtomically(Path path, byte[] bytes) throws IOException {
    WholeFile.writeAtomically(Names.current(), path, bytes);
  }

  /** The future twin of {@link #writeAtomically(Path, byte[])}. */
  public static Future<@Nullable Void> writeAtomicallyAsync(Path path, byte[] bytes) {
    return twin("writeAtomically " + path, () -> {
      writeAtomically(path, bytes);
      return null;
    });
  }

  // ---- what there is

  /**
   * What the kernel tells of a file; of a link, of what it points to, unless {@link LinkOption#NOFOLLOW_LINKS} is given.
   *
   * @throws NoSuchFileException if there is none
   */
  public static FileMetadata metadata(Path path, LinkOption... options) throws IOException {
    return Names.current().status(Name.of(path), follows(options), FileMetadata::of);
  }

  /** The future twin of {@link #metadata(Path, LinkOption...)}. */
  public static Future<FileMetadata> metadataAsync(Path path, LinkOption... options) {
    return twin("metadata " + path, () -> metadata(path, options));
  }

  /**
   * Whether there is a file; of a link, whether there is what it points to, unless {@link LinkOption#NOFOLLOW_LINKS} is given.
   *
   * @throws java.nio.file.AccessDeniedException if that cannot be told
   */
  public static boolean exists(Path path, LinkOption... options) throws IOException {
    return Names.current().statusIfPresent(Name.of(path), follows(options), status -> true) != null;
  }

  /** The future twin of {@link #exists(Path, LinkOption...)}. */
  public static Future<Boolean> existsAsync(Path path, LinkOption... options) {
    return twin("exists " + path, () -> exists(path, options));
  }

  /**
   * The path without links, {@code .} and {@code ..}, from the root on, of a file that is there.
   *
   * @throws NoSuchFileException if it is not
   * @throws FileSystemException with ELOOP, after 40 links
   */
  public static Path canonicalPath(Path path) throws IOException {
    Name name = Name.of(path);
    PathResolution call = new PathResolution(FileContext.current(), path);
    long result = CallWait.forAnswer(call);
    try {
      if (result < 0) {
        throw Errno.toFileException("readlinkat", name.toString(), null, (int) -result);
      }
      return call.resolved();
    } finally {
      call.end();
    }
  }

  /** The future twin of {@link #canonicalPath(Path)}. */
  public static Future<Path> canonicalPathAsync(Path path) {
    return twin("canonicalPath " + path, () -> canonicalPath(path));
  }

  /** Bytes that are free on the file system of {@code path}, for users without privileges. */
  public static long freeSpace(Path path) throws IOException {
    return Names.current().fileSystem(Name.of(path), FileSystemStatus::availableBytes);
  }

  /** The future twin of {@link #freeSpace(Path)}. */
  public static Future<Long> freeSpaceAsync(Path path) {
    return twin("freeSpace " + path, () -> freeSpace(path));
  }

  /** Bytes of the file system of {@code path}, free or not. */
  public static long totalSpace(Path path) throws IOException {
    return Names.current().fileSystem(Name.of(path), FileSystemStatus::totalBytes);
  }

  /** The future twin of {@link #totalSpace(Path)}. */
  public static Future<Long> totalSpaceAsync(Path path) {
    return twin("totalSpace " + path, () -> totalSpace(path));
  }

  /**
   * Who makes the calls of this runtime that would hold its loop.
   *
   * @throws IOException if {@link FileBackend#RING} is forced, and the kernel refuses a ring
   */
  public static FileBackend backend() throws IOException {
    return FileContext.current().engine().backend();
  }

  // ---- making and removing

  /**
   * Makes a directory, with the permissions that the umask leaves.
   *
   * @throws FileAlreadyExistsException if the name is taken
   * @throws NoSuchFileException if the directory above is missing
   */
  public static void createDirectory(Path directory) throws IOException {
    Names.current().makeDirectory(Name.of(directory), 0777);
  }

  /** The future twin of {@link #createDirectory(Path)}. */
  public static Future<@Nullable Void> createDirectoryAsync(Path directory) {
    return twin("createDirectory " + directory, () -> {
      createDirectory(directory);
      return null;
    });
  }

  /**
   * Makes a directory, and those above that are missing. Does nothing if it is there, or a link to one.
   *
   * <p><b>Cancellation:</b> leaves those that were made.
   *
   * @throws FileAlreadyExistsException if something else has its name
   */
  public static void createDirectories(Path directory) throws IOException {
    DirectoryCreation.create(Names.current(), directory);
  }

  /** The future twin of {@link #createDirectories(Path)}. */
  public static Future<@Nullable Void> createDirectoriesAsync(Path directory) {
    return twin("createDirectories " + directory, () -> {
      createDirectories(directory);
      return null;
    });
  }

  /**
   * Makes an empty file that nobody else can read or write (mode 0600), with a name that nobody can guess: {@code prefix}, some digits, {@code suffix}. {@code
   * System.getProperty("java.io.tmpdir")} is a directory for such files. It stays until it is deleted.
   *
   * <p><b>Cancellation:</b> leaves no file.
   *
   * @return its path
   * @throws IllegalArgumentException if there is a slash in {@code prefix} or {@code suffix}
   * @throws NoSuchFileException if the directory is missing
   */
  public static Path createTemporaryFile(Path directory, String prefix, String suffix) throws IOException {
    return new TemporaryNames(Names.current()).file(directory, prefix, suffix);
  }

  /** The future twin of {@link #createTemporaryFile(Path, String, String)}. A file that is made when the future is closed is deleted. */
  public static Future<Path> createTemporaryFileAsync(Path directory, String prefix, String suffix) {
    return new StraightFuture<>("createTemporaryFile " + directory,
        () -> createTemporaryFile(directory, prefix, suffix), AsyncFiles::delete);
  }

  /** As {@link #createTemporaryFile}, a directory that nobody else can enter (mode 0700). */
  public static Path createTemporaryDirectory(Path directory, String prefix) throws IOException {
    return new TemporaryNames(Names.current()).directory(directory, prefix);
  }

  /** The future twin of {@link #createTemporaryDirectory(Path, String)}. A directory that is made when the future is closed is deleted. */
  public static Future<Path> createTemporaryDirectoryAsync(Path directory, String prefix) {
    return new StraightFuture<>("createTemporaryDirectory " + directory,
        () -> createTemporaryDirectory(directory, prefix), AsyncFiles::delete);
  }

  /**
   * Removes a file, a link itself, or a directory that is empty.
   *
   * @throws NoSuchFileException if there is none
   * @throws DirectoryNotEmptyException if it is a directory with something in it
   */
  public static void delete(Path path) throws IOException {
    Names.current().delete(Name.of(path));
  }

  /** The future twin of {@link #delete(Path)}. */
  public static Future<@Nullable Void> deleteAsync(Path path) {
    return twin("delete " + path, () -> {
      delete(path);
      return null;
    });
  }

  /**
   * As {@link #delete}, of what may be missing.
   *
   * @return whether it was there
   * @throws DirectoryNotEmptyException if it is a directory with something in it
   */
  public static boolean deleteIfExists(Path path) throws IOException {
    return Names.current().deleteIfPresent(Name.of(path));
  }

  /** The future twin of {@link #deleteIfExists(Path)}. */
  public static Future<Boolean> deleteIfExistsAsync(Path path) {
    return twin("deleteIfExists " + path, () -> deleteIfExists(path));
  }

  /**
   * Removes a file, or a directory with everything in it. No link is followed: it is removed itself, and whatever others do to the tree meanwhile, nothing outside of it is touched. What they add
   * is removed, too, unless they never stop. Depth is no limit, nor is the length of paths; about 32 directories are open at a time.
   *
   * <p><b>Cancellation:</b> leaves what is not removed yet.
   *
   * @throws NoSuchFileException if there is none
   * @throws FileSystemException for the first that cannot be removed, which it names; or if {@code path} ends with no name, such as {@code ..} or the root
   */
  public static void deleteTree(Path path) throws IOException {
    new TreeDeletion(Names.current()).delete(path);
  }

  /** The future twin of {@link #deleteTree(Path)}. */
  public static Future<@Nullable Void> deleteTreeAsync(Path path) {
    return twin("deleteTree " + path, () -> {
      deleteTree(path);
      return null;
    });
  }

  // ---- moving, copying, linking

  /**
   * Gives a file, a directory or a link another name, in one step. A target that is there stays, and this fails, unless {@link StandardCopyOption#REPLACE_EXISTING} is given.
   *
   * <p>To another file system a regular file is copied, with its permissions and times, and a link made anew, before the source is removed; a directory is refused. {@link
   * StandardCopyOption#ATOMIC_MOVE} refuses that, too, and otherwise replaces a target.
   *
   * <p><b>Cancellation:</b> there is a source or a complete target, or both.
   *
   * @throws FileAlreadyExistsException if the target is there and not to be replaced
   * @throws DirectoryNotEmptyException if the target is a directory with something in it
   * @throws AtomicMoveNotSupportedException if the target is on another file system, with {@code ATOMIC_MOVE}
   * @throws UnsupportedOperationException for other options
   */
  public static void move(Path source, Path target, CopyOption... options) throws IOException {
    FileMove.of(Names.current(), options).move(source, target);
  }

  /** The future twin of {@link #move(Path, Path, CopyOption...)}. */
  public static Future<@Nullable Void> moveAsync(Path source, Path target, CopyOption... options) {
    return twin("move " + source, () -> {
      move(source, target, options);
      return null;
    });
  }

  /** As {@link #copy(Path, Path, LongConsumer, CopyOption...)}, without telling. */
  public static void copy(Path source, Path target, CopyOption... options) throws IOException {
    FileCopy.of(Names.current(), options).copy(source, target, null);
  }

  /** The future twin of {@link #copy(Path, Path, CopyOption...)}. */
  public static Future<@Nullable Void> copyAsync(Path source, Path target, CopyOption... options) {
    return twin("copy " + source, () -> {
      copy(source, target, options);
      return null;
    });
  }

  /**
   * Copies a regular file. The kernel copies, and shares the blocks where the file system can; holes stay holes. The target appears when it is complete: as in {@link #writeAtomically}, whose remarks on links and on
   * names apply, but nothing is synced.
   *
   * <p>Options: {@link StandardCopyOption#REPLACE_EXISTING}, else a target that is there is an error; {@link StandardCopyOption#COPY_ATTRIBUTES} keeps times and exact permissions; {@link
   * LinkOption#NOFOLLOW_LINKS} copies a link as a link.
   *
   * <p><b>Cancellation:</b> leaves no half target; the target is as it was, or complete.
   *
   * @param progress is told how many bytes of the source are done, after each step of some megabytes, by the task that copies; what it throws ends the copy
   * @throws FileAlreadyExistsException if the target is there and not to be replaced
   * @throws FileSystemException if the source is no regular file
   * @throws UnsupportedOperationException for other options
   */
  public static void copy(Path source, Path target, LongConsumer progress, CopyOption... options) throws IOException {
    Objects.requireNonNull(progress, "progress");
    FileCopy.of(Names.current(), options).copy(source, target, progress);
  }

  /** The future twin of {@link #copy(Path, Path, LongConsumer, CopyOption...)}. */
  public static Future<@Nullable Void> copyAsync(Path source, Path target, LongConsumer progress,
      CopyOption... options) {
    return twin("copy " + source, () -> {
      copy(source, target, progress, options);
      return null;
    });
  }

  /**
   * Makes {@code link} a symbolic link that says {@code target}, which need not be there, and is from the link's directory on if it is relative.
   *
   * @throws FileAlreadyExistsException if the name is taken
   */
  public static void createSymbolicLink(Path link, Path target) throws IOException {
    Names.current().symbolicLink(Name.of(link), Name.of(target));
  }

  /** The future twin of {@link #createSymbolicLink(Path, Path)}. */
  public static Future<@Nullable Void> createSymbolicLinkAsync(Path link, Path target) {
    return twin("createSymbolicLink " + link, () -> {
      createSymbolicLink(link, target);
      return null;
    });
  }

  /**
   * Makes {@code link} another name of the file {@code existing}; of a link, of that link itself.
   *
   * @throws FileAlreadyExistsException if the name is taken
   * @throws FileSystemException if {@code existing} is a directory, or on another file system
   */
  public static void createLink(Path link, Path existing) throws IOException {
    Names.current().link(Name.of(existing), Name.of(link), 0);
  }

  /** The future twin of {@link #createLink(Path, Path)}. */
  public static Future<@Nullable Void> createLinkAsync(Path link, Path existing) {
    return twin("createLink " + link, () -> {
      createLink(link, existing);
      return null;
    });
  }

  /**
   * What a symbolic link says.
   *
   * @throws NotLinkException if it is none
   */
  public static Path readSymbolicLink(Path link) throws IOException {
    return PathBytes.toPath(Names.current().readLink(Name.of(link)));
  }

  /** The future twin of {@link #readSymbolicLink(Path)}. */
  public static Future<Path> readSymbolicLinkAsync(Path link) {
    return twin("readSymbolicLink " + link, () -> readSymbolicLink(link));
  }

  // ---- attributes

  /** Sets who may do what; of a link, to the file that it points to. */
  public static void setPermissions(Path path, Set<PosixFilePermission> permissions) throws IOException {
    setPermissions(path, Permissions.toMode(permissions));
  }

  /** The future twin of {@link #setPermissions(Path, Set<PosixFilePermission>)}. */
  public static Future<@Nullable Void> setPermissionsAsync(Path path, Set<PosixFilePermission> permissions) {
    return twin("setPermissions " + path, () -> {
      setPermissions(path, permissions);
      return null;
    });
  }

  /**
   * As {@link #setPermissions(Path, Set)}.
   *
   * @param mode as in {@code 0640}
   * @throws IllegalArgumentException if it has other bits than {@code 07777}
   */
  public static void setPermissions(Path path, int mode) throws IOException {
    Names.current().changeMode(Name.of(path), Permissions.require(mode));
  }

  /** The future twin of {@link #setPermissions(Path, int)}. */
  public static Future<@Nullable Void> setPermissionsAsync(Path path, int mode) {
    return twin("setPermissions " + path, () -> {
      setPermissions(path, mode);
      return null;
    });
  }

  /** Sets when a file was last read and last changed, to the nanosecond if the file system keeps that; null leaves one as it is. */
  public static void setTimes(Path path, @Nullable Instant accessed, @Nullable Instant modified, LinkOption... options)
      throws IOException {
    Names.current().changeTimes(Name.of(path), accessed, modified, follows(options));
  }

  /** The future twin of {@link #setTimes(Path, Instant, Instant, LinkOption...)}. */
  public static Future<@Nullable Void> setTimesAsync(Path path, @Nullable Instant accessed, @Nullable Instant modified,
      LinkOption... options) {
    return twin("setTimes " + path, () -> {
      setTimes(path, accessed, modified, options);
      return null;
    });
  }

  /**
   * Waits until what was changed in a directory, names that were made, moved or removed, is on the device.
   *
   * @throws java.nio.file.NotDirectoryException if it is none
   */
  public static void syncDirectory(Path directory) throws IOException {
    WholeFile.syncDirectory(Names.current(), directory);
  }

  /** The future twin of {@link #syncDirectory(Path)}. */
  public static Future<@Nullable Void> syncDirectoryAsync(Path directory) {
    return twin("syncDirectory " + directory, () -> {
      syncDirectory(directory);
      return null;
    });
  }

  // ---- trees

  /**
   * What is in a directory, but for {@code .} and {@code ..}, in the order in which the file system tells it. Nothing is read before the first poll, and no more than about a thousand names ahead.
   *
   * <p>The stream fails with a {@link java.nio.file.NotDirectoryException} if it is none.
   *
   * <p><b>Cancellation:</b> closing the stream closes the directory; a read under way ends first.
   */
  public static AsyncStream<DirectoryEntry> list(Path directory) {
    return new ChunkedEntries("list " + directory, new TreeWalk(directory, 1, false, false));
  }

  /** As {@link #walk(Path, int, FileVisitOption...)}, however deep. */
  public static AsyncStream<DirectoryEntry> walk(Path start, FileVisitOption... options) {
    return walk(start, Integer.MAX_VALUE, options);
  }

  /**
   * A file, and if it is a directory everything in it, down to {@code maxDepth}: a directory before what is in it. Read as far as it is asked for, and about a thousand names of each directory on the way down
   * ahead; about 32 directories are open at a time. What others remove meanwhile is not an error.
   *
   * <p>Links are entries themselves. With {@link FileVisitOption#FOLLOW_LINKS} they count as what they point to, if there is something; the stream fails with a {@link FileSystemLoopException} if that
   * is a directory that the walk is in already.
   *
   * {@snippet file="io/github/epollo/fs/DirectorySnippetsTest.java" region="walk"}
   *
   * <p><b>Cancellation:</b> closing the stream closes the directories; a read under way ends first.
   *
   * @param maxDepth 0 for {@code start} itself, 1 for what is in it, too
   * @throws IllegalArgumentException if {@code maxDepth} is negative
   */
  public static AsyncStream<DirectoryEntry> walk(Path start, int maxDepth, FileVisitOption... options) {
    if (maxDepth < 0) {
      throw new IllegalArgumentException("cannot walk down to depth " + maxDepth + ": 0 is the start itself");
    }
    boolean follow = Arrays.asList(options).contains(FileVisitOption.FOLLOW_LINKS);
    return new ChunkedEntries("walk " + start, new TreeWalk(start, maxDepth, follow, true));
  }

  private static boolean follows(LinkOption[] options) {
    return !Arrays.asList(options).contains(LinkOption.NOFOLLOW_LINKS);
  }

  private static <T extends @Nullable Object> Future<T> twin(String name, Callable<T> code) {
    return new StraightFuture<>(name, code, null);
  }
}
