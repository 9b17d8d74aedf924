/** {@link io.github.epollo.runtime.stream.AsyncStream}: values that come one after the other, and what can be made of them. */
package io.github.epollo.runtime.stream;
