/**
 * A hierarchical timer wheel: entries by the tick at which they are due. It knows no clock, no loop and no kernel; not exported. {@link
 * io.github.epollo.timers.wheel.TimerWheel} says how it works.
 */
package io.github.epollo.timers.wheel;
