package io.github.epollo.fs;

import io.github.epollo.fs.engine.FileContext;
import io.github.epollo.runtime.driver.Interest;
import io.github.epollo.runtime.future.AbstractFuture;
import io.github.epollo.runtime.future.Future;
import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.io.AsyncFd;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.FileFlags;
import io.github.epollo.runtime.kernel.Kernel;
import io.github.epollo.runtime.loop.SleepProvider;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An end of a FIFO on its way to being open. An end to write is refused while there is no reader, and tried again after a pause. Closing it closes what was opened. */
final class FifoOpening<E extends PipeEnd> extends AbstractFuture<E> {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(50);

  private final Path path;
  private final int access;
  private final Maker<E> maker;
  private @Nullable Future<Long> opening;
  private @Nullable Future<@Nullable Void> pausing;
  private Duration pause = FIRST_PAUSE;

  /** {@code access} is one of {@link FileFlags#O_RDONLY}, {@link FileFlags#O_WRONLY} and {@link FileFlags#O_RDWR}. */
  FifoOpening(Path path, int access, Maker<E> maker) {
    this.path = Objects.requireNonNull(path, "path");
    this.access = access;
    this.maker = maker;
  }

  /** Makes the end of its descriptor. */
  interface Maker<E extends PipeEnd> {
    E make(AsyncFd fd, Kernel kernel);
  }

  @Override
  protected Poll<E> advance(Waker waker) throws Exception {
    while (true) {
      Future<@Nullable Void> sleep = pausing;
      if (sleep != null) {
        switch (sleep.poll(waker)) {
          case Poll.Pending<?> _ -> {
            return Poll.pending();
          }
          case Poll.Failed<?>(Throwable cause) -> {
            return Poll.failed(cause);
          }
          case Poll.Ready<?> _ -> pausing = null;
        }
      }
      Future<Long> under = opening;
      if (under == null) {
        opening = under = open();
      }
      long result;
      switch (under.poll(waker)) {
        case Poll.Pending<Long> _ -> {
          return Poll.pending();
        }
        case Poll.Failed<Long>(Throwable cause) -> {
          return Poll.failed(cause);
        }
        case Poll.Ready<Long>(Long answer) -> result = answer;
      }
      opening = null;
      if (result >= 0) {
        return Poll.ready(opened((int) result));
      }
      if (result != -Errno.ENXIO || access != FileFlags.O_WRONLY) {
        throw Errno.toFileException("openat", path.toString(), null, (int) -result);
      }
      pausing = SleepProvider.get().sleepAsync(pause); // the kernel tells nobody that a reader has come
      pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
    }
  }

  private Future<Long> open() {
    FileContext here = FileContext.current();
    int flags = access | FileFlags.O_NONBLOCK | FileFlags.O_CLOEXEC;
    return new CallFuture<>("open " + path, () -> new OpenCall(here, PathMemory.of(here, path), flags, 0, false),
        result -> result);
  }

  private E opened(int number) throws IOException {
    FileContext here = FileContext.current();
    Kernel kernel = here.loop().kernel();
    boolean done = false;
    try {
      if (FdStatus.type(here, number) != FileFlags.S_IFIFO) {
        throw new FileSystemException(path.toString(), null, "is no FIFO: open it with AsyncFile.open");
      }
      E end = maker.make(AsyncFd.adopt(number, access == FileFlags.O_WRONLY ? Interest.WRITE : Interest.READ), kernel);
      done = true;
      return end;
    } finally {
      if (!done) {
        int _ = kernel.close(number);
      }
    }
  }

  @Override
  protected void release() {
    Future<Long> left = opening;
    if (left != null) {
      left.close();
    }
    Future<@Nullable Void> sleep = pausing;
    if (sleep != null) {
      sleep.close();
    }
  }

  @Override
  public String toString() {
    return "open the FIFO " + path;
  }
}
