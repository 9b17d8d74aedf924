/**
 * Waiting for time to pass, and giving up when it has: {@link io.github.epollo.timers.Timers#sleep}, {@link
 * io.github.epollo.timers.Timers#withTimeout(java.time.Duration, io.github.epollo.runtime.CheckedCallable) withTimeout}, and their future twins {@link
 * io.github.epollo.timers.Sleep} and {@link io.github.epollo.timers.Timers#timeout timeout}. Made of these: {@link io.github.epollo.timers.Interval},
 * {@link io.github.epollo.timers.DelayQueue}, {@link io.github.epollo.timers.IdleTimeout}, {@link io.github.epollo.timers.Debounce}, {@link
 * io.github.epollo.timers.Throttle}, {@link io.github.epollo.timers.Retry}.
 *
 * <p>A timer may be late, never early. Its clock is CLOCK_MONOTONIC: setting the wall clock has no effect, and the time that a machine is suspended does
 * not count.
 */
@org.jspecify.annotations.NullMarked
package io.github.epollo.timers;
