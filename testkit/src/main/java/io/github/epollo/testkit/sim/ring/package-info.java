/** io_uring(7): rings in memory of their own, with Linux's layout, whose operations take virtual time. Everything is for callers that hold the world's lock. */
@org.jspecify.annotations.NullMarked
package io.github.epollo.testkit.sim.ring;
