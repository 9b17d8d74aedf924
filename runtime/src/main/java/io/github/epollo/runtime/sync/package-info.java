/**
 * What tasks share: channels, permits, signals. All of it may be used from any task, loop or plain thread, everything that waits has a future twin, and a cancel
 * loses nothing.
 */
package io.github.epollo.runtime.sync;
