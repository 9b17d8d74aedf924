package io.github.epollo.runtime;

/**
 * What the blocking calls of a runtime are doing: {@link Epollo#blockingStats}. The numbers are read one after another, while others change them.
 *
 * @param threads how many threads the pool has; 0 if the calls are given to an executor of the user's
 * @param active how many calls run
 * @param queued how many wait for a thread
 */
public record BlockingStats(int threads, int active, int queued) {}
