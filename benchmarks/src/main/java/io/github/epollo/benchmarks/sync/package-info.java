/** What handing a value over costs, here and elsewhere. */
@NullMarked
package io.github.epollo.benchmarks.sync;

import org.jspecify.annotations.NullMarked;
