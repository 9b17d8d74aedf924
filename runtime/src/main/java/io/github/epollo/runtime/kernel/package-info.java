/**
 * The kernel seam: every system call of Epollo, its constants and its structs.
 *
 * <p>{@link io.github.epollo.runtime.kernel.Kernel} is the interface that the runtime is written against; {@link
 * io.github.epollo.runtime.kernel.LinuxKernel} is the real one. The layers, from the bottom:
 *
 * <ul>
 *   <li>{@code LibC}: the C functions, linked by {@code CFunction}, nothing else.
 *   <li>{@link io.github.epollo.runtime.kernel.Epoll}, {@link io.github.epollo.runtime.kernel.Sockets}, {@link
 *       io.github.epollo.runtime.kernel.FileFlags}, {@link io.github.epollo.runtime.kernel.Clocks}: the constants.
 *   <li>{@link io.github.epollo.runtime.kernel.EpollEvents}, {@link io.github.epollo.runtime.kernel.IoVectors}, {@link
 *       io.github.epollo.runtime.kernel.MessageHeader}: structs in native memory.
 *   <li>{@link io.github.epollo.runtime.kernel.Errno}: names, texts and exceptions of error numbers.
 * </ul>
 *
 * <p>There is no policy here: nothing retries, waits or throws for a failing call.
 */
@NullMarked
package io.github.epollo.runtime.kernel;

import org.jspecify.annotations.NullMarked;
