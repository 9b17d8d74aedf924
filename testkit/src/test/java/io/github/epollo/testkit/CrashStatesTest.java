package io.github.epollo.testkit;

import static io.github.epollo.runtime.kernel.FileFlags.O_APPEND;
import static io.github.epollo.runtime.kernel.FileFlags.O_CREAT;
import static io.github.epollo.runtime.kernel.FileFlags.O_DSYNC;
import static io.github.epollo.runtime.kernel.FileFlags.O_RDWR;
import static io.github.epollo.runtime.kernel.FileFlags.O_TRUNC;
import static io.github.epollo.runtime.kernel.FileFlags.O_WRONLY;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.testkit.sim.disk.CrashStates;
import io.github.epollo.testkit.sim.disk.Disk;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which disks a crash can leave, of small histories: all of them. */
class CrashStatesTest {
  private static final Path FILE = Path.of("/f");

  private final SimKernel kernel = new SimKernel();
  private final FileCalls files = new FileCalls(kernel, "/");

  @AfterEach
  void close() {
    files.close();
  }

  /** Every state, as the names with the first bytes of their content. */
  private Set<String> states() {
    Set<String> states = new TreeSet<>();
    for (Disk disk : CrashStates.of(kernel.mounted(), 1000, 1).values()) {
      SimKernel after = new SimKernel();
      after.mount(disk);
      StringBuilder text = new StringBuilder();
      for (String name : after.disk().list(Path.of("/"))) {
        if (!name.equals("tmp")) {
          byte[] content = after.disk().read(Path.of("/", name));
          text.append(text.isEmpty() ? "" : " ").append(name).append('=')
              .append(new String(content, 0, Math.min(content.length, 10), StandardCharsets.ISO_8859_1)
                  .replace('\0', '.'));
        }
      }
      states.add(text.toString());
    }
    return states;
  }

  private void old(String content) {
    kernel.disk().write(FILE, content.getBytes(StandardCharsets.ISO_8859_1));
  }

  private void syncRoot() {
    KernelContract.check(files.files().fsync(files.directory()), "0");
  }

  @Test
  void whatIsSyncedStays() {
    old("old");
    assertThat(states()).containsExactly("f=old");
    int fd = files.open("f", O_WRONLY | O_TRUNC);
    KernelContract.check(files.write(fd, "new"), "3");
    KernelContract.check(files.files().fsync(fd), "0");
    assertThat(states()).containsExactly("f=new");
  }

  @Test
  void aFileThatIsOverwritten_holdsTheOneOrTheOther_orWasEmptied() {
    old("old!");
    int fd = files.open("f", O_WRONLY | O_TRUNC);
    KernelContract.check(files.write(fd, "new"), "3");
    assertThat(states()).containsExactlyInAnyOrder("f=", "f=new", "f=new.", "f=old", "f=old!", "f=...", "f=....");
  }

  @Test
  void sectorsAreWrittenEachByItself() {
    old("x".repeat(1024));
    int fd = files.open("f", O_WRONLY);
    KernelContract.check(files.pwrite(fd, "A", 0), "1");
    KernelContract.check(files.pwrite(fd, "B", 0), "1");
    KernelContract.check(files.pwrite(fd, "C", 512), "1");
    Set<String> both = new TreeSet<>();
    for (Disk disk : CrashStates.of(kernel.mounted(), 1000, 1).values()) {
      SimKernel after = new SimKernel();
      after.mount(disk);
      byte[] content = after.disk().read(FILE);
      both.add("" + (char) content[0] + (char) content[512]);
    }
    assertThat(both).containsExactly("AC", "Ax", "BC", "Bx", "xC", "xx");
  }

  @Test
  void anAppendMayLeaveZeros() {
    old("old");
    int fd = files.open("f", O_WRONLY | O_APPEND);
    KernelContract.check(files.write(fd, "new"), "3");
    assertThat(states()).containsExactlyInAnyOrder("f=old", "f=old...", "f=oldnew");
  }

  @Test
  void aNewNameMayBeLost_evenIfTheFileIsSynced() {
    int fd = files.open("f", O_RDWR | O_CREAT);
    KernelContract.check(files.write(fd, "new"), "3");
    KernelContract.check(files.files().fsync(fd), "0");
    assertThat(states()).containsExactlyInAnyOrder("", "f=new");
    syncRoot();
    assertThat(states()).containsExactly("f=new");
  }

  @Test
  void aNameMayStayWhoseContentIsLost() {
    int fd = files.open("f", O_RDWR | O_CREAT);
    KernelContract.check(files.write(fd, "new"), "3");
    syncRoot();
    assertThat(states()).containsExactlyInAnyOrder("f=", "f=...", "f=new");
  }

  @Test
  void aMoveHappensOrNot_inOneStep() {
    old("old");
    int fd = files.open("g", O_RDWR | O_CREAT | O_DSYNC);
    KernelContract.check(files.write(fd, "new"), "3");
    KernelContract.check(files.rename("g", "f", 0), "0");
    assertThat(states()).containsExactlyInAnyOrder("f=old", "f=old g=new", "f=new");
    syncRoot();
    assertThat(states()).containsExactly("f=new");
  }

  @Test
  void ofTwoFilesTheLaterChangeMayStayAlone() {
    old("old");
    KernelContract.check(files.unlink("f"), "0");
    KernelContract.check(files.close(files.open("g", O_RDWR | O_CREAT)), "0");
    assertThat(states()).containsExactlyInAnyOrder("", "f=old", "g=", "f=old g=");
  }

  @Test
  void aMoveBetweenDirectories_staysWhenBothAreSynced() {
    old("old");
    kernel.disk().createDirectories(Path.of("/tmp/d"));
    KernelContract.check(files.rename("f", "tmp/d/f", 0), "0");
    syncRoot();
    assertThat(states()).containsExactlyInAnyOrder("", "f=old");
    int directory = files.open("tmp/d", 0);
    KernelContract.check(files.files().fsync(directory), "0");
    assertThat(states()).containsExactly("");
  }

  @Test
  void whatHasNoNameAnyMoreIsGone() {
    old("old");
    int fd = files.open("f", O_RDWR);
    KernelContract.check(files.unlink("f"), "0");
    syncRoot();
    KernelContract.check(files.write(fd, "new"), "3");
    assertThat(states()).containsExactly("");
  }

  @Test
  void ofManyPossibilitiesSomeAreLookedAt_alwaysTheSame() {
    old("x".repeat(100_000));
    int fd = files.open("f", O_RDWR);
    KernelContract.check(files.pwrite(fd, "y".repeat(100_000), 0), "100000");
    Set<String> first = CrashStates.of(kernel.mounted(), 20, 7).keySet();
    assertThat(first).hasSizeBetween(10, 20).isEqualTo(CrashStates.of(kernel.mounted(), 20, 7).keySet())
        .isNotEqualTo(CrashStates.of(kernel.mounted(), 20, 8).keySet());
  }
}
