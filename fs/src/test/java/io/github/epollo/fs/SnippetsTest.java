package io.github.epollo.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.EpolloOptions;
import org.junit.jupiter.api.Test;

/** The examples in the documentation. */
class SnippetsTest {
  @Test
  void options() {
    // @start region="options"
    EpolloOptions options = EpolloOptions.defaults()
        .with(FileOptions.class, FileOptions.defaults().withBackend(FileBackend.POOL).withThreads(8));
    // @end
    Epollo.run(options, () -> assertThat(Epollo.current().option(FileOptions.class)).isNotNull());
  }
}
