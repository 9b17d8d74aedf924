/**
 * The event loop, and how tasks get onto its thread. {@link io.github.epollo.runtime.loop.Loop} is the list of what happens in a turn.
 */
@org.jspecify.annotations.NullMarked
package io.github.epollo.runtime.loop;
