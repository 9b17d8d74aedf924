package io.github.epollo.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.testsupport.LogCapture;
import io.github.epollo.testsupport.Waits;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What is told of files that nobody closes. */
@ExtendWith(Fds.class)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FileLeakTest {
  private static final EpolloOptions TRACKING = EpolloOptions.defaults().withName("epollo-leaky").withLeakTracking(1);

  @TempDir Path directory;

  private final LogCapture log = new LogCapture();

  @AfterEach
  void listenNoMore() {
    log.close();
  }

  private List<LogRecord> warnings() {
    return log.records().stream().filter(r -> r.getMessage().startsWith("AsyncFile with fd ")).toList();
  }

  private Path file() throws IOException {
    return Files.write(directory.resolve("file"), new byte[10]);
  }

  private static boolean isOf(LogRecord warning, String what, String method) {
    return warning.getMessage().contains(what) && Arrays.stream(warning.getThrown().getStackTrace())
        .anyMatch(f -> f.getClassName().equals(FileLeakTest.class.getName()) && f.getMethodName().equals(method));
  }

  private static void awaitCollected(WeakReference<?> owner) throws Exception {
    Waits.until("it is collected", () -> {
      System.gc();
      return owner.refersTo(null);
    });
  }

  private static WeakReference<AsyncFile> openAndLose(Path path) throws IOException {
    AsyncFile file = AsyncFile.open(path);
    assertThat(file.readAt(ByteBuffer.allocate(10), 0)).isEqualTo(10);
    return new WeakReference<>(file);
  }

  /** Loses a file, and waits until that is told: what was lost before would be, too. */
  private void loseAnother(Path path) throws Exception {
    awaitCollected(openAndLose(path));
    Waits.until("the lost one is told",
        () -> warnings().stream().anyMatch(w -> isOf(w, "was lost without being closed", "openAndLose")));
    assertThat(warnings()).hasSize(1);
  }

  @Test
  void oneThatIsLostIsToldOnce() throws Exception {
    Path path = file();
    Epollo.run(TRACKING, () -> loseAnother(path));
    assertThat(warnings()).hasSize(1);
  }

  private static WeakReference<AsyncFile> openAndClose(Path path, StandardOpenOption option) throws IOException {
    AsyncFile file = AsyncFile.open(path, option);
    file.duplicate().closeAsync().await();
    file.close();
    return new WeakReference<>(file);
  }

  @Test
  void oneThatWasClosedIsNotTold() throws Exception {
    Path path = file();
    Epollo.run(TRACKING, () -> {
      awaitCollected(openAndClose(path, StandardOpenOption.READ));
      awaitCollected(openAndClose(path, StandardOpenOption.WRITE));
      loseAnother(path);
    });
    assertThat(warnings()).hasSize(1);
  }

  private static Future<@Nullable Void> openToClose(Path path) throws IOException {
    return AsyncFile.open(path).closeAsync();
  }

  @Test
  void oneThatAFutureIsToCloseIsNotLost() throws Exception {
    Path path = file();
    Epollo.run(TRACKING, () -> {
      Future<@Nullable Void> closing = openToClose(path);
      loseAnother(path);
      closing.await();
    });
    assertThat(warnings()).hasSize(1);
  }

  private static AsyncFile openAndKeep(Path path) throws IOException {
    return AsyncFile.open(path);
  }

  @Test
  void oneThatIsStillOpenIsToldWhenTheRuntimeCloses() throws Exception {
    Path path = file();
    AsyncFile[] kept = new AsyncFile[1];
    Epollo.run(TRACKING, () -> kept[0] = openAndKeep(path));
    assertThat(warnings()).singleElement()
        .matches(w -> isOf(w, "was still open when epollo-leaky closed", "openAndKeep"));
    assertThat(kept[0].isOpen()).isFalse();
  }

  @Test
  void nothingIsToldThatNobodyAskedFor() throws Exception {
    Path path = file();
    Epollo.run(() -> awaitCollected(openAndLose(path)));
    assertThat(warnings()).isEmpty();
  }
}
