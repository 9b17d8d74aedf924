/**
 * Bytes: what reads and writes them, buffers, copying, and the frames of a protocol. It stands above {@code io.github.epollo.runtime}, whose threads make the calls on blocking streams.
 */
package io.github.epollo.runtime.io;
