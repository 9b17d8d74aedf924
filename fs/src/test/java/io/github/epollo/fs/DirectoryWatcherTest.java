package io.github.epollo.fs;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.fs.DirectoryEvent.AttributesChanged;
import io.github.epollo.fs.DirectoryEvent.Created;
import io.github.epollo.fs.DirectoryEvent.Deleted;
import io.github.epollo.fs.DirectoryEvent.Modified;
import io.github.epollo.fs.DirectoryEvent.Moved;
import io.github.epollo.fs.DirectoryEvent.Rescan;
import io.github.epollo.fs.DirectoryEvent.Written;
import io.github.epollo.fs.engine.PathBytes;
import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.InotifyEvents;
import io.github.epollo.testsupport.ProbeKernel;
import io.github.epollo.testsupport.Waits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Hazards 19, 22, 31 and 40 on a watcher. */
@ExtendWith(Fds.class)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DirectoryWatcherTest {
  private static final WatchOptions RECURSIVE = WatchOptions.defaults().withSubdirectories();

  @TempDir private Path root;

  /** All events up to the creation of a file that this makes. */
  private List<DirectoryEvent> events(DirectoryWatcher watcher) throws IOException {
    Path last = Files.createFile(root.resolve("last"));
    List<DirectoryEvent> events = new ArrayList<>();
    while (true) {
      DirectoryEvent event = watcher.next();
      if (event == null || event.equals(new Created(last, false))) {
        return events;
      }
      events.add(event);
    }
  }

  @Test
  void whatHappensToFilesIsTold() {
    Epollo.run(() -> {
      Path a = root.resolve("a");
      Path b = root.resolve("b");
      Path old = Files.writeString(root.resolve("old"), "text");
      try (DirectoryWatcher watcher = DirectoryWatcher.open(root)) {
        Files.writeString(a, "text");
        Files.move(a, b);
        Files.delete(b);
        Files.writeString(old, "more");
        Files.setPosixFilePermissions(old, PosixFilePermissions.fromString("rw-------"));
        assertThat(events(watcher)).containsExactly(new Created(a, false), new Modified(a), new Written(a),
            new Moved(a, b, false), new Deleted(b, false), new Modified(old), new Written(old));
        assertThat(watcher.directory()).isEqualTo(root);
      }
    });
  }

  @Test
  void attributesAreToldWhereAskedFor() {
    Epollo.run(() -> {
      Path file = Files.createFile(root.resolve("file"));
      try (DirectoryWatcher watcher = DirectoryWatcher.open(root, WatchOptions.defaults().withAttributes())) {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
        assertThat(events(watcher)).containsExactly(new AttributesChanged(file, false),
            new AttributesChanged(root, true));
      }
    });
  }

  @Test
  void aMoveInIsACreationAndAMoveOutADeletion(@TempDir Path elsewhere) {
    Epollo.run(() -> {
      Path file = Files.createFile(elsewhere.resolve("file"));
      Path here = root.resolve("here");
      try (DirectoryWatcher watcher = DirectoryWatcher.open(root)) {
        Files.move(file, here);
        Files.move(here, file);
        assertThat(events(watcher)).containsExactly(new Created(here, false), new Deleted(here, false));
      }
    });
  }

  /** The second half of a move may come a read later. */
  @Test
  void aMoveThatIsReadInTwoPartsIsStillOne() {
    ProbeKernel probe = new ProbeKernel();
    Path a = root.resolve("a");
    Path b = root.resolve("b");
    int room = InotifyEvents.size("a".getBytes(US_ASCII));
    probe.on("read", call -> {
      if (call.longArg(2) > room) {
        call.args[2] = (long) room; // one event at a time
      }
      return call.real();
    });
    Epollo.run(EpolloOptions.defaults().withKernel(probe.kernel()), () -> {
      Files.createFile(a);
      try (DirectoryWatcher watcher = DirectoryWatcher.open(root)) {
        Files.move(a, b);
        assertThat(watcher.next()).isEqualTo(new Moved(a, b, false));
      }
    });
  }

  @Test
  void directoriesThatComeAreWatchedWithWhatIsInThem(@TempDir Path elsewhere) {
    Epollo.run(() -> {
      Path old = Files.createDirectories(root.resolve("old/older")).getParent();
      try (DirectoryWatcher watcher = DirectoryWatcher.open(root, RECURSIVE)) {
        Files.createFile(old.resolve("older/file"));
        assertThat(watcher.next()).isEqualTo(new Created(old.resolve("older/file"), false));
        assertThat(watcher.next()).isEqualTo(new Written(old.resolve("older/file")));

        Path in = Files.createDirectories(root.resolve("new/deep/deeper"));
        Files.writeString(in.resolve("file"), "before the watcher has come");
        TreeModel model = new TreeModel(true);
        events(watcher).forEach(event -> apply(model, event));
        assertThat(model.names()).containsKeys(root.resolve("new"), root.resolve("new/deep"), in, in.resolve("file"));
        Files.delete(root.resolve("last"));

        Files.writeString(in.resolve("file"), "now it is watched");
        assertThat(events(watcher)).contains(new Modified(in.resolve("file")), new Written(in.resolve("file")));
        Files.delete(root.resolve("last"));

        Path moved = root.resolve("moved");
        Files.move(root.resolve("new"), moved);
        Files.createFile(moved.resolve("deep/deeper/other"));
        assertThat(events(watcher)).contains(new Moved(root.resolve("new"), moved, true),
            new Created(moved.resolve("deep/deeper/other"), false));
        Files.delete(root.resolve("last"));

        Files.move(moved, elsewhere.resolve("out"));
        assertThat(events(watcher)).contains(new Deleted(moved, true));
        Files.delete(root.resolve("last"));
        Files.createFile(elsewhere.resolve("out/deep/nobody hears of this"));
        assertThat(events(watcher)).allMatch(event -> event.equals(new Deleted(root.resolve("last"), false))
            || event.equals(new Written(root.resolve("last"))));
      }
    });
  }

  private static void apply(TreeModel model, DirectoryEvent event) {
    try {
      model.apply(event);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void theEndOfTheDirectoryIsTheEndOfTheStream() throws IOException {
    Path inner = Files.createDirectory(root.resolve("inner"));
    Epollo.run(() -> {
      try (DirectoryWatcher watcher = DirectoryWatcher.open(inner, RECURSIVE)) {
        Files.delete(inner);
        assertThat(watcher.next()).isEqualTo(new Deleted(inner, true));
        assertThat(watcher.next()).isNull();
      }
      Files.createDirectory(inner);
      try (DirectoryWatcher watcher = DirectoryWatcher.open(inner)) {
        Files.createFile(inner.resolve("file"));
        Files.move(inner, root.resolve("other"));
        assertThat(watcher.next()).isEqualTo(new Created(inner.resolve("file"), false));
        assertThat(watcher.next()).isEqualTo(new Written(inner.resolve("file")));
        assertThat(watcher.next()).isEqualTo(new Deleted(inner, true));
        assertThat(watcher.next()).isNull();
      }
    });
  }

  /** Hazard 40: the kernel's queue has overflowed. */
  @Test
  void lostEventsAreTold() {
    ProbeKernel probe = new ProbeKernel();
    Epollo.run(EpolloOptions.defaults().withKernel(probe.kernel()), () -> {
      Path known = Files.createDirectory(root.resolve("known"));
      try (DirectoryWatcher watcher = DirectoryWatcher.open(root, RECURSIVE)) {
        Path unseen = root.resolve("unseen");
        probe.on("read", call -> {
          long n = call.real();
          if (n > 0) { // what was there is lost
            InotifyEvents.write(call.longArg(1), -1, InotifyEvents.QUEUE_OVERFLOW, 0, new byte[0]);
            return InotifyEvents.size(new byte[0]);
          }
          return n;
        });
        Files.createDirectory(unseen);
        assertThat(watcher.next()).isEqualTo(new Rescan(root));
        probe.off("read");
        Files.createFile(unseen.resolve("file")); // it is watched when the rescan is told
        assertThat(watcher.next()).isEqualTo(new Created(unseen.resolve("file"), false));
        Files.createFile(known.resolve("file"));
        assertThat(events(watcher)).contains(new Created(known.resolve("file"), false));
      }
    });
  }

  @Test
  void moreThanTheQueueHoldsBecomesOneRescan() {
    Epollo.run(() -> {
      try (DirectoryWatcher watcher = DirectoryWatcher.open(root, RECURSIVE.withQueue(10))) {
        Path busy = Files.createDirectories(root.resolve("busy/busier")).getParent();
        for (int i = 0; i < 30; i++) {
          Files.createFile(busy.resolve("busier/" + i));
        }
        List<DirectoryEvent> events = events(watcher);
        assertThat(events).contains(new Rescan(root)).hasSizeLessThan(15);
        Files.delete(root.resolve("last"));
        Files.createFile(busy.resolve("busier/watched"));
        assertThat(events(watcher)).contains(new Created(busy.resolve("busier/watched"), false));
      }
    });
  }

  @Test
  void limitsAreNamed() {
    ProbeKernel probe = new ProbeKernel();
    Epollo.run(EpolloOptions.defaults().withKernel(probe.kernel()), () -> {
      probe.on("inotifyAddWatch", _ -> -Errno.ENOSPC);
      assertThatThrownBy(() -> DirectoryWatcher.open(root)).isInstanceOf(FileSystemException.class)
          .hasMessageContaining(root.toString()).hasMessageContaining("fs.inotify.max_user_watches");
      probe.off("inotifyAddWatch");
      probe.on("inotifyInit", _ -> -Errno.EMFILE);
      assertThatThrownBy(() -> DirectoryWatcher.open(root)).isInstanceOf(FileSystemException.class)
          .hasMessageContaining("fs.inotify.max_user_instances");
      probe.off("inotifyInit");

      try (DirectoryWatcher watcher = DirectoryWatcher.open(root, RECURSIVE)) {
        probe.on("inotifyAddWatch", _ -> -Errno.ENOSPC);
        Path one = Files.createDirectory(root.resolve("one too many"));
        assertThat(watcher.next()).isEqualTo(new Created(one, true));
        assertThatThrownBy(watcher::next).hasCauseInstanceOf(FileSystemException.class)
            .hasMessageContaining("fs.inotify.max_user_watches");
      }
    });
  }

  @Test
  void whatCannotBeWatchedIsNamed() {
    ProbeKernel probe = new ProbeKernel();
    Epollo.run(EpolloOptions.defaults().withKernel(probe.kernel())
        .with(FileOptions.class, FileOptions.defaults().withBackend(FileBackend.POOL)), () -> {
          Path none = root.resolve("none");
          assertThatThrownBy(() -> DirectoryWatcher.open(none)).isInstanceOf(NoSuchFileException.class)
              .hasMessageContaining(none.toString());
          Path file = Files.createFile(root.resolve("file"));
          assertThatThrownBy(() -> DirectoryWatcher.open(file)).isInstanceOf(NotDirectoryException.class);
          probe.on("openat", _ -> -Errno.EACCES);
          assertThatThrownBy(() -> DirectoryWatcher.open(root)).isInstanceOf(AccessDeniedException.class);
          probe.off("openat");
          assertThatThrownBy(() -> WatchOptions.defaults().withQueue(0)).isInstanceOf(IllegalArgumentException.class);
        });
  }

  @Test
  void aDirectoryThatMayNotBeReadIsTold() {
    ProbeKernel probe = new ProbeKernel();
    Epollo.run(EpolloOptions.defaults().withKernel(probe.kernel()), () -> {
      try (DirectoryWatcher watcher = DirectoryWatcher.open(root, RECURSIVE)) {
        probe.on("openat", _ -> -Errno.EACCES);
        Path secret = Files.createDirectory(root.resolve("secret"));
        assertThat(events(watcher)).containsExactly(new Created(secret, true));
      }
    });
  }

  /** Names are bytes. */
  @Test
  void aNameThatIsNoTextIsTold() {
    Epollo.run(() -> {
      Path odd = root.resolve(PathBytes.toPath(new byte[]{'o', (byte) 0xff, 'd'}));
      try (DirectoryWatcher watcher = DirectoryWatcher.open(root, RECURSIVE)) {
        try (Pipe _ = Pipe.open()) {
          Pipe.createFifo(odd, PosixFilePermissions.fromString("rw-------"));
        }
        DirectoryEvent event = watcher.next();
        assertThat(event).isInstanceOf(Created.class);
        assertThat(PathBytes.of(((Created) event).path())).endsWith((byte) 'o', (byte) 0xff, (byte) 'd');
      }
    });
  }

  /** Hazard 19: wherever the reader is cancelled, its successor misses nothing. */
  @Test
  void noEventIsLostWhereverTheReaderIsCancelled() {
    Epollo.run(() -> {
      TreeModel model = new TreeModel(true);
      try (DirectoryWatcher watcher = DirectoryWatcher.open(root, RECURSIVE)) {
        for (int i = 0; i < 60; i++) {
          AtomicReference<Thread> thread = new AtomicReference<>();
          Task<?> reader = Tasks.spawn(() -> {
            thread.set(Thread.currentThread());
            while (true) {
              DirectoryEvent event = watcher.next();
              apply(model, event);
            }
          });
          Waits.untilParked(thread::get);
          Files.createDirectories(root.resolve(i % 7 + "/" + i));
          for (int turn = 0; turn < i % 5; turn++) {
            Tasks.yieldNow(); // the reader is somewhere between the event and the new directory
          }
          reader.cancel().await();
          assertThatThrownBy(reader::join).isInstanceOf(CancellationException.class);
          Future<DirectoryEvent> dropped = watcher.nextAsync();
          if (dropped.poll(() -> {}) instanceof Poll.Ready<DirectoryEvent>(DirectoryEvent event)) {
            apply(model, event);
          }
          dropped.close();
        }
        events(watcher).forEach(event -> apply(model, event));
        Files.delete(root.resolve("last"));
        assertThat(model.names()).isEqualTo(TreeModel.of(root, true));
      }
    });
  }

  /** Hazard 22: a watcher that is closed, or never opened, while a call for it is under way. */
  @Test
  void closingWhileADirectoryIsLookedAtLeavesNothingOpen() throws Exception {
    CountDownLatch within = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    ProbeKernel probe = new ProbeKernel().on("getdents", call -> {
      within.countDown();
      go.await();
      return call.real();
    });
    Epollo.run(EpolloOptions.defaults().withKernel(probe.kernel()), () -> {
      Task<DirectoryWatcher> opening = Tasks.spawn(() -> DirectoryWatcher.open(root, RECURSIVE));
      Waits.until("the call is under way", () -> within.getCount() == 0);
      opening.cancel().await();
      assertThatThrownBy(opening::join).isInstanceOf(CancellationException.class);
      go.countDown();
    }); // and Fds sees that nothing is left
  }
}
