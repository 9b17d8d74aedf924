package io.github.epollo.fs;

import io.github.epollo.fs.engine.FileContext;
import io.github.epollo.fs.engine.NativeBuffer;
import io.github.epollo.fs.engine.PathBytes;
import io.github.epollo.runtime.driver.Interest;
import io.github.epollo.runtime.future.Awaiter;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.io.AsyncFd;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.InotifyEvents;
import io.github.epollo.runtime.kernel.Kernel;
import io.github.epollo.runtime.stream.AbstractStream;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells what happens in a directory, and on request in all below it, by inotify(7). A stream of {@link DirectoryEvent}s, without end unless the directory itself goes away.
 *
 * {@snippet file="io/github/epollo/fs/FdSnippetsTest.java" region="watcher"}
 *
 * <p>Whoever applies the events in order to what was there when the watcher was opened, has what is there now. There are more events than changes: a new directory is watched only after it was made, so what is found in it is told as created, and perhaps
 * told once more. Too many events become one {@link DirectoryEvent.Rescan}. Changes through other hard links, by memory mappings, and on other machines that share a file system are not seen. A directory that this process may not read is told, but nothing in it.
 *
 * <p>Watching a directory takes a call that may wait for a disk; such calls go to the threads for files, one at a time, in the order of the events.
 *
 * <p><b>Blocking:</b> what waits parks the task, not its loop.
 *
 * <p><b>Cancellation:</b> a wait for the next event that is cancelled, or stopped by a deadline, has lost nothing. Closing the watcher loses what nobody has taken.
 *
 * <p><b>Threading:</b> one task at a time takes events or closes the watcher, which belongs to the loop that it was opened on.
 */
public final class DirectoryWatcher extends AbstractStream<DirectoryEvent> {
  private static final int MEMORY = 64 * 1024;
  private static final int MASK = InotifyEvents.CREATE | InotifyEvents.DELETE | InotifyEvents.MOVED_FROM
      | InotifyEvents.MOVED_TO | InotifyEvents.MODIFY | InotifyEvents.CLOSE_WRITE | InotifyEvents.DELETE_SELF
      | InotifyEvents.MOVE_SELF | InotifyEvents.ONLY_DIRECTORY | InotifyEvents.EXCLUDE_UNLINKED;

  /** How often one looks for the second half of a move, which the kernel tells a moment after the first. */
  private static final int PATIENCE = 4;

  private final FileContext context;
  private final Kernel kernel;
  private final AsyncFd inotify;
  private final Path path;
  private final WatchOptions options;
  private final NativeBuffer memory = new NativeBuffer(MEMORY);
  private final Queue<DirectoryEvent> ready = new ArrayDeque<>();
  private final Queue<Visit> visits = new ArrayDeque<>(); // directories to watch and to look into, before the next event
  private final Set<Integer> strays = new HashSet<>(); // watches from before a rescan that were not met again
  private WatchTree tree;
  private @Nullable Visit visit; // under way
  private @Nullable WatchCall call; // its call
  private @Nullable Future<Long> reading;
  private @Nullable InotifyEvents events; // what was read, at the event that comes next
  private @Nullable Departure departure;
  private int patience;
  private boolean rescan; // events are lost until that was told
  private boolean over;
  private boolean opened;

  /** What a visit tells of what it finds. */
  private enum Finds {
    /** Nothing: it was there before. */
    OLD,
    /** Everything: it has just come. */
    NEW,
    /** Directories that are not known, and all in them: it was known, but something may have come unseen. */
    CHECKED
  }

  private record Visit(WatchedDirectory directory, Finds finds) {}

  /** The first half of a move. */
  private record Departure(WatchedDirectory parent, Path name, Path path, boolean directory, int cookie) {}

  private DirectoryWatcher(FileContext context, AsyncFd inotify, Path path, WatchOptions options) {
    this.context = context;
    this.kernel = context.loop().kernel();
    this.inotify = inotify;
    this.path = path;
    this.options = options;
    this.tree = new WatchTree(path);
    visits.add(new Visit(tree.root(), Finds.OLD));
  }

  /** Watches a directory, without those below it. As {@link #open(Path, WatchOptions)}. */
  public static DirectoryWatcher open(Path directory) throws IOException {
    return open(directory, WatchOptions.defaults());
  }

