/**
 * What a user sees first: {@link io.github.epollo.runtime.Epollo} runs tasks, {@link io.github.epollo.runtime.Tasks} spawns them, and a {@link
 * io.github.epollo.runtime.Task} is joined or cancelled.
 */
@org.jspecify.annotations.NullMarked
package io.github.epollo.runtime;
