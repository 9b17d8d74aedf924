package io.github.epollo.runtime.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which memory a system call may use in place. */
class DirectMemoryTest {
  @Test
  void memoryThatNobodyCanFreeHasAnAddress() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(16);
    buffer.put(5, (byte) 42).position(5);
    assertThat(NativeMemory.getInt(DirectMemory.address(buffer)) & 0xff).isEqualTo(42);
    assertThat(DirectMemory.address(buffer.slice())).isEqualTo(DirectMemory.address(buffer));
    assertThat(DirectMemory.address(buffer.asReadOnlyBuffer())).isEqualTo(DirectMemory.address(buffer));

    MemorySegment automatic = Arena.ofAuto().allocate(16);
    assertThat(DirectMemory.address(automatic.asByteBuffer())).isEqualTo(automatic.address());
    MemorySegment global = Arena.global().allocate(16);
    assertThat(DirectMemory.address(global.asByteBuffer())).isEqualTo(global.address());
  }

  @Test
  void aMappedFileHasAnAddress(@TempDir Path directory) throws IOException {
    Path file = Files.write(directory.resolve("mapped"), new byte[]{1, 2, 3, 4, 5, 6, 7, 8});
    try (FileChannel channel = FileChannel.open(file)) {
      ByteBuffer mapped = channel.map(MapMode.READ_ONLY, 0, 8);
      assertThat(NativeMemory.getInt(DirectMemory.address(mapped)) & 0xff).isEqualTo(1);
    }
  }

  @Test
  void memoryThatMayBeFreedHasNone() {
    try (Arena shared = Arena.ofShared(); Arena confined = Arena.ofConfined()) {
      assertThat(DirectMemory.address(shared.allocate(16).asByteBuffer())).isZero();
      assertThat(DirectMemory.address(shared.allocate(16).asByteBuffer().slice(4, 4))).isZero();
      assertThat(DirectMemory.address(confined.allocate(16).asByteBuffer())).isZero();
    }
  }

  @Test
  void theHeapHasNone() {
    assertThat(DirectMemory.address(ByteBuffer.allocate(16))).isZero();
    assertThat(DirectMemory.address(ByteBuffer.allocate(16).asReadOnlyBuffer())).isZero();
    assertThat(DirectMemory.address(MemorySegment.ofArray(new byte[16]).asByteBuffer())).isZero();
  }
}
