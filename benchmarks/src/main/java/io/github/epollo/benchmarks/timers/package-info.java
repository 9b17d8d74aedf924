/** What arming and cancelling a timer costs, here and elsewhere. */
@NullMarked
package io.github.epollo.benchmarks.timers;

import org.jspecify.annotations.NullMarked;
