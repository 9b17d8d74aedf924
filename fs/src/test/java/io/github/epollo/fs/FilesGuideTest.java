package io.github.epollo.fs;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.stream.AsyncStream;
import io.github.epollo.testsupport.GuidePage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code on docs/guide/files.md is code that is compiled and run. */
class FilesGuideTest {
  @TempDir Path directory;

  @Test
  void eachBlockOfJavaIsARegionOfATest() throws IOException {
    String tests = "src/test/java/io/github/epollo/fs/";
    List<String> regions = GuidePage.regions(tests + "FilesGuideTest.java", tests + "StreamSnippetsTest.java",
        tests + "FdSnippetsTest.java", tests + "SnippetsTest.java");
    List<String> blocks = GuidePage.blocks("../docs/guide/files.md");

    assertThat(blocks).hasSizeGreaterThan(8);
    assertThat(regions).containsAll(blocks);
  }

  // @start region="positions"
  /** Records of 16 bytes: changes one of them, and returns what it was. */
  static byte[] swap(Path path, long index, byte[] now) throws IOException {
    try (AsyncFile file = AsyncFile.open(path, OpenOptions.defaults().read().write().create().mode("rw-r-----"))) {
      ByteBuffer before = ByteBuffer.allocate(16);
      file.readFullyAt(before, index * 16); // an EOFException if the file is shorter
      file.writeFullyAt(ByteBuffer.wrap(now), index * 16);
      file.syncData(); // and now it is on the device
      return before.array();
    }
  }
  // @end

  // @start region="twins"
  /** The first bytes of two files, read at the same time. */
  static boolean beginAlike(AsyncFile one, AsyncFile other) {
    ByteBuffer first = ByteBuffer.allocate(512);
    ByteBuffer second = ByteBuffer.allocate(512);
    return Future.join(one.readAtAsync(first, 0), other.readAtAsync(second, 0),
        (n, m) -> n.equals(m) && first.flip().equals(second.flip())).await();
  }
  // @end

  // @start region="whole"
  static void countVisit(Path counter) throws IOException {
    long visits;
    try {
      visits = Long.parseLong(AsyncFiles.readString(counter));
    } catch (NoSuchFileException e) {
      visits = 0;
    }
    // After a crash there is the old number or the new one, whole.
    AsyncFiles.writeAtomically(counter, Long.toString(visits + 1).getBytes(US_ASCII));
  }
  // @end

  // @start region="tree"
  static long sizeOf(Path tree) throws IOException {
    long bytes = 0;
    try (AsyncStream<DirectoryEntry> entries = AsyncFiles.walk(tree)) {
      for (DirectoryEntry entry : entries) {
        if (entry.type() == FileType.REGULAR) {
          bytes += AsyncFiles.metadata(entry.path()).size();
        }
      }
    }
    return bytes;
  }
  // @end

  @Test
  void theRegionsDoWhatThePageSays() throws IOException {
    Path path = Files.write(directory.resolve("records"), "0123456789abcdef".repeat(3).getBytes(UTF_8));
    Epollo.run(() -> {
      assertThat(swap(path, 1, "ABCDEFGHIJKLMNOP".getBytes(UTF_8))).isEqualTo("0123456789abcdef".getBytes(UTF_8));
      assertThat(Files.readString(path)).isEqualTo("0123456789abcdefABCDEFGHIJKLMNOP0123456789abcdef");
      assertThatThrownBy(() -> swap(path, 3, new byte[16])).isInstanceOf(java.io.EOFException.class);
      try (AsyncFile one = AsyncFile.open(path); AsyncFile other = AsyncFile.open(path)) {
        assertThat(beginAlike(one, other)).isTrue();
      }
      countVisit(directory.resolve("counter"));
      countVisit(directory.resolve("counter"));
      assertThat(Files.readString(directory.resolve("counter"))).isEqualTo("2");
      assertThat(sizeOf(directory)).isEqualTo(49);
    });
  }
}
