package io.github.epollo.fs;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.NativeMemory;
import io.github.epollo.testsupport.ProbeKernel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Whatever is done with a file is what the same does with an array of bytes, whoever makes the calls, and however the kernel splits, interrupts and puts off each of them (hazards 19 and 33).
 */
class AsyncFileModelTest {
  private static final int LARGEST = 300_000; // more than what is copied at a time

  /** One step: what, where, how much, and how. */
  record Step(Kind kind, int position, int length, Form form, int seed) {}

  enum Kind {
    READ_AT, READ, WRITE_AT, WRITE, POSITION, TRUNCATE, SIZE
  }

  enum Form {
    HEAP, DIRECT, VECTORED, FUTURE, FUTURE_VECTORED
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Integer> lengths = Arbitraries.oneOf(Arbitraries.integers().between(0, 20),
        Arbitraries.integers().between(0, LARGEST / 2));
    Arbitrary<Step> step = Combinators.combine(Arbitraries.of(Kind.class), lengths, lengths, Arbitraries.of(Form.class),
        Arbitraries.integers()).as(Step::new);
    return step.list().ofMaxSize(30);
  }

  @Property(tries = 60)
  void aFileIsAnArrayOfBytes(@ForAll("steps") List<Step> steps, @ForAll FileBackend backend, @ForAll long seed)
      throws IOException {
    Path path = Files.createTempFile("model", "");
    try {
      EpolloOptions options = EpolloOptions.defaults().withKernel(moody(seed).kernel()).with(FileOptions.class,
          FileOptions.defaults().withBackend(backend));
      Epollo.run(options, () -> {
        Model model = new Model();
        try (AsyncFile file = AsyncFile.open(path, READ, WRITE, CREATE, TRUNCATE_EXISTING)) {
          for (Step step : steps) {
            check(file, model, step);
          }
          assertThat(file.position()).isEqualTo(model.cursor);
        }
        assertThat(Files.readAllBytes(path)).isEqualTo(model.content());
      });
    } finally {
      Files.delete(path);
    }
  }

  /** Puts off, cuts short and interrupts calls, by chance. */
  private static ProbeKernel moody(long seed) {
    AtomicLong calls = new AtomicLong(seed);
    ProbeKernel probe = new ProbeKernel();
    for (String name : List.of("preadv2", "pwritev2")) {
      probe.on(name, call -> {
        Random chance = new Random(calls.incrementAndGet());
        long length = NativeMemory.getLong(call.longArg(1) + 8);
        switch (chance.nextInt(5)) {
          case 0 -> {
            return -Errno.EAGAIN;
          }
          case 1 -> {
            return -Errno.EINTR;
          }
          case 2 -> NativeMemory.putLong(call.longArg(1) + 8, 1 + chance.nextLong(length));
          default -> {}
        }
        return call.real();
      });
    }
    for (String name : List.of("pread", "pwrite")) {
      probe.on(name, call -> {
        Random chance = new Random(calls.incrementAndGet());
        switch (chance.nextInt(4)) {
          case 0 -> {
            return -Errno.EINTR;
          }
          case 1 -> call.args[2] = 1 + chance.nextLong(call.longArg(2));
          default -> {}
        }
        return call.real();
      });
    }
    return probe;
  }

