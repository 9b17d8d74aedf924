package io.github.epollo.runtime;

import io.github.epollo.runtime.sync.SpinLock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a runtime that have not ended, in the order of their spawning: a list through the tasks themselves, with O(1) for each that comes and goes.
 *
 * <p>Plain threads that spawn, tasks that end and the loop's own thread meet here. So it is no concurrent map of the JDK: that has monitors, which must not be shared by a task
 * and its loop (see {@link SpinLock}).
 */
final class TaskSet {
  private final SpinLock lock = new SpinLock(); // guards everything here, and the places in the tasks
  private @Nullable Task<?> first;
  private @Nullable Task<?> last;
  private int size;

  /** Where a task stands. */
  static final class Place {
    private @Nullable TaskSet set;
    private @Nullable Task<?> previous;
    private @Nullable Task<?> next;
  }

  /** Adds {@code task}, which is in no set. */
  void add(Task<?> task) {
    lock.lock();
    try {
      task.place.set = this;
      task.place.previous = last;
      if (last == null) {
        first = task;
      } else {
        last.place.next = task;
      }
      last = task;
      size++;
    } finally {
      lock.unlock();
    }
  }

  /** Removes {@code task}; false if it is not there. */
  boolean remove(Task<?> task) {
    Place place = task.place;
    lock.lock();
    try {
      if (place.set != this) {
        return false;
      }
      if (place.previous == null) {
        first = place.next;
      } else {
        place.previous.place.next = place.next;
      }
      if (place.next == null) {
        last = place.previous;
      } else {
        place.next.place.previous = place.previous;
      }
      place.set = null;
      place.previous = null;
      place.next = null;
      size--;
      return true;
    } finally {
      lock.unlock();
    }
  }

  int size() {
    lock.lock();
    try {
      return size;
    } finally {
      lock.unlock();
    }
  }

  /** Those that are there now. */
  List<Task<?>> snapshot() {
    while (true) {
      int room = size() + 16; // for those who come meanwhile: no memory is asked for under the lock
      List<Task<?>> tasks = new ArrayList<>(room);
      lock.lock();
      try {
        if (size <= room) {
          for (Task<?> task = first; task != null; task = task.place.next) {
            tasks.add(task);
          }
          return tasks;
        }
      } finally {
        lock.unlock();
      }
    }
  }
}
