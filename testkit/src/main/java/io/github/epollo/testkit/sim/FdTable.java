package io.github.epollo.testkit.sim;

import io.github.epollo.runtime.kernel.Errno;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The file descriptors of one host, which is one process: the lowest free number is given first. 0 to 2 are taken, as in any process. */
final class FdTable {
  private static final int FIRST = 3;

  private record Slot(OpenFile file, boolean closeOnExec) {}

  private final List<@Nullable Slot> slots = new ArrayList<>();
  private int limit = 1 << 20;
  private int open = FIRST;

  FdTable() {
    for (int i = 0; i < FIRST; i++) {
      slots.add(null);
    }
  }

  void limit(int limit) {
    this.limit = limit;
  }

  boolean isFull() {
    return free(FIRST) >= limit;
  }

  /** Gives {@code file} an fd; answers that, or EMFILE: then the file is released if it has no other. */
  int add(OpenFile file, boolean closeOnExec) {
    return add(file, closeOnExec, FIRST);
  }

  private int add(OpenFile file, boolean closeOnExec, int from) {
    int fd = free(from);
    file.retain();
    if (fd >= limit) {
      file.release();
      return -Errno.EMFILE;
    }
    while (slots.size() <= fd) {
      slots.add(null);
    }
    slots.set(fd, new Slot(file, closeOnExec));
    open++;
    return fd;
  }

  private int free(int from) {
    int fd = Math.max(FIRST, from);
    while (fd < slots.size() && slots.get(fd) != null) {
      fd++;
    }
    return fd;
  }

  /** All that is open, each as "number: what". */
  List<String> describe() {
    List<String> text = new ArrayList<>();
    for (int fd = FIRST; fd < slots.size(); fd++) {
      Slot slot = slots.get(fd);
      if (slot != null) {
        text.add(fd + ": " + slot.file);
      }
    }
    return text;
  }

  /** The numbers of all that is open, but for what loops have for themselves, and for what is kept open by a call under way: that may have been closed. */
  List<Integer> ofUsers() {
    List<Integer> numbers = new ArrayList<>();
    for (int fd = FIRST; fd < slots.size(); fd++) {
      Slot slot = slots.get(fd);
      if (slot != null && !slot.file.isForLoops() && !isUsed(slot.file)) {
        numbers.add(fd);
      }
    }
    return numbers;
  }

  private boolean isUsed(OpenFile file) {
    return slots.stream().filter(slot -> slot != null && slot.file == file).count() < file.holds();
  }

  /** The file of {@code fd}, or null. */
  @Nullable
  OpenFile find(int fd) {
    Slot slot = slot(fd);
    return slot == null ? null : slot.file;
  }

  private @Nullable Slot slot(int fd) {
    return fd >= 0 && fd < slots.size() ? slots.get(fd) : null;
  }

  int close(int fd) {
    Slot slot = slot(fd);
    if (slot == null) {
      return -Errno.EBADF;
    }
    slots.set(fd, null);
    open--;
    slot.file.release();
    return 0;
  }

  int duplicate(OpenFile file, int from, boolean closeOnExec) {
    return from < 0 || from >= limit ? -Errno.EINVAL : add(file, closeOnExec, from);
  }

  boolean isCloseOnExec(int fd) {
    Slot slot = slot(fd);
    return slot != null && slot.closeOnExec;
  }

  void setCloseOnExec(int fd, boolean closeOnExec) {
    Slot slot = slot(fd);
    if (slot != null) {
      slots.set(fd, new Slot(slot.file, closeOnExec));
    }
  }

  /** How many fds are open, with 0 to 2. */
  int open() {
    return open;
  }
}
