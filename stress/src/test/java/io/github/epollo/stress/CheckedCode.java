package io.github.epollo.stress;

import io.github.epollo.runtime.sync.SpinLock;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.Remapper;

/**
 * The classes that one check runs: copies of a scenario and of everything of Epollo that it needs, so that a {@link Twin} can take the place of a class. They have names of their
 * own and lie on the class path, because the checker knows a class by its name alone.
 *
 * <p>In all of them {@link SpinLock} is replaced by a monitor. The checker knows how to wait for one, while every turn of a spinning thread would be one more step to
 * try. The lock itself has a test of its own.
 */
final class CheckedCode {
  private static final Path DIRECTORY = Path.of("target", "checked-code"); // on the class path of the tests

  private static final String EPOLLO = "io/github/epollo/";

  private static final String MONITOR = """
      package io.github.epollo.runtime.sync;

      public final class SpinLock {
        private boolean held;

        public synchronized void lock() {
          try {
            while (held) {
              wait();
            }
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          held = true;
        }

        public synchronized void unlock() {
          if (!held) {
            throw new IllegalMonitorStateException("unlock without lock");
          }
          held = false;
          notify();
        }

        public void release() {
          unlock();
        }
      }
      """;

  private static final Map<String, byte[]> MONITOR_CLASS = CompiledInMemory.compile(SpinLock.class.getName(), MONITOR);

  private static int copies;

  private final String copy = EPOLLO + "copy" + ++copies + "/";
  private final Map<String, byte[]> replaced = new HashMap<>();
  private final Set<String> seen = new HashSet<>();
  private final Queue<String> toCopy = new ArrayDeque<>();

  private final Remapper renaming = new Remapper(Opcodes.ASM9) {
    @Override
    public String map(String path) {
      if (!path.startsWith(EPOLLO)) {
        return path;
      }
      if (seen.add(path)) {
        toCopy.add(path);
      }
      return copy + path.substring(EPOLLO.length());
    }
  };

  private CheckedCode() {}

  /** A new {@code scenario} that runs the code as it is, or with {@code twins} in it. */
  static Runnable of(Class<? extends Scenario> scenario, Twin... twins) {
    CheckedCode code = new CheckedCode();
    code.replace(MONITOR_CLASS);
    for (Twin twin : twins) {
      code.replace(CompiledInMemory.compile(twin.original().getName(), twin.source()));
    }
    try {
      String name = code.renaming.map(scenario.getName().replace('.', '/')).replace('/', '.');
      code.copyAll();
      var constructor = Class.forName(name).getDeclaredConstructor();
      constructor.setAccessible(true);
      return (Runnable) constructor.newInstance();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot create " + scenario, e);
    }
  }

  private void replace(Map<String, byte[]> classes) {
    classes.forEach((name, bytes) -> replaced.put(name.replace('.', '/'), bytes));
  }

  private void copyAll() throws IOException {
    for (String path = toCopy.poll(); path != null; path = toCopy.poll()) {
      ClassWriter writer = new ClassWriter(0);
      new ClassReader(original(path)).accept(new ClassRemapper(writer, renaming), 0);
      Path file = DIRECTORY.resolve(renaming.map(path) + ".class");
      Files.createDirectories(file.getParent());
      Files.write(file, writer.toByteArray());
    }
  }

  private byte[] original(String path) throws IOException {
    byte[] bytes = replaced.get(path);
    if (bytes != null) {
      return bytes;
    }
    try (InputStream in = CheckedCode.class.getResourceAsStream("/" + path + ".class")) {
      if (in == null) {
        throw new IOException("no class file of " + path);
      }
      return in.readAllBytes();
    }
  }
}
