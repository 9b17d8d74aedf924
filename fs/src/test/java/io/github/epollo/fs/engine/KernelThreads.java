package io.github.epollo.fs.engine;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Threads that the kernel adds to this process. */
final class KernelThreads {
  private KernelThreads() {}

  /** The names of those that work for rings. */
  static List<String> ofRings() {
    List<String> names = new ArrayList<>();
    for (String id : new File("/proc/self/task").list()) {
      try {
        String name = Files.readString(Path.of("/proc/self/task", id, "comm")).strip();
        if (name.startsWith("iou-")) {
          names.add(name);
        }
      } catch (IOException e) {
        // Ended since it was listed.
      }
    }
    return names;
  }
}
