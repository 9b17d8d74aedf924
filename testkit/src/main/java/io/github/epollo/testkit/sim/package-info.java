/**
 * The machine behind {@link io.github.epollo.testkit.SimKernel}: one world with a clock, an agenda of what is to happen, hosts with their files, and links between them.
 *
 * <p>Everything is guarded by the lock of {@link io.github.epollo.testkit.sim.SimWorld}, which the calls of the kernel take; nothing in here reads a clock of the JDK, draws a random number
 * or depends on identities.
 */
package io.github.epollo.testkit.sim;