  private static void check(AsyncFile file, Model model, Step step) throws IOException {
    switch (step.kind) {
      case READ_AT -> {
        ByteBuffer[] targets = buffers(step);
        long n = switch (step.form) {
          case HEAP, DIRECT -> file.readAt(targets[0], step.position);
          case VECTORED -> file.readAt(targets, step.position);
          case FUTURE -> file.readAtAsync(targets[0], step.position).await();
          case FUTURE_VECTORED -> file.readAtAsync(targets, step.position).await();
        };
        model.checkRead(step.position, n, step.length, targets);
      }
      case READ -> {
        ByteBuffer[] targets = buffers(step);
        long n = switch (step.form) {
          case HEAP, DIRECT -> file.read(targets[0]);
          case VECTORED, FUTURE_VECTORED -> file.read(targets);
          case FUTURE -> file.readAsync(targets[0]).await();
        };
        model.checkRead(model.cursor, n, step.length, targets);
        model.cursor += (int) Math.max(n, 0);
      }
      case WRITE_AT -> {
        ByteBuffer[] sources = filled(step);
        if (step.seed % 2 == 0 && sources.length == 1) {
          file.writeFullyAt(sources[0].duplicate(), step.position);
          model.write(step.position, step.length, sources);
          return;
        }
        ByteBuffer[] given = duplicates(sources);
        long n = switch (step.form) {
          case HEAP, DIRECT -> file.writeAt(given[0], step.position);
          case VECTORED -> file.writeAt(given, step.position);
          case FUTURE -> file.writeAtAsync(given[0], step.position).await();
          case FUTURE_VECTORED -> file.writeAtAsync(given, step.position).await();
        };
        checkWritten(step, n, sources, given);
        model.write(step.position, n, sources);
      }
      case WRITE -> {
        ByteBuffer[] sources = filled(step);
        ByteBuffer[] given = duplicates(sources);
        long n = switch (step.form) {
          case HEAP, DIRECT -> file.write(given[0]);
          case VECTORED, FUTURE_VECTORED -> file.write(given);
          case FUTURE -> file.writeAsync(given[0]).await();
        };
        checkWritten(step, n, sources, given);
        model.write(model.cursor, n, sources);
        model.cursor += (int) n;
      }
      case POSITION -> {
        file.position(step.position);
        model.cursor = step.position;
      }
      case TRUNCATE -> {
        file.truncate(step.length);
        model.size = Math.min(model.size, step.length);
        Arrays.fill(model.bytes, model.size, model.bytes.length, (byte) 0);
        model.cursor = Math.min(model.cursor, step.length);
      }
      case SIZE -> assertThat(file.size()).isEqualTo(model.size);
    }
  }

  private static void checkWritten(Step step, long n, ByteBuffer[] sources, ByteBuffer[] given) {
    assertThat(n).isBetween(step.length == 0 ? 0L : 1L, (long) step.length);
    long moved = 0;
    for (int i = 0; i < given.length; i++) {
      moved += given[i].position() - sources[i].position();
    }
    assertThat(moved).isEqualTo(n);
  }

  /** Empty ones; more than one if the form is vectored. */
  private static ByteBuffer[] buffers(Step step) {
    boolean vectored = step.form == Form.VECTORED || step.form == Form.FUTURE_VECTORED;
    if (!vectored) {
      return new ByteBuffer[]{
        step.form == Form.HEAP ? ByteBuffer.allocate(step.length) : ByteBuffer.allocateDirect(step.length)};
    }
    int first = step.length / 3;
    return new ByteBuffer[]{ByteBuffer.allocate(first), ByteBuffer.allocate(0),
      ByteBuffer.allocateDirect(step.length - first)};
  }

  private static ByteBuffer[] filled(Step step) {
    ByteBuffer[] buffers = buffers(step);
    Random random = new Random(step.seed);
    for (ByteBuffer buffer : buffers) {
      byte[] bytes = new byte[buffer.remaining()];
      random.nextBytes(bytes);
      buffer.put(bytes).flip();
    }
    return buffers;
  }

  private static ByteBuffer[] duplicates(ByteBuffer[] buffers) {
    return Arrays.stream(buffers).map(ByteBuffer::duplicate).toArray(ByteBuffer[]::new);
  }

  private static byte[] join(ByteBuffer[] buffers) {
    int length = Arrays.stream(buffers).mapToInt(ByteBuffer::remaining).sum();
    ByteBuffer all = ByteBuffer.allocate(length);
    for (ByteBuffer buffer : buffers) {
      all.put(buffer.duplicate());
    }
    return all.array();
  }

  private static final class Model {
    final byte[] bytes = new byte[2 * LARGEST];
    int size;
    int cursor;

    byte[] content() {
      return Arrays.copyOf(bytes, size);
    }

    /** A read may be short; but it gives something if there is something, and -1 only at the end. */
    void checkRead(int position, long n, int wanted, ByteBuffer[] targets) {
      for (ByteBuffer target : targets) {
        target.flip();
      }
      if (wanted == 0) {
        assertThat(n).isZero();
      } else if (position >= size) {
        assertThat(n).isEqualTo(-1);
      } else {
        assertThat(n).isBetween(1L, (long) Math.min(wanted, size - position));
        assertThat(join(targets)).isEqualTo(Arrays.copyOfRange(bytes, position, (int) (position + n)));
      }
    }

    void write(int position, long n, ByteBuffer[] sources) {
      System.arraycopy(join(sources), 0, bytes, position, (int) n);
      if (n > 0) {
        size = (int) Math.max(size, position + n);
      }
    }
  }
}
