/**
 * What measures: {@link io.github.epollo.benchmarks.harness.HttpBenchmark} loads servers that {@code benchmarks/run} has started, in turns, and
 * reports what each request cost them.
 */
@org.jspecify.annotations.NullMarked
package io.github.epollo.benchmarks.harness;
