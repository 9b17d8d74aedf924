/** What one task that hardly ever waits does to the others. */
@NullMarked
package io.github.epollo.benchmarks.hogs;

import org.jspecify.annotations.NullMarked;
