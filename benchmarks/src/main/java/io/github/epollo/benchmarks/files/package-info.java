/**
 * The peers of the benchmark "files": programs that read commands from standard input and answer with numbers of operations, as {@code files_floor.c} describes. {@link
 * io.github.epollo.benchmarks.harness.PeerBenchmark} drives them.
 */
@org.jspecify.annotations.NullMarked
package io.github.epollo.benchmarks.files;