  /**
   * Watches a directory from now on. {@code directory} itself may be a link.
   *
   * <p><b>Cancellation:</b> closes what was opened.
   *
   * @throws java.nio.file.NoSuchFileException if it is missing
   * @throws java.nio.file.NotDirectoryException if it is no directory
   * @throws java.nio.file.AccessDeniedException if it may not be read
   * @throws FileSystemException if there are too many watches or watchers, naming the limit to raise
   * @throws IllegalStateException outside any runtime
   */
  public static DirectoryWatcher open(Path directory, WatchOptions options) throws IOException {
    return CallFuture.await(openAsync(directory, options));
  }

  /** The future twin of {@link #open(Path, WatchOptions)}. Closing it closes what was opened. */
  public static Future<DirectoryWatcher> openAsync(Path directory, WatchOptions options) {
    Objects.requireNonNull(directory, "directory");
    Objects.requireNonNull(options, "options");
    return new WatcherOpening(directory, () -> create(directory, options));
  }

  private static DirectoryWatcher create(Path directory, WatchOptions options) throws IOException {
    FileContext context = FileContext.current();
    int number = context.kernel().inotifyInit(FileFlags.O_NONBLOCK | FileFlags.O_CLOEXEC);
    if (number == -Errno.EMFILE) {
      throw new FileSystemException(directory.toString(), null,
          "cannot be watched: inotify_init1 failed: EMFILE: too many watchers of this user, or too many open files; raise the limit: sysctl fs.inotify.max_user_instances, or ulimit -n");
    }
    if (number < 0) {
      throw Errno.toFileException("inotify_init1", directory.toString(), null, -number);
    }
    boolean done = false;
    try {
      AsyncFd inotify = AsyncFd.adopt(number, Interest.READ);
      done = true;
      return new DirectoryWatcher(context, inotify, directory, options);
    } finally {
      if (!done) {
        int _ = context.loop().kernel().close(number);
      }
    }
  }

  /** The directory that is watched, as it was given. */
  public Path directory() {
    return path;
  }

  @Override
  protected Poll<@Nullable DirectoryEvent> advance(Waker waker) throws Exception {
    if (!Awaiter.proceed(waker)) {
      return Poll.pending();
    }
    while (true) {
      DirectoryEvent event = ready.poll();
      if (event != null) {
        return Poll.ready(event);
      }
      if (over) {
        return end();
      }
      if (!isCaughtUp(waker)) {
        return Poll.pending();
      }
      if (rescan) {
        rescan = false;
        return Poll.ready(new DirectoryEvent.Rescan(path));
      }
      InotifyEvents there = events;
      if (there != null && there.advance()) {
        take(there);
      } else if (departure != null) {
        if (!readNow() && !endPatience()) {
          waker.wake();
          return Poll.pending();
        }
      } else if (!read(waker)) {
        return Poll.pending();
      }
    }
  }

  /** Watches the directories that are waiting for it. */
  boolean isCaughtUp(Waker waker) throws IOException {
    while (true) {
      WatchCall under = call;
      if (under == null) {
        visit = visits.poll();
        if (visit == null) {
          dropStrays();
          opened = true;
          return true;
        }
        if (!isIn(visit.directory)) {
          continue; // taken out meanwhile
        }
        call = under = begin(visit.directory);
      }
      if (!under.poll(waker)) {
        return false;
      }
      long result = under.result();
      call = null;
      try {
        visited(Objects.requireNonNull(visit), under, result);
      } finally {
        under.end();
      }
    }
  }

  private boolean isIn(WatchedDirectory directory) {
    return directory.parent != null || directory == tree.root();
  }

  private WatchCall begin(WatchedDirectory directory) throws IOException {
    int mask = MASK | (options.attributes() ? InotifyEvents.ATTRIB : 0);
    return new WatchCall(context, inotify.fd(), directory, mask, options.recursive(), options.queue());
  }

  private void visited(Visit visit, WatchCall call, long result) throws IOException {
    WatchedDirectory directory = visit.directory;
    if (result < 0) {
      notVisited(directory, (int) -result);
      return;
    }
    int watch = (int) result;
    strays.remove(watch);
    boolean known = directory.watch == watch;
    WatchedDirectory owner = tree.byWatch(watch);
    if (owner != null && owner != directory) {
      tree.remove(owner, _ -> {}); // it was moved here, and its old place does not know yet; what was below it is found here again
      if (!isIn(directory)) {
        startAnew(); // it was moved into what has taken its own place
        return;
      }
    }
    if (!known && directory.watch != WatchedDirectory.NONE) { // another one stands in its place
      tree.clear(directory, this::stopWatching);
      report(new DirectoryEvent.Deleted(directory.path(), true));
      report(new DirectoryEvent.Created(directory.path(), true));
    }
    Finds finds = visit.finds == Finds.CHECKED && !known ? Finds.NEW : visit.finds;
    tree.setWatch(directory, watch);
    for (WatchCall.Entry entry : call.entries()) {
      found(directory, entry, finds);
    }
    if (call.isCut() && finds == Finds.NEW) {
      lose();
    }
  }

