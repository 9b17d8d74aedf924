package io.github.epollo.testkit.sim.ring;

import io.github.epollo.testkit.sim.OpenFile;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * What a submission asks for, with everything that it points to but buffers copied.
 *
 * @param name the call, for traces
 * @param files the open files that it keeps open, and waits for if they are not ready
 * @param pages how many pages the device has to move for it; 0 if it is tried on the spot
 * @param call makes the call: answers {@code >= 0} or {@code -errno}, throws {@link io.github.epollo.testkit.sim.disk.FileError}, or {@link
 *     io.github.epollo.testkit.sim.WouldWait} if it must wait for one of the files
 */
record Operation(String name, List<OpenFile> files, int pages, LongSupplier call) {
  /** One that needs no file, and a worker's time. */
  static Operation of(String name, LongSupplier call) {
    return new Operation(name, List.of(), 1, call);
  }

  /** As it was submitted with the flag to hand it to a worker at once. */
  Operation forWorker() {
    return new Operation(name, files, Math.max(1, pages), call);
  }

  void begin() {
    files.forEach(OpenFile::retain);
  }

  void end() {
    files.forEach(OpenFile::release);
  }
}
