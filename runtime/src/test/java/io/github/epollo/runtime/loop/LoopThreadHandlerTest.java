package io.github.epollo.runtime.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Epollo;
import java.lang.Thread.UncaughtExceptionHandler;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A loop marks its thread by way of the handler of uncaught exceptions, which is the user's. */
class LoopThreadHandlerTest {
  @Test
  void theHandlerOfTheThreadIsAskedMeanwhile_andIsThereAfterwards() {
    List<Throwable> uncaught = new ArrayList<>();
    UncaughtExceptionHandler own = (_, failure) -> uncaught.add(failure);
    Thread thread = Thread.currentThread();
    UncaughtExceptionHandler before = thread.getUncaughtExceptionHandler();
    try {
      thread.setUncaughtExceptionHandler(own);
      Exception failure = new Exception();
      Epollo.run(() -> {
        thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
      });
      assertThat(uncaught).containsExactly(failure);
      assertThat(thread.getUncaughtExceptionHandler()).isSameAs(own);
      thread.setUncaughtExceptionHandler(null);
      Epollo.run(() -> {});
      assertThat(thread.getUncaughtExceptionHandler()).isSameAs(thread.getThreadGroup());
    } finally {
      thread.setUncaughtExceptionHandler(before);
    }
  }

  @Test
  void aHandlerThatIsSetMeanwhileStays() {
    UncaughtExceptionHandler other = (_, _) -> {};
    Thread thread = Thread.currentThread();
    UncaughtExceptionHandler before = thread.getUncaughtExceptionHandler();
    try {
      Epollo.run(() -> {
        thread.setUncaughtExceptionHandler(other);
        assertThat(Loop.current()).isNotNull(); // by the scoped value
      });
      assertThat(thread.getUncaughtExceptionHandler()).isSameAs(other);
    } finally {
      thread.setUncaughtExceptionHandler(before);
    }
  }
}