  private void found(WatchedDirectory directory, WatchCall.Entry entry, Finds finds) {
    WatchedDirectory known = directory.children.get(entry.name());
    if (entry.directory() && known != null) {
      visits.add(new Visit(known, Finds.CHECKED));
      return;
    }
    if (finds == Finds.NEW || (finds == Finds.CHECKED && entry.directory())) {
      report(new DirectoryEvent.Created(directory.path().resolve(entry.name()), entry.directory()));
    }
    if (entry.directory()) {
      visits.add(new Visit(WatchTree.add(directory, entry.name()), finds == Finds.OLD ? Finds.OLD : Finds.NEW));
    }
  }

  private void notVisited(WatchedDirectory directory, int errno) throws IOException {
    boolean gone = errno == Errno.ENOENT || errno == Errno.ENOTDIR || errno == Errno.ELOOP;
    if (directory != tree.root()) {
      if (gone) {
        tree.remove(directory, this::stopWatching); // its parent's events tell what has become of it
        return;
      }
      if (errno == Errno.EACCES) {
        return;
      }
    } else if (gone && opened) {
      lost();
      return;
    }
    String file = directory.path().toString();
    if (errno == Errno.ENOSPC) {
      throw new FileSystemException(file, null,
          "cannot be watched: inotify_add_watch failed: ENOSPC: this user has too many watches; raise the limit: sysctl fs.inotify.max_user_watches");
    }
    throw Errno.toFileException("inotify_add_watch", file, null, errno);
  }

  private void dropStrays() {
    if (!strays.isEmpty()) {
      strays.forEach(this::stopWatching);
      strays.clear();
    }
  }

  /** What is gone has ended its watch itself; the kernel's EINVAL says so. */
  private void stopWatching(int watch) {
    if (inotify.fd().acquire()) {
      try {
        int _ = context.kernel().inotifyRemoveWatch(inotify.number(), watch);
      } finally {
        inotify.fd().release();
      }
    }
  }

  // ---- events of the kernel

  private boolean read(Waker waker) throws Exception {
    Future<Long> under = reading;
    if (under == null) {
      reading = under = inotify.readAsync(number -> kernel.read(number, memory.address(), memory.size()));
    }
    switch (under.poll(waker)) {
      case Poll.Pending<Long> _ -> {
        return false;
      }
      case Poll.Failed<Long>(Throwable cause) ->
        throw cause instanceof Exception e ? e : new IllegalStateException(cause);
      case Poll.Ready<Long>(Long filled) -> events = new InotifyEvents(memory.memory(), filled);
    }
    reading = null;
    return true;
  }

  /** Reads what is there, without waiting for it to be reported. */
  private boolean readNow() {
    if (!inotify.fd().acquire()) {
      return false;
    }
    try {
      long filled = kernel.read(inotify.number(), memory.address(), memory.size());
      if (filled > 0) {
        events = new InotifyEvents(memory.memory(), filled);
      }
      return filled > 0;
    } finally {
      inotify.fd().release();
    }
  }

  /** Whether one need not wait any longer for the second half of a move: it went out of what is watched. */
  private boolean endPatience() {
    if (patience-- > 0) {
      return false;
    }
    depart();
    return true;
  }

