package io.github.epollo.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.Task;
import io.github.epollo.runtime.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whoever applies a watcher's events to what was there, has what is there, whatever happens in the tree and however late the watcher is. */
class DirectoryWatcherPropertiesTest {
  private static final int NAMES = 3 + 9 + 27; // a path of one to three names, each of three

  @Property(tries = 100, shrinking = ShrinkingMode.OFF)
  void eventsAppliedToTheTreeBeforeAreTheTreeAfter(
      @ForAll @Size(min = 1, max = 60) List<@IntRange(min = 0, max = 6 * NAMES * NAMES - 1) Integer> operations,
      @ForAll boolean recursive, @ForAll boolean meanwhile, @ForAll @IntRange(min = 0, max = 60) int before)
      throws IOException {
    Path root = Files.createTempDirectory("watched");
    try {
      int split = Math.min(before, operations.size());
      operations.subList(0, split).forEach(operation -> run(root, operation));
      Epollo.run(() -> {
        TreeModel model = new TreeModel(recursive);
        WatchOptions options = recursive ? WatchOptions.defaults().withSubdirectories() : WatchOptions.defaults();
        try (DirectoryWatcher watcher = DirectoryWatcher.open(root, options)) {
          model.look(root);
          List<Integer> rest = operations.subList(split, operations.size());
          Task<?> busy = Tasks.spawn(() -> Tasks.blocking(() -> {
            rest.forEach(operation -> run(root, operation));
            Files.createFile(root.resolve("last"));
            return null;
          }));
          if (!meanwhile) {
            busy.join(); // the watcher comes late to everything
          }
          DirectoryEvent event;
          do {
            event = watcher.next();
            assertThat(event).isNotNull();
            model.apply(event);
          } while (!event.equals(new DirectoryEvent.Created(root.resolve("last"), false)));
          busy.join();
        }
        assertThat(model.names()).isEqualTo(TreeModel.of(root, recursive));
      });
    } finally {
      delete(root);
    }
  }

  private static Path path(Path root, int number) {
    if (number < 3) {
      return root.resolve("abc".substring(number, number + 1));
    }
    return path(path(root, (number - 3) / 3), (number - 3) % 3);
  }

  private static final AtomicInteger TEMPORARY = new AtomicInteger();

  private static void run(Path root, int operation) {
    Path one = path(root, operation / 6 % NAMES);
    Path other = path(root, operation / 6 / NAMES);
    try {
      switch (operation % 6) {
        case 0 -> Files.createDirectories(one);
        case 1 -> Files.writeString(one, "some text");
        case 2 -> delete(one);
        case 3 -> Files.move(one, other);
        case 4 -> { // out of the tree, and in again with what was put there meanwhile
          Path outside = root
              .resolveSibling("outside-" + ProcessHandle.current().pid() + "-" + TEMPORARY.incrementAndGet());
          Files.move(one, outside);
          if (Files.isDirectory(outside)) {
            Files.createDirectories(outside.resolve("a/b"));
          }
          try {
            Files.move(outside, other);
          } catch (IOException e) {
            delete(outside);
          }
        }
        default -> {
          Files.createDirectories(one);
          Files.createDirectories(one.resolveSibling(one.getFileName() + "2").resolve("deep"));
          Files.move(one, one.resolveSibling(one.getFileName() + "2").resolve("deep").resolve("moved"));
        }
      }
    } catch (IOException e) {
      // there is no such name, or there is one already
    }
  }

  private static void delete(Path path) throws IOException {
    try (Stream<Path> paths = Files.walk(path)) {
      for (Path each : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
