import org.jspecify.annotations.NullMarked;

/**
 * Sleeps and deadlines for Epollo: {@link io.github.epollo.timers.Timers} is the front door. All timers of a loop share one timerfd, registered with
 * that loop's epoll like any other file descriptor.
 */
@NullMarked
module io.github.epollo.timers {
  requires transitive io.github.epollo.runtime;
  requires static transitive org.jspecify;

  exports io.github.epollo.timers;

  provides io.github.epollo.runtime.loop.SleepProvider with io.github.epollo.timers.TimerSleeps;
}
