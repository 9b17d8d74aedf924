/**
 * A laboratory for what is polled: children that do what a script says, a scheduler by hand that polls only when it was woken, everything else drawn from a seed. A law
 * compares what comes out with a plain-Java model; a waker that was lost shows as "stuck".
 */
package io.github.epollo.runtime.future.laws;
