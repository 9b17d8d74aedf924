/**
 * The peers of the benchmarks: one small server each, all with the same work to do. {@link io.github.epollo.benchmarks.RequestHeads} and {@link
 * io.github.epollo.benchmarks.Responses} are that work; {@code http_floor.c} does it in C.
 */
@org.jspecify.annotations.NullMarked
package io.github.epollo.benchmarks;
