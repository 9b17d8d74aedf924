package io.github.epollo.runtime.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InotifyEventsTest {
  private static final FileKernel FILES = LinuxKernel.get().files();

  private static List<String> read(InotifyEvents events) {
    List<String> texts = new ArrayList<>();
    while (events.advance()) {
      texts.add(Integer.toHexString(events.mask()) + " " + new String(events.name(), UTF_8) + " " + events.watch());
    }
    return texts;
  }

  @Test
  void whatIsWrittenIsRead() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(4096);
      long at = 0;
      for (String name : new String[]{"", "a", "fifteen letters", "sixteen letters!", "é".repeat(127)}) {
        byte[] bytes = name.getBytes(UTF_8);
        InotifyEvents.write(memory.address() + at, 7, InotifyEvents.CREATE, 99, bytes);
        at += InotifyEvents.size(bytes);
      }
      InotifyEvents events = new InotifyEvents(memory, at);
      assertThat(events.advance()).isTrue();
      assertThat(events.cookie()).isEqualTo(99);
      assertThat(read(events)).containsExactly("100 a 7", "100 fifteen letters 7", "100 sixteen letters! 7",
          "100 " + "é".repeat(127) + " 7");
    }
  }

  /** The kernel's own events, also with the sizes that the writer gives them. */
  @Test
  void theKernelsEventsAreRead(@TempDir Path directory) throws IOException {
    int fd = FILES.inotifyInit(FileFlags.O_CLOEXEC | FileFlags.O_NONBLOCK);
    try (Arena arena = Arena.ofConfined()) {
      int watch = FILES.inotifyAddWatch(fd, arena.allocateFrom(directory.toString()).address(),
          InotifyEvents.CREATE | InotifyEvents.MOVED_FROM | InotifyEvents.MOVED_TO | InotifyEvents.DELETE);
      assertThat(watch).isPositive();
      String fifteen = "fifteen letters";
      Files.createDirectory(directory.resolve(fifteen));
      Files.move(directory.resolve(fifteen), directory.resolve("é".repeat(8)));
      Files.delete(directory.resolve("é".repeat(8)));
      MemorySegment memory = arena.allocate(4096);
      long filled = LinuxKernel.get().read(fd, memory.address(), memory.byteSize());
      assertThat(filled).isEqualTo(2L * InotifyEvents.size(fifteen.getBytes(UTF_8))
          + 2L * InotifyEvents.size("é".repeat(8).getBytes(UTF_8)));
      InotifyEvents events = new InotifyEvents(memory, filled);
      assertThat(read(events)).containsExactly(
          "40000100 " + fifteen + " " + watch, "40000040 " + fifteen + " " + watch,
          "40000080 " + "é".repeat(8) + " " + watch, "40000200 " + "é".repeat(8) + " " + watch);
      InotifyEvents again = new InotifyEvents(memory, filled);
      assertThat(again.advance()).isTrue();
      assertThat(again.cookie()).isZero();
      assertThat(again.advance()).isTrue();
      int cookie = again.cookie();
      assertThat(cookie).isNotZero();
      assertThat(again.advance()).isTrue();
      assertThat(again.cookie()).isEqualTo(cookie);
    } finally {
      LinuxKernel.get().close(fd);
    }
  }
}
