package io.github.epollo.fs.engine;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.kernel.FileKernel;
import io.github.epollo.runtime.kernel.Pool;
import io.github.epollo.runtime.loop.Loop;
import io.github.epollo.runtime.loop.LoopLocal;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What the files of a loop share: the kernel, the engine, memory for calls.
 *
 * <p><b>Threading:</b> any.
 */
public final class FileContext implements AutoCloseable {
  /** Bytes of a data buffer: what one call reads or writes at the most through native memory. */
  public static final int DATA_SIZE = 128 * 1024;

  /** Bytes of a buffer for paths and structs: two paths of {@code PATH_MAX} and a struct statx. */
  public static final int NAMES_SIZE = 3 * 4096;

  private static final int SLOTS = 4;
  private static final LoopLocal<FileContext> LOCAL = new LoopLocal<>(FileContext::new);

  private final Loop loop;
  private final FileKernel kernel;
  private final Pool<NativeBuffer> data = new Pool<>(SLOTS, () -> new NativeBuffer(DATA_SIZE));
  private final Pool<NativeBuffer> names = new Pool<>(SLOTS, () -> new NativeBuffer(NAMES_SIZE));
  private final AtomicReference<@Nullable FileEngine> engine = new AtomicReference<>();
  private final Set<AutoCloseable> files = ConcurrentHashMap.newKeySet();
  private volatile boolean closed; // written before engine and files are read; engine() and add() write those before they read this

  private FileContext(Loop loop) {
    this.loop = loop;
    this.kernel = loop.kernel().files();
    loop.addGauge("files", files::size);
    loop.addGauge("file calls", () -> {
      FileEngine made = engine.get();
      return made == null ? 0 : made.pending();
    });
  }

  /**
   * Returns the context of the loop that the caller runs on.
   *
   * @throws IllegalStateException outside any runtime
   */
  public static FileContext current() {
    return LOCAL.get(Loop.current());
  }

  /** The loop. */
  public Loop loop() {
    return loop;
  }

  /** The calls on files of the loop's kernel. */
  public FileKernel kernel() {
    return kernel;
  }

  /** Buffers of {@link #DATA_SIZE} bytes. */
  public Pool<NativeBuffer> data() {
    return data;
  }

  /** Buffers of {@link #NAMES_SIZE} bytes. */
  public Pool<NativeBuffer> names() {
    return names;
  }

  /**
   * Who makes the calls that may block; made at the first call, on a thread of the runtime.
   *
   * @throws IOException if a ring is asked for by the options and cannot be had
   */
  public FileEngine engine() throws IOException {
    FileEngine present = engine.get();
    if (present != null) {
      return present;
    }
    FileEngine made = EngineChoice.create(Epollo.current(), loop);
    FileEngine first = engine.compareAndExchange(null, made);
    if (first != null) {
      close(made); // somebody else was faster
      return first;
    }
    if (made instanceof RingEngine ring) {
      ring.start();
    }
    if (closed) {
      close(made); // close() may not have seen it
    }
    return made;
  }

  /** Has {@code file} closed with the loop, at once if that is closed; {@link #remove} takes that back. */
  public void add(AutoCloseable file) {
    files.add(file);
    if (closed && files.remove(file)) {
      close(file); // close() may not have seen it
    }
  }

  /** Takes back what {@link #add} said. */
  public void remove(AutoCloseable file) {
    files.remove(file);
  }

  /** Called when the loop is closed. */
  @Override
  public void close() {
    closed = true;
    for (AutoCloseable file : files) {
      close(file);
    }
    FileEngine present = engine.get();
    if (present != null) {
      close(present);
    }
  }

  private static void close(Object engineOrFile) {
    if (engineOrFile instanceof AutoCloseable closeable) {
      try {
        closeable.close();
      } catch (Exception e) {
        throw new IllegalStateException("cannot close " + engineOrFile, e);
      }
    }
  }
}
