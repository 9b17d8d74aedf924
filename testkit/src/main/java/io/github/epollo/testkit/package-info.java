/** A simulated kernel, virtual time, and schedules and faults by seed. */
package io.github.epollo.testkit;
