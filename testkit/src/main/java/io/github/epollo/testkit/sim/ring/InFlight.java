package io.github.epollo.testkit.sim.ring;

import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.testkit.sim.SimWorld;
import io.github.epollo.testkit.sim.WouldWait;
import io.github.epollo.testkit.sim.disk.FileError;

/** An operation between its submission and its completion: on the device, for a time; or waiting for a file that is not ready. */
final class InFlight {
  /*
   *   NEW     -> DEVICE   // the device has to move pages, or a worker has to do it
   *   NEW     -> WAITING  // tried, and a file is not ready
   *   NEW     -> ENDED    // tried, and done
   *   DEVICE  -> WAITING  // its time has come, and a file is not ready
   *   DEVICE  -> ENDED
   *   WAITING -> ENDED
   */
  private enum State {
    NEW, DEVICE, WAITING, ENDED
  }

  private final SimRing ring;
  private final long userData;
  private final Operation operation;
  private final Runnable retry = this::attempt;
  private Runnable unplan = () -> {};
  private State state = State.NEW;

  InFlight(SimRing ring, long userData, Operation operation) {
    this.ring = ring;
    this.userData = userData;
    this.operation = operation;
    operation.begin();
  }

  long userData() {
    return userData;
  }

  Operation operation() {
    return operation;
  }

  void start(SimWorld world, long nanos) {
    if (operation.pages() == 0) {
      attempt();
    } else {
      state = State.DEVICE;
      unplan = world.planned(nanos, operation.name() + " of " + ring, this::attempt);
    }
  }

  private void attempt() {
    if (state == State.ENDED) {
      return; // while the listeners of a file were being called
    }
    long result;
    try {
      result = ring.call(operation);
    } catch (WouldWait e) {
      if (state != State.WAITING) {
        state = State.WAITING;
        operation.files().forEach(file -> file.listen(retry));
      }
      return;
    } catch (FileError e) {
      result = -e.errno();
    }
    end(result);
  }

  private void end(long result) {
    if (state == State.WAITING) {
      operation.files().forEach(file -> file.unlisten(retry));
    }
    unplan.run();
    state = State.ENDED;
    ring.ended(this, result);
    operation.end();
  }

  /** Ends it without its being made. Answers what the request to cancel is told. */
  int cancel(SimWorld world) {
    if (state == State.DEVICE && world.choose(2) == 1) {
      return -Errno.EALREADY; // it goes on
    }
    end(-Errno.ECANCELED);
    return 0;
  }

  /** The ring is gone: nobody is told. */
  void drop() {
    end(-Errno.ECANCELED);
  }
}