  private void take(InotifyEvents event) {
    int mask = event.mask();
    if ((mask & InotifyEvents.QUEUE_OVERFLOW) != 0) {
      depart();
      startAnew();
      return;
    }
    WatchedDirectory directory = tree.byWatch(event.watch());
    if (directory == null) {
      return; // of a directory that was taken out
    }
    byte[] bytes = event.name();
    if (bytes.length == 0) {
      takeOfItself(directory, mask, event.watch());
      return;
    }
    Path name = PathBytes.toPath(bytes);
    boolean isDirectory = (mask & InotifyEvents.IS_DIRECTORY) != 0;
    Departure left = departure;
    if (left != null && (mask & InotifyEvents.MOVED_TO) != 0 && left.cookie == event.cookie()) {
      departure = null;
      arrived(left, directory, name);
      return;
    }
    depart();
    if (!isIn(directory)) {
      return; // it has left, and takes with it what comes from it
    }
    Path place = directory.path().resolve(name);
    switch (mask & InotifyEvents.ALL) {
      case InotifyEvents.CREATE, InotifyEvents.MOVED_TO -> {
        report(new DirectoryEvent.Created(place, isDirectory));
        visit(directory, name, isDirectory);
      }
      case InotifyEvents.DELETE -> {
        report(new DirectoryEvent.Deleted(place, isDirectory));
        forget(directory, name);
      }
      case InotifyEvents.MOVED_FROM -> {
        departure = new Departure(directory, name, place, isDirectory, event.cookie());
        patience = PATIENCE;
      }
      case InotifyEvents.MODIFY -> report(new DirectoryEvent.Modified(place));
      case InotifyEvents.CLOSE_WRITE -> report(new DirectoryEvent.Written(place));
      case InotifyEvents.ATTRIB -> report(new DirectoryEvent.AttributesChanged(place, isDirectory));
      default -> {}
    }
  }

  private void takeOfItself(WatchedDirectory directory, int mask, int watch) {
    boolean isRoot = directory == tree.root();
    int ends = InotifyEvents.DELETE_SELF | InotifyEvents.MOVE_SELF | InotifyEvents.UNMOUNT | InotifyEvents.IGNORED;
    if (isRoot && (mask & ends) != 0) {
      depart();
      lost();
    } else if ((mask & InotifyEvents.UNMOUNT) != 0) {
      startAnew(); // what the mount has covered is there again
    } else if ((mask & InotifyEvents.IGNORED) != 0) {
      tree.watchEnded(watch);
    } else if (isRoot && (mask & InotifyEvents.ATTRIB) != 0) {
      report(new DirectoryEvent.AttributesChanged(path, true));
    }
  }

  /** The directory itself has gone, which is the last event. */
  private void lost() {
    rescan = false;
    visits.clear();
    ready.add(new DirectoryEvent.Deleted(path, true));
    over = true;
  }

  private void arrived(Departure left, WatchedDirectory parent, Path name) {
    report(new DirectoryEvent.Moved(left.path, parent.path().resolve(name), left.directory));
    WatchedDirectory moved = left.directory ? left.parent.children.get(left.name) : null;
    if (parent.children.get(name) != moved) {
      forget(parent, name); // what was replaced
    }
    if (moved != null && parent.isWithin(moved)) {
      startAnew(); // the one was found within the other before this was told
      return;
    }
    if (moved != null) {
      WatchTree.move(moved, parent, name);
    }
    visit(parent, name, left.directory); // something may have come while events had the old name
  }

  /** What has left, and has not arrived anywhere, is gone. */
  private void depart() {
    Departure left = departure;
    if (left != null) {
      departure = null;
      report(new DirectoryEvent.Deleted(left.path, left.directory));
      forget(left.parent, left.name);
    }
  }

  private void visit(WatchedDirectory parent, Path name, boolean isDirectory) {
    if (isDirectory && options.recursive()) {
      WatchedDirectory known = parent.children.get(name);
      visits.add(known == null
          ? new Visit(WatchTree.add(parent, name), Finds.NEW)
          : new Visit(known, Finds.CHECKED));
    }
  }

  private void forget(WatchedDirectory parent, Path name) {
    WatchedDirectory known = parent.children.get(name);
    if (known != null) {
      tree.remove(known, this::stopWatching);
    }
  }

  private void report(DirectoryEvent event) {
    if (rescan) {
      return;
    }
    if (ready.size() >= options.queue()) {
      lose();
    } else {
      ready.add(event);
    }
  }

  private void lose() {
    ready.clear();
    rescan = true;
  }

  /** Events were lost: which directories there are is not known any more. */
  private void startAnew() {
    lose();
    visits.clear();
    tree.clear(tree.root(), strays::add);
    tree = new WatchTree(path);
    visits.add(new Visit(tree.root(), Finds.OLD));
  }

  @Override
  protected void release() {
    Future<Long> left = reading;
    if (left != null) {
      reading = null;
      left.close();
    }
    WatchCall under = call;
    if (under != null) {
      call = null;
      under.abandon();
    }
    ready.clear();
    inotify.close();
  }

  @Override
  public String toString() {
    return "watcher of " + path;
  }
}
