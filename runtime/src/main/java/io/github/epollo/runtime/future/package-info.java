/**
 * The contract between what waits and what is waited for: {@link io.github.epollo.runtime.future.Future}, {@link
 * io.github.epollo.runtime.future.Poll}, {@link io.github.epollo.runtime.future.Waker}, and {@link
 * io.github.epollo.runtime.future.Awaiter}, the waiting side of straight-line code. It imports nothing of Epollo: every other package stands on it.
 */
@org.jspecify.annotations.NullMarked
package io.github.epollo.runtime.future;
