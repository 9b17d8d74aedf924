/**
 * The peers of the benchmarks: one small server each, all with the same work to do. {@link io.github.epollo.benchmarks.RequestHeads} and {@link
 * io.github.epollo.benchmarks.Responses} are that work; {@code http_floor.c} does it in C. The front servers also call a backend, {@code delay_backend.c}, for each request: {@link io.github.epollo.benchmarks.BackendMessage}.
 */
@org.jspecify.annotations.NullMarked
package io.github.epollo.benchmarks;
