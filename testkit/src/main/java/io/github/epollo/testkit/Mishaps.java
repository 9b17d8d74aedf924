package io.github.epollo.testkit;

/** The faults of a simulation that are not a call's own: those of the network and of the machine. */
interface Mishaps {
  /** Resets the connection of {@code fd}, if it is one. */
  void reset(int fd);

  /** Makes what is sent from now on, for a while, take longer. */
  void delay(FaultDraw draw);

  /** Separates two hosts for a while. */
  void partition(FaultDraw draw);

  /** Stops the machine for {@code nanos}. */
  void suspend(long nanos);
}
