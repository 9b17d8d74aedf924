package io.github.epollo.runtime.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.epollo.runtime.Epollo;
import io.github.epollo.runtime.future.Waker;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Flow;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.reactivestreams.tck.SubscriberWhiteboxVerification.SubscriberPuppet;
import org.reactivestreams.tck.SubscriberWhiteboxVerification.WhiteboxSubscriberProbe;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.reactivestreams.tck.flow.FlowSubscriberBlackboxVerification;
import org.reactivestreams.tck.flow.FlowSubscriberWhiteboxVerification;
import org.testng.ITestResult;
import org.testng.TestListenerAdapter;
import org.testng.TestNG;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;

/** The test kit of reactive streams, for publishers made of streams and for the subscriber behind {@link AsyncStream#fromPublisher}. */
class ReactiveStreamsTckTest {
  private static final long TIMEOUT_MILLIS = 1000;
  private static final long QUIET_MILLIS = 50;

  @Test
  void aPublisherMadeOfAStreamKeepsTheRules() {
    assertPasses(PublisherRules.class, 30);
  }

  @Test
  void theSubscriberOfAStreamKeepsTheRules() {
    assertPasses(SubscriberRules.class, 11);
  }

  @Test
  void theSubscriberOfAStreamKeepsTheRulesAsSeenFromWithin() {
    assertPasses(SubscriberRulesWithin.class, 14);
  }

  @Test
  void aPublisherThatBreaksARuleIsCaught() {
    assertThat(run(BrokenPublisher.class).getFailedTests()).isNotEmpty();
  }

  private static void assertPasses(Class<?> rules, int atLeast) {
    TestListenerAdapter results = run(rules);
    List<String> failures = results.getFailedTests().stream().map(ReactiveStreamsTckTest::text).toList();
    assertThat(failures).isEmpty();
    assertThat(results.getConfigurationFailures()).isEmpty();
    assertThat(results.getPassedTests().size()).isGreaterThanOrEqualTo(atLeast);
  }

  private static String text(ITestResult result) {
    return result.getName() + ": " + result.getThrowable();
  }

  private static TestListenerAdapter run(Class<?> rules) {
    TestListenerAdapter results = new TestListenerAdapter();
    TestNG kit = new TestNG(false);
    kit.setVerbose(0);
    kit.setTestClasses(new Class<?>[]{rules});
    kit.addListener(results);
    kit.run();
    return results;
  }

  private static TestEnvironment environment() {
    return new TestEnvironment(TIMEOUT_MILLIS, QUIET_MILLIS);
  }

  /** Publishers whose tasks run in a runtime of their own. */
  public static class PublisherRules extends FlowPublisherVerification<Long> {
    private Epollo epollo;

    public PublisherRules() {
      super(environment());
    }

    @BeforeClass
    public void startRuntime() {
      epollo = Epollo.start();
    }

    @AfterClass
    public void closeRuntime() {
      epollo.close();
    }

    private <T> T inTask(Callable<T> body) {
      return epollo.spawn(body).join();
    }

    @Override
    public Flow.Publisher<Long> createFlowPublisher(long elements) {
      return inTask(() -> AsyncStream.publisher(() -> AsyncStream.fromStream(LongStream.range(0, elements).boxed())));
    }

    @Override
    public Flow.Publisher<Long> createFailedFlowPublisher() {
      return inTask(() -> AsyncStream.publisher(() -> {
        throw new IllegalStateException("no values here");
      }));
    }
  }

  /** Sends more than it was asked for. */
  public static final class BrokenPublisher extends PublisherRules {
    @Override
    public Flow.Publisher<Long> createFlowPublisher(long elements) {
      Flow.Publisher<Long> publisher = super.createFlowPublisher(elements);
      return subscriber -> publisher.subscribe(new Flow.Subscriber<Long>() {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
          subscriber.onSubscribe(subscription);
        }

        @Override
        public void onNext(Long value) {
          subscriber.onNext(value);
          subscriber.onNext(value);
        }

        @Override
        public void onError(Throwable failure) {
          subscriber.onError(failure);
        }

        @Override
        public void onComplete() {
          subscriber.onComplete();
        }
      });
    }
  }

  /** The stream behind a subscriber, read by whoever runs the test. */
  private static class Tested implements Flow.Subscriber<Integer> {
    private static final Waker NOBODY = () -> {};

    private final PublisherStream<Integer> stream = new PublisherStream<>(_ -> {}, 8);
    private final Flow.Subscriber<Integer> receiver = stream.receiver();

    private boolean closed;

    void read() {
      if (!closed) {
        var _ = stream.pollNext(NOBODY);
      }
    }

    void close() {
      closed = true;
      stream.close();
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      receiver.onSubscribe(subscription);
    }

    @Override
    public void onNext(Integer value) {
      receiver.onNext(value);
    }

    @Override
    public void onError(Throwable failure) {
      receiver.onError(failure);
    }

    @Override
    public void onComplete() {
      receiver.onComplete();
    }
  }

  /** From without. */
  public static final class SubscriberRules extends FlowSubscriberBlackboxVerification<Integer> {
    public SubscriberRules() {
      super(environment());
    }

    @Override
    public Flow.Subscriber<Integer> createFlowSubscriber() {
      return new Tested();
    }

    @Override
    public void triggerFlowRequest(Flow.Subscriber<? super Integer> subscriber) {
      ((Tested) subscriber).read();
    }

    @Override
    public Integer createElement(int element) {
      return element;
    }
  }

  /** From within: the kit reads and closes the stream. */
  public static final class SubscriberRulesWithin extends FlowSubscriberWhiteboxVerification<Integer> {
    public SubscriberRulesWithin() {
      super(environment());
    }

    @Override
    protected Flow.Subscriber<Integer> createFlowSubscriber(WhiteboxSubscriberProbe<Integer> probe) {
      return new Tested() {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
          super.onSubscribe(subscription);
          probe.registerOnSubscribe(new SubscriberPuppet() {
            @Override
            public void triggerRequest(long n) {
              read();
            }

            @Override
            public void signalCancel() {
              close();
            }
          });
        }

        @Override
        public void onNext(Integer value) {
          super.onNext(value);
          probe.registerOnNext(value);
        }

        @Override
        public void onError(Throwable failure) {
          super.onError(failure);
          probe.registerOnError(failure);
        }

        @Override
        public void onComplete() {
          super.onComplete();
          probe.registerOnComplete();
        }
      };
    }

    @Override
    public Integer createElement(int element) {
      return element;
    }
  }
}
