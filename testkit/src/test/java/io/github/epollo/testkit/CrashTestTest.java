package io.github.epollo.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.fs.AsyncFile;
import io.github.epollo.fs.AsyncFiles;
import io.github.epollo.net.TcpListener;
import io.github.epollo.net.TcpStream;
import io.github.epollo.timers.Timers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Crashes, of code that survives them and of code that does not. */
class CrashTestTest {
  private static final Path FILE = Path.of("/data/file");
  private static final byte[] OLD = content('o', 3_000);
  private static final byte[] NEW = content('n', 2_000);
  private static final String SERVER = "10.0.0.2";

  private static byte[] content(char c, int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) c);
    return bytes;
  }

  private static CrashTest replacing(Simulation.Body body) {
    return CrashTest.of(Simulation.ofSeed(1), body).withPreparation(world -> {
      world.disk().createDirectories(FILE.getParent());
      world.disk().write(FILE, OLD);
    });
  }

  private static void oldOrNew(World world, boolean returned) throws IOException {
    byte[] found = AsyncFiles.readBytes(FILE);
    if (returned || !Arrays.equals(found, OLD)) {
      assertThat(found).isEqualTo(NEW);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void writingAtomicallySurvivesEachCrash(boolean rings) {
    int states = replacing(world -> {
      if (!rings) {
        world.disk().forbidRings();
      }
      AsyncFiles.writeAtomically(FILE, NEW);
    }).verify(CrashTestTest::oldOrNew);
    assertThat(states).isBetween(3, 50);
  }

  @Test
  void writingAtomicallySurvivesEachCrash_whateverFails() {
    for (long seed = 0; seed < 20; seed++) {
      boolean[] failed = {false};
      int _ = CrashTest.of(Simulation.ofSeed(seed).withFaults(Faults.all(0.05)), _ -> {
        try {
          AsyncFiles.writeAtomically(FILE, NEW);
        } catch (IOException e) {
          failed[0] = true;
        }
      }).withPreparation(world -> {
        world.disk().createDirectories(FILE.getParent());
        world.disk().write(FILE, OLD);
      }).verify((world, returned) -> oldOrNew(world, returned && !failed[0]));
    }
  }

  private static void fails(Simulation.Body body, String when) {
    assertThatThrownBy(() -> replacing(body).verify(CrashTestTest::oldOrNew)).isInstanceOf(AssertionError.class)
        .hasMessageContaining("after a crash " + when).hasMessageContaining("/data/file (");
  }

  @Test
  void writingInPlaceDoesNot() {
    fails(_ -> AsyncFiles.write(FILE, NEW), "when the body had returned");
  }

  @Test
  void withoutASyncOfTheFileItMayBeEmpty() {
    fails(_ -> {
      AsyncFiles.write(Path.of("/data/other"), NEW);
      AsyncFiles.move(Path.of("/data/other"), FILE, java.nio.file.StandardCopyOption.REPLACE_EXISTING,
          java.nio.file.StandardCopyOption.ATOMIC_MOVE);
      AsyncFiles.syncDirectory(FILE.getParent());
    }, "when the body had returned");
  }

  @Test
  void withoutASyncOfTheDirectoryTheOldOneMayComeBack() {
    fails(_ -> {
      AsyncFiles.writeAtomically(Path.of("/data/other"), NEW);
      AsyncFiles.move(Path.of("/data/other"), FILE, java.nio.file.StandardCopyOption.REPLACE_EXISTING,
          java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }, "when the body had returned");
  }

  /** Appends each byte that it is sent, and answers when it is on the disk. */
  private static void serve(World world) throws IOException {
    try (TcpListener listener = TcpListener.bind(new InetSocketAddress(SERVER, 80));
        TcpStream client = listener.accept();
        AsyncFile log = AsyncFile.open(Path.of("/log"), StandardOpenOption.WRITE, StandardOpenOption.DSYNC)) {
      long size = log.size();
      ByteBuffer one = ByteBuffer.allocate(1);
      while (client.read(one.clear()) > 0) {
        log.writeFullyAt(one.flip(), size++);
        client.writeFully(one.flip());
      }
    }
  }

  @Test
  void aServerThatCrashes_hasWhatItHasAnswered() {
    for (long seed = 0; seed < 30; seed++) {
      Trace _ = Simulation.ofSeed(seed).run(world -> {
        world.disk(SERVER).write(Path.of("/log"), new byte[0]);
        world.network().latency(Duration.ofMillis(1));
        int answered = 0;
        for (int round = 0; round < 3; round++) {
          HostRun server = world.start(SERVER, CrashTestTest::serve);
          world.time().runCurrent();
          try (TcpStream stream = TcpStream.connect(new InetSocketAddress(SERVER, 80))) {
            Timers.sleep(Duration.ofMillis(1));
            var killer = io.github.epollo.runtime.Tasks.spawn(() -> {
              Timers.sleep(Duration.ofMillis(20));
              world.crash(SERVER);
            });
            try {
              for (int i = 0; i < 100; i++) {
                stream.writeFully(ByteBuffer.wrap("x".getBytes(US_ASCII)));
                if (stream.read(ByteBuffer.allocate(1)) < 1) {
                  break;
                }
                answered++;
              }
            } catch (IOException e) {
              // it has crashed
            }
            killer.join();
          }
          assertThatThrownBy(server::join).isInstanceOf(java.util.concurrent.CancellationException.class);
          byte[] left = world.disk(SERVER).read(Path.of("/log"));
          assertThat(left.length).isBetween(answered, answered + 1);
          assertThat(new String(left, 0, answered, US_ASCII)).isEqualTo("x".repeat(answered));
          world.disk(SERVER).write(Path.of("/log"), Arrays.copyOf(left, answered));
        }
        assertThat(answered).isPositive();
      });
    }
  }

  @Test
  void hostsThatCannotCrash() {
    Trace _ = Simulation.ofSeed(1).run(world -> {
      assertThatThrownBy(() -> world.crash(Simulation.MAIN_HOST)).isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("body runs on");
      assertThatThrownBy(() -> world.crash("10.0.0.7")).isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("no host 10.0.0.7");
    });
    assertThatThrownBy(() -> CrashTest.of(Simulation.ofSeed(1), _ -> {}).withStates(1))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("1");
  }
}
