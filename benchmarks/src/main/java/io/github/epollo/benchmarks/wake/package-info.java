/** What it costs a thread from outside to hand a loop that waits something to do. */
@NullMarked
package io.github.epollo.benchmarks.wake;

import org.jspecify.annotations.NullMarked;
