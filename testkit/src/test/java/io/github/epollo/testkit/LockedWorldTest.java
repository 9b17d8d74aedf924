package io.github.epollo.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.fs.AsyncFiles;
import io.github.epollo.fs.FileBackend;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A task that has the simulated world locked must not be unmounted: nobody could move the world then, to which the task wants to come back. */
@Timeout(value = 100, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class LockedWorldTest {
  private static final int SIMULATIONS = 500;
  private static final int OTHERS = 4; // enough that a task finds the lock taken, and that another thread takes it before the task comes back

  /** Memory that the garbage collector frees is noted under a lock of the JDK, and so is a file that is made or closed. */
  @Test
  void aRingIsSetUpWhileOthersTakeMemory() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    AtomicLong made = new AtomicLong();
    List<Thread> others = Stream.generate(() -> Thread.ofPlatform().daemon().start(() -> {
      while (!over.get()) {
        new Inflater().end();
        made.incrementAndGet();
      }
    })).limit(OTHERS).toList();
    try {
      for (int i = 0; i < SIMULATIONS; i++) {
        Trace _ = Simulation.ofSeed(i).run(_ -> assertThat(AsyncFiles.backend()).isEqualTo(FileBackend.RING));
      }
    } finally {
      over.set(true);
    }
    for (Thread other : others) {
      other.join();
    }
    assertThat(made).hasPositiveValue();
  }
}
