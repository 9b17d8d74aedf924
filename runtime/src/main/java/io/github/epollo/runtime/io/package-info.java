/** Bytes: what reads and writes them, buffers, copying, and the frames of a protocol. */
package io.github.epollo.runtime.io;
