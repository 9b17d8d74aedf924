package io.github.epollo.testkit;

/** For the real kernel, which has no network to disturb. */
final class NoMishaps implements Mishaps {
  @Override
  public void reset(int fd) {}

  @Override
  public void delay(FaultDraw draw) {}

  @Override
  public void partition(FaultDraw draw) {}

  @Override
  public boolean canSuspend() {
    return true;
  }

  @Override
  public void suspend(long nanos) {}
}
