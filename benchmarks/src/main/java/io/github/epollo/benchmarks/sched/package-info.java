/** What tasks cost: to spawn, to join, to give way and to wake each other. */
@NullMarked
package io.github.epollo.benchmarks.sched;

import org.jspecify.annotations.NullMarked;
