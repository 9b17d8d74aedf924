package io.github.epollo.runtime.driver;

import io.github.epollo.runtime.future.Waker;
import io.github.epollo.runtime.kernel.Epoll;
import io.github.epollo.runtime.kernel.Errno;
import io.github.epollo.runtime.kernel.Fd;
import io.github.epollo.runtime.kernel.Kernel;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An epoll instance of a loop and the registrations in it. Every fd is added once, edge-triggered, and never modified: what it is ready for is
 * remembered in its {@link Registration}. Only {@link #registerOnce} is for events that are asked for one by one.
 *
 * <p>With the logger {@code io.github.epollo.driver} at level TRACE when the driver is made, it tells each create, add, del, wait and event with
 * the fd; otherwise tracing costs nothing.
 *
 * <p><b>Threading:</b> {@link #poll} and {@link #pollFor} are for the loop's thread; the rest may be called from any thread, {@link #look} by each with room of its own.
 */
public final class Driver implements AutoCloseable {
  private static final int READ_ONCE = Epoll.IN | Epoll.ONESHOT;
  private static final System.Logger TRACE = System.getLogger("io.github.epollo.driver");

  private final Kernel kernel;
  private final Fd epoll;
  private final RegistrationTable table = new RegistrationTable();
  private final Arena memory = Arena.ofShared();
  private final EventBatch batch;
  private final Consumer<Throwable> failures;
  private final @Nullable LeakTracker leaks; // null if nobody wants to know
  private final boolean tracing = TRACE.isLoggable(Level.TRACE);

  private boolean closed; // loop's thread

  /**
   * Creates an epoll instance.
   *
   * @param failures is told what a waker throws
   * @throws IOException if the kernel refuses one
   */
  public Driver(Kernel kernel, Consumer<Throwable> failures) throws IOException {
    this(kernel, failures, null);
  }

  /** As the other constructor, and has {@code leaks} remember where registrations were opened. */
  public Driver(Kernel kernel, Consumer<Throwable> failures, @Nullable LeakTracker leaks) throws IOException {
    this.kernel = kernel;
    this.failures = failures;
    this.leaks = leaks;
    this.batch = new EventBatch(memory);
    int number = kernel.epollCreate(Epoll.CLOEXEC);
    if (number < 0) {
      memory.close();
      throw Errno.toIOException("epoll_create1(EPOLL_CLOEXEC)", -number);
    }
    this.epoll = new Fd(kernel, number);
    trace("create epfd:%d", number, 0);
  }

  /** The kernel that this driver, and all that is registered with it, calls. */
  public Kernel kernel() {
    return kernel;
  }

  /** What remembers where descriptors were opened, for modules that have some which epoll does not take; null if nobody wants to know. */
  public @Nullable LeakTracker leaks() {
    return leaks;
  }

  /**
   * Adds an fd to epoll. The registration owns it from here on, also if this method throws: then it is closed.
   *
   * <p>A socket must be listening, connecting or connected: an idle one reports hang-up for ever.
   *
   * @throws IOException if epoll refuses the fd: EPERM for regular files, ENOSPC past {@code fs.epoll.max_user_watches}
   */
  public Registration register(Fd fd, Interest interest) throws IOException {
    return register(fd, interest.events);
  }

  /** As {@link #register}, for reading; the first event is reported, and then none until {@link Registration#rearm}. */
  public Registration registerOnce(Fd fd) throws IOException {
    return register(fd, READ_ONCE);
  }

  private Registration register(Fd fd, int events) throws IOException {
    Registration registration;
    try {
      registration = enter(fd);
    } catch (Throwable t) {
      fd.close();
      throw t;
    }
    boolean done = false;
    try {
      int result = add(registration, events);
      if (result < 0) {
        throw refused(fd, result);
      }
      done = true;
      return registration;
    } finally {
      if (!done) {
        registration.close();
      }
    }
  }

  /**
   * As {@link #register}, for an fd that somebody else has made: one that epoll refuses stays as it is, and the caller's. Nothing is believed of its readiness before epoll has reported it, since a call on it may mean something else then: a
   * FIFO that nobody has opened for writing yet reads as ended.
   *
   * @throws IllegalArgumentException if this kind of file cannot be awaited, or this number is registered already
   * @throws IOException if epoll refuses the fd for another reason
   */
  public Registration adopt(Fd fd, Interest interest) throws IOException {
    Registration registration = enter(fd);
    registration.wouldBlock(Direction.READ, registration.readiness());
    registration.wouldBlock(Direction.WRITE, registration.readiness());
    int result = -Errno.EBADF;
    try {
      result = add(registration, interest.events);
    } finally {
      if (result < 0) {
        boolean _ = registration.abandon();
      }
    }
    if (result == -Errno.EPERM) {
      throw new IllegalArgumentException("cannot wait for " + fd
          + ": epoll takes no regular files, directories or devices that never block; read and write it with AsyncFile of the module fs");
    }
    if (result == -Errno.EEXIST) {
      throw new IllegalArgumentException(
          "cannot wait for " + fd + ": it is registered with this loop already; duplicate it");
    }
    if (result < 0) {
      throw refused(fd, result);
    }
    return registration;
  }

  /** Makes the fd known under a key of its own. */
  private Registration enter(Fd fd) {
    long key = table.take();
    Registration registration = new Registration(this, fd, key);
    table.put(key, registration);
    return registration;
  }

  private int add(Registration registration, int events) {
    trace("ctl_add fd:%d to epfd:%d", registration.fd().number(), epoll.number());
    return control(Epoll.CTL_ADD, registration.fd(), events, registration.key());
  }

  private IOException refused(Fd fd, int result) {
    return Errno.toIOException("epoll_ctl(" + epoll + ", EPOLL_CTL_ADD, " + fd + ")", -result);
  }

  /** Takes a registration out; called once for each, by {@link Registration#close}. */
  void deregister(Registration registration) {
    Fd fd = registration.fd();
    // Closing alone would leave the registration alive if the fd was duplicated or inherited elsewhere.
    control(Epoll.CTL_DEL, fd, 0, 0);
    forget(registration);
    trace("ctl_del fd:%d from epfd:%d", fd.number(), epoll.number());
  }

  /** Gives the key back; once for each registration. */
  void forget(Registration registration) {
    table.remove(registration.key());
  }

  private int control(int operation, Fd fd, int interest, long key) {
    if (!fd.acquire()) {
      return -Errno.EBADF; // somebody else closed it: its number may be a stranger's by now
    }
    try {
      if (!epoll.acquire()) {
        return -Errno.EBADF; // the driver is closed
      }
      try {
        return kernel.epollCtl(epoll.number(), operation, fd.number(), interest, key);
      } finally {
        epoll.release();
      }
    } finally {
      fd.release();
    }
  }

  /**
   * Waits for events, notes them in their registrations and then, when all of them are noted, wakes who waits for them.
   *
   * @param timeoutMillis 0 to look only, -1 to wait until something happens
   * @return the number of events
   * @throws IllegalStateException if the kernel refuses to wait: the loop cannot go on
   */
  public int poll(int timeoutMillis) {
    if (closed) {
      throw new IllegalStateException("cannot wait for events: " + epoll);
    }
    if (tracing) {
      trace("wait epfd:%d timeout:%d", epoll.number(), timeoutMillis);
    }
    int count = batch.fill(kernel, epoll.number(), timeoutMillis);
    if (count < 0) {
      throw new IllegalStateException(
          "cannot wait for events", Errno.toIOException("epoll_wait(" + epoll + ")", -count));
    }
    noteAll(batch, count);
    return count;
  }

  /**
   * Looks for events of {@code other} in its place, while something holds its loop's thread.
   *
   * @return the number of events
   */
  public int pollFor(Driver other) {
    return closed ? 0 : other.look(batch);
  }

  /**
   * Looks for events on a thread that is not the loop's. Two threads may wait for the events of one epoll instance: each event comes to one of them, and registrations may be
   * used from any thread. The wakers are called on this thread.
   *
   * <p>An event that was meant to end the wait of the other thread may be taken here: see to it that it is made again.
   *
   * @return the number of events
   */
  public int look(EventBatch room) {
    if (!epoll.acquire()) {
      return 0;
    }
    int count;
    try {
      count = room.fill(kernel, epoll.number(), 0);
    } finally {
      epoll.release();
    }
    noteAll(room, count); // an error is for the loop itself to find
    return Math.max(count, 0);
  }

  /** This driver's epoll instance, for whoever awaits it as any other fd; the driver owns it. */
  public Fd fd() {
    return epoll;
  }

  /** See {@link Registration#rearm}. */
  boolean rearm(Registration registration) {
    return control(Epoll.CTL_MOD, registration.fd(), READ_ONCE, registration.key()) >= 0;
  }

  private void noteAll(EventBatch room, int count) {
    for (int i = 0; i < count; i++) {
      note(room, i);
    }
    room.wake(this);
  }

  private void note(EventBatch room, int i) {
    int happened = room.events.events(i);
    Registration registration = table.find(room.events.data(i));
    if (registration == null) {
      if (tracing) {
        trace("event: stale, 0x%x dropped", happened, 0);
      }
      return;
    }
    if (tracing) {
      trace("event: 0x%2$x for fd:%1$d", registration.fd().number(), happened);
    }
    int bits = Readiness.ofEvents(happened);
    registration.note(bits);
    if ((bits & Readiness.READABLE) != 0) {
      room.add(registration.takeWaker(Direction.READ));
    }
    if ((bits & Readiness.WRITABLE) != 0) {
      room.add(registration.takeWaker(Direction.WRITE));
    }
    if ((bits & Readiness.PRIORITY) != 0) {
      room.add(registration.takeWaker(Direction.PRIORITY));
    }
  }

  /** Calls {@code waker}, if there is one; what it throws is reported and stops nobody else. */
  void wake(@Nullable Waker waker) {
    try {
      if (waker != null) {
        waker.wake();
      }
    } catch (Throwable t) {
      failures.accept(t);
    }
  }

  /** How often {@link #poll} was called. */
  public long polls() {
    return batch.looks();
  }

  /** How many events {@link #poll} has got. */
  public long events() {
    return batch.events();
  }

  /** How many registrations are not closed. Looks at all of them. */
  public int registrations() {
    return table.size();
  }

  /** The registrations that are not closed, as text: for the message of whoever closes the loop under them. */
  public String openRegistrations() {
    StringBuilder text = new StringBuilder();
    table.forEach(r -> text.append(text.isEmpty() ? "" : ", ").append(r));
    return text.toString();
  }

  /**
   * Closes the epoll instance and every fd that is still registered. The loop's thread must not be in {@link #poll}; whoever registers from now on is refused.
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    // First of all, so that whoever registers at the same time either is seen by the sweep below or is refused.
    epoll.close();
    if (leaks != null) {
      table.forEach(Registration::isLeftOpen);
    }
    table.forEach(Registration::close);
    trace("close epfd:%d", epoll.number(), 0);
    memory.close();
  }

  private void trace(String format, int a, int b) {
    if (tracing) {
      TRACE.log(Level.TRACE, "epoll:" + String.format(format, a, b));
    }
  }
}
