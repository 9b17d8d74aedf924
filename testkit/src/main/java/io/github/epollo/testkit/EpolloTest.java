package io.github.epollo.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A JUnit test whose body runs as a task: it may sleep, connect and spawn.
 *
 * {@snippet class="io.github.epollo.testkit.SnippetsTest" region="epolloTest"}
 *
 * <p>With {@link #virtualTime} it runs in a {@link Simulation}, once for each of {@link #seeds}, and may have a parameter of type {@link World}; {@code world.time().setAutomatic(false)}
 * has time move only when it is told to. Without, it runs
 * on the real kernel, and one thing more is checked after each test: that no thread of Epollo's is left.
 *
 * <p>The test fails if it takes longer than {@link #limitSeconds}: then the stacks of all its tasks are printed. It also fails if it leaves a file descriptor open or
 * a timer armed; in a simulation what counts is what is open when all tasks have ended, although it is closed with the runtime then. {@code @BeforeEach} and {@code @AfterEach} methods run outside the task, on the thread of the test.
 */
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(EpolloExtension.class)
public @interface EpolloTest {
  /** Whether the test runs on a simulated kernel, where a sleep of a day takes no time. */
  boolean virtualTime() default false;

  /** With virtual time: how many runs, with the seeds from 1 on. The system property {@code epollo.seed} has it run once, with that seed. */
  int seeds() default 1;

  /** With virtual time: the rate of each of {@link Fault#harmless()}, from 0 to 1. */
  double harmlessFaults() default 0;

  /** How long one run may take, in real time. */
  int limitSeconds() default 60;
}
