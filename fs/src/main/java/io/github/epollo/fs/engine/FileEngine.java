package io.github.epollo.fs.engine;

import io.github.epollo.fs.FileBackend;

/** Has calls made that may block. Belongs to a loop; callable from any thread. */
public interface FileEngine {
  /** Has {@code call} made; its {@link FileCall#complete} follows, exactly once, on any thread, perhaps before this returns. Does not wait, does not throw. */
  void submit(FileCall call);

  /** Nobody needs {@code call} any more: spares the kernel what has not begun. It is completed all the same, with whatever result. Does nothing if it has been. */
  void cancel(FileCall call);

  /** How many calls are not completed; for statistics, from any thread. */
  int pending();

  /** Who makes the calls. */
  FileBackend backend();
}
