/** What waits and does nothing: the memory of idle connections and of parked sleeps. */
@NullMarked
package io.github.epollo.benchmarks.memory;

import org.jspecify.annotations.NullMarked;
