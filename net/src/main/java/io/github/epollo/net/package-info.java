/**
 * Sockets whose calls read like blocking ones and wait in the task: the loop goes on meanwhile. Every call that waits has a twin with the suffix {@code
 * Async} that returns a {@link io.github.epollo.runtime.future.Future}.
 *
 * {@snippet file="io/github/epollo/net/SnippetsTest.java" region="echo"}
 */
package io.github.epollo.net;
