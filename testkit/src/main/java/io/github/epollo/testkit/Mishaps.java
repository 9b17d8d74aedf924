package io.github.epollo.testkit;

/** The faults of a simulation that are not a call's own: those of the network and of the machine. */
interface Mishaps {
  /** Resets the connection of {@code fd}, if it is one. */
  void reset(int fd);

  /** Makes what is sent from now on, for a while, take longer. */
  void delay(FaultDraw draw);

  /** Separates two hosts for a while. */
  void partition(FaultDraw draw);

  /** Whether time may move by itself: else it is not for a fault to move it. */
  boolean canSuspend();

  /** Stops the process for {@code nanos}. */
  void suspend(long nanos);
}
