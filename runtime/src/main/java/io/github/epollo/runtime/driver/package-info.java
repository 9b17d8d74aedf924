/**
 * Knows which file descriptors are ready: an epoll instance, and a {@link io.github.epollo.runtime.driver.Registration} for each fd in it.
 */
@org.jspecify.annotations.NullMarked
package io.github.epollo.runtime.driver;
