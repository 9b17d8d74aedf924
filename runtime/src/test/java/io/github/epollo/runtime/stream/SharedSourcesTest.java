package io.github.epollo.runtime.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.epollo.runtime.future.Poll;
import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.sync.Broadcast;
import io.github.epollo.runtime.sync.ChannelClosedException;
import io.github.epollo.runtime.sync.LaggedException;
import io.github.epollo.runtime.sync.Watch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Streams of what many listen to. */
class SharedSourcesTest {
  private static final Waker NOBODY = () -> {};

  @Test
  void aBroadcastIsReadUpToItsEndByEachOfItsStreams() {
    Broadcast<Integer> news = Broadcast.bounded(3);
    AsyncStream<Integer> one = AsyncStream.fromBroadcast(news.subscribe());
    AsyncStream<Integer> other = AsyncStream.fromBroadcast(news.subscribe());
    AtomicInteger woken = new AtomicInteger();
    assertThat(one.pollNext(woken::incrementAndGet)).isInstanceOf(Poll.Pending.class);
    news.send(1);
    assertThat(woken).hasValue(1);
    news.send(2);
    news.close();
    assertThat(one.toList()).containsExactly(1, 2);
    assertThat(other.toList()).containsExactly(1, 2);
    assertThat(news.receiverCount()).isZero();
  }

  @Test
  void aStreamOfABroadcastThatIsClosedNoLongerListens() {
    Broadcast<Integer> news = Broadcast.bounded(3);
    AsyncStream.fromBroadcast(news.subscribe()).close();
    AsyncStream.fromBroadcast(news.subscribe(), _ -> {}).close();
    assertThat(news.receiverCount()).isZero();
  }

  @Test
  void whatAStreamOfABroadcastMissesIsAFailureOrTold() {
    Broadcast<Integer> news = Broadcast.bounded(2);
    AsyncStream<Integer> strict = AsyncStream.fromBroadcast(news.subscribe());
    List<Long> missed = new ArrayList<>();
    AsyncStream<Integer> lenient = AsyncStream.fromBroadcast(news.subscribe(), missed::add);
    List.of(1, 2, 3, 4, 5).forEach(news::send);
    news.close();
    assertThatThrownBy(strict::next).isInstanceOf(LaggedException.class);
    assertThat(lenient.toList()).containsExactly(4, 5);
    assertThat(missed).containsExactly(3L);
    assertThat(news.receiverCount()).isZero();
  }

  @Test
  void aBroadcastThatFailsFailsItsStreams() {
    Broadcast<Integer> news = Broadcast.bounded(2);
    AsyncStream<Integer> stream = AsyncStream.fromBroadcast(news.subscribe(), _ -> {});
    news.send(1);
    news.close(new IllegalArgumentException("lost"));
    assertThat(stream.next()).isEqualTo(1);
    assertThatThrownBy(stream::next).isInstanceOf(ChannelClosedException.class).hasRootCauseMessage("lost");
  }

  @Test
  void aWatchIsReadFromItsValueOnAndUpToItsClose() {
    Watch<Integer> level = Watch.of(1);
    AsyncStream<Integer> stream = AsyncStream.fromWatch(level);
    level.set(2);
    assertThat(stream.next()).isEqualTo(2);
    AtomicInteger woken = new AtomicInteger();
    assertThat(stream.pollNext(woken::incrementAndGet)).isInstanceOf(Poll.Pending.class);
    level.set(3);
    level.set(4);
    assertThat(woken).hasPositiveValue();
    assertThat(stream.next()).isEqualTo(4);
    assertThat(stream.pollNext(NOBODY)).isInstanceOf(Poll.Pending.class);
    level.set(5);
    level.close();
    assertThat(stream.toList()).containsExactly(5);
  }
}
