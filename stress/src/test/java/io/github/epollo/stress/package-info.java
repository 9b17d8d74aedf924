/**
 * The runtime's protocols under every order of steps: each scenario is a few operations on two or three threads, and a model checker runs it in one order after the
 * other. For each there is a broken twin, in which the same scenario must fail.
 */
package io.github.epollo.stress;
