package io.github.epollo.fs.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.LinuxKernel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A pipe whose ends block: a read of it waits for as long as a test wants. */
final class OsPipe implements AutoCloseable {
  private static final LinuxKernel KERNEL = LinuxKernel.get();

  final int readEnd;
  final int writeEnd;

  OsPipe() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment fds = arena.allocate(ValueLayout.JAVA_INT, 2);
      assertThat(KERNEL.files().pipe2(fds.address(), FileFlags.O_CLOEXEC)).isZero();
      readEnd = fds.getAtIndex(ValueLayout.JAVA_INT, 0);
      writeEnd = fds.getAtIndex(ValueLayout.JAVA_INT, 1);
    }
  }

  /** Puts {@code count} bytes into it. */
  void put(int count) {
    try (Arena arena = Arena.ofConfined()) {
      assertThat(KERNEL.write(writeEnd, arena.allocate(count).fill((byte) 'x').address(), count)).isEqualTo(count);
    }
  }

  @Override
  public void close() {
    KERNEL.close(writeEnd); // first: ends whoever reads
    KERNEL.close(readEnd);
  }
}
