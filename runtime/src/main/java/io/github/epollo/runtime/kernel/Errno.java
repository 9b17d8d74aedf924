package io.github.epollo.runtime.kernel;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.jspecify.annotations.Nullable;

/**
 * Error numbers of Linux: constants, names, texts, and the exceptions they become. The numbers are equal on x86-64 and
 * aarch64.
 *
 * <p>A {@link Kernel} answers {@code -errno}; the methods here take the positive number. The text of an exception
 * reads {@code connect(127.0.0.1:80) failed: ECONNREFUSED (111): connection refused}. Stateless; callable from any
 * thread.
 */
public final class Errno {
  /** Operation not permitted. */
  public static final int EPERM = 1;

  /** No such file or directory. */
  public static final int ENOENT = 2;

  /** Interrupted system call. */
  public static final int EINTR = 4;

  /** Input/output error. */
  public static final int EIO = 5;

  /** No such device or address. */
  public static final int ENXIO = 6;

  /** Argument list too long. */
  public static final int E2BIG = 7;

  /** Bad file descriptor. */
  public static final int EBADF = 9;

  /** Try again. The same number as EWOULDBLOCK: a value, never an exception. */
  public static final int EAGAIN = 11;

  /** Out of memory. */
  public static final int ENOMEM = 12;

  /** Permission denied. */
  public static final int EACCES = 13;

  /** Bad address. */
  public static final int EFAULT = 14;

  /** Device or resource busy. */
  public static final int EBUSY = 16;

  /** File exists. */
  public static final int EEXIST = 17;

  /** Invalid cross-device link. */
  public static final int EXDEV = 18;

  /** No such device. */
  public static final int ENODEV = 19;

  /** Not a directory. */
  public static final int ENOTDIR = 20;

  /** Is a directory. */
  public static final int EISDIR = 21;

  /** Invalid argument. */
  public static final int EINVAL = 22;

  /** Too many open files in system. */
  public static final int ENFILE = 23;

  /** Too many open files. */
  public static final int EMFILE = 24;

  /** Inappropriate ioctl for device. */
  public static final int ENOTTY = 25;

  /** Text file busy. */
  public static final int ETXTBSY = 26;

  /** File too large. */
  public static final int EFBIG = 27;

  /** No space left on device. */
  public static final int ENOSPC = 28;

  /** Illegal seek. */
  public static final int ESPIPE = 29;

  /** Read-only file system. */
  public static final int EROFS = 30;

  /** Too many links. */
  public static final int EMLINK = 31;

  /** Broken pipe. */
  public static final int EPIPE = 32;

  /** File name too long. */
  public static final int ENAMETOOLONG = 36;

  /** Function not implemented. */
  public static final int ENOSYS = 38;

  /** Directory not empty. */
  public static final int ENOTEMPTY = 39;

  /** Too many levels of symbolic links. */
  public static final int ELOOP = 40;

  /** Timer expired. */
  public static final int ETIME = 62;

  /** Machine is not on the network. */
  public static final int ENONET = 64;

  /** Protocol error. */
  public static final int EPROTO = 71;

  /** Value too large for defined data type. */
  public static final int EOVERFLOW = 75;

  /** Socket operation on non-socket. */
  public static final int ENOTSOCK = 88;

  /** Destination address required. */
  public static final int EDESTADDRREQ = 89;

  /** Message too long. */
  public static final int EMSGSIZE = 90;

  /** Protocol wrong type for socket. */
  public static final int EPROTOTYPE = 91;

  /** Protocol not available. */
  public static final int ENOPROTOOPT = 92;

  /** Protocol not supported. */
  public static final int EPROTONOSUPPORT = 93;

  /** Socket type not supported. */
  public static final int ESOCKTNOSUPPORT = 94;

  /** Operation not supported. */
  public static final int EOPNOTSUPP = 95;

  /** Address family not supported by protocol. */
  public static final int EAFNOSUPPORT = 97;

  /** Address already in use. */
  public static final int EADDRINUSE = 98;

  /** Cannot assign requested address. */
  public static final int EADDRNOTAVAIL = 99;

  /** Network is down. */
  public static final int ENETDOWN = 100;

  /** Network is unreachable. */
  public static final int ENETUNREACH = 101;

  /** Network dropped connection on reset. */
  public static final int ENETRESET = 102;

  /** Software caused connection abort. */
  public static final int ECONNABORTED = 103;

  /** Connection reset by peer. */
  public static final int ECONNRESET = 104;

  /** No buffer space available. */
  public static final int ENOBUFS = 105;

  /** Transport endpoint is already connected. */
  public static final int EISCONN = 106;

  /** Transport endpoint is not connected. */
  public static final int ENOTCONN = 107;

  /** Cannot send after transport endpoint shutdown. */
  public static final int ESHUTDOWN = 108;

  /** Connection timed out. */
  public static final int ETIMEDOUT = 110;

  /** Connection refused. */
  public static final int ECONNREFUSED = 111;

  /** Host is down. */
  public static final int EHOSTDOWN = 112;

  /** No route to host. */
  public static final int EHOSTUNREACH = 113;

  /** Operation already in progress. */
  public static final int EALREADY = 114;

  /** Operation now in progress. */
  public static final int EINPROGRESS = 115;

  /** Stale file handle. */
  public static final int ESTALE = 116;

  /** Disk quota exceeded. */
  public static final int EDQUOT = 122;

  /** Operation canceled. */
  public static final int ECANCELED = 125;

  private static final int LIMIT = 134;
  private static final String[] NAMES = new String[LIMIT];
  private static final String[] TEXTS = new String[LIMIT];

  static {
    describe(EPERM, "EPERM", "operation not permitted");
    describe(ENOENT, "ENOENT", "no such file or directory");
    describe(EINTR, "EINTR", "interrupted system call");
    describe(EIO, "EIO", "input/output error");
    describe(ENXIO, "ENXIO", "no such device or address");
    describe(E2BIG, "E2BIG", "argument list too long");
    describe(EBADF, "EBADF", "bad file descriptor");
    describe(EAGAIN, "EAGAIN", "resource temporarily unavailable");
    describe(ENOMEM, "ENOMEM", "out of memory; raise the limit of locked memory if that is the cause: ulimit -l");
    describe(EACCES, "EACCES", "permission denied");
    describe(EFAULT, "EFAULT", "bad address");
    describe(EBUSY, "EBUSY", "device or resource busy");
    describe(EEXIST, "EEXIST", "file exists");
    describe(EXDEV, "EXDEV", "invalid cross-device link");
    describe(ENODEV, "ENODEV", "no such device");
    describe(ENOTDIR, "ENOTDIR", "not a directory");
    describe(EISDIR, "EISDIR", "is a directory");
    describe(EINVAL, "EINVAL", "invalid argument");
    describe(ENFILE, "ENFILE", "too many open files in system; raise the limit of the machine: sysctl fs.file-max");
    describe(EMFILE, "EMFILE", "too many open files; raise the limit of open files: ulimit -n");
    describe(ENOTTY, "ENOTTY", "inappropriate ioctl for device");
    describe(ETXTBSY, "ETXTBSY", "text file busy");
    describe(EFBIG, "EFBIG", "file too large");
    describe(ENOSPC, "ENOSPC", "no space left on device");
    describe(ESPIPE, "ESPIPE", "illegal seek");
    describe(EROFS, "EROFS", "read-only file system");
    describe(EMLINK, "EMLINK", "too many links");
    describe(EPIPE, "EPIPE", "broken pipe");
    describe(ENAMETOOLONG, "ENAMETOOLONG", "file name too long");
    describe(ENOSYS, "ENOSYS", "function not implemented");
    describe(ENOTEMPTY, "ENOTEMPTY", "directory not empty");
    describe(ELOOP, "ELOOP", "too many levels of symbolic links");
    describe(ETIME, "ETIME", "timer expired");
    describe(ENONET, "ENONET", "machine is not on the network");
    describe(EPROTO, "EPROTO", "protocol error");
    describe(EOVERFLOW, "EOVERFLOW", "value too large for defined data type");
    describe(ENOTSOCK, "ENOTSOCK", "socket operation on non-socket");
    describe(EDESTADDRREQ, "EDESTADDRREQ", "destination address required");
    describe(EMSGSIZE, "EMSGSIZE", "message too long");
    describe(EPROTOTYPE, "EPROTOTYPE", "protocol wrong type for socket");
    describe(ENOPROTOOPT, "ENOPROTOOPT", "protocol not available");
    describe(EPROTONOSUPPORT, "EPROTONOSUPPORT", "protocol not supported");
    describe(ESOCKTNOSUPPORT, "ESOCKTNOSUPPORT", "socket type not supported");
    describe(EOPNOTSUPP, "EOPNOTSUPP", "operation not supported");
    describe(EAFNOSUPPORT, "EAFNOSUPPORT", "address family not supported by protocol");
    describe(EADDRINUSE, "EADDRINUSE", "address already in use");
    describe(EADDRNOTAVAIL, "EADDRNOTAVAIL", "cannot assign requested address");
    describe(ENETDOWN, "ENETDOWN", "network is down");
    describe(ENETUNREACH, "ENETUNREACH", "network is unreachable");
    describe(ENETRESET, "ENETRESET", "network dropped connection on reset");
    describe(ECONNABORTED, "ECONNABORTED", "software caused connection abort");
    describe(ECONNRESET, "ECONNRESET", "connection reset by peer");
    describe(ENOBUFS, "ENOBUFS", "no buffer space available; raise the memory of sockets: sysctl net.ipv4.tcp_mem");
    describe(EISCONN, "EISCONN", "transport endpoint is already connected");
    describe(ENOTCONN, "ENOTCONN", "transport endpoint is not connected");
    describe(ESHUTDOWN, "ESHUTDOWN", "cannot send after transport endpoint shutdown");
    describe(ETIMEDOUT, "ETIMEDOUT", "connection timed out");
    describe(ECONNREFUSED, "ECONNREFUSED", "connection refused");
    describe(EHOSTDOWN, "EHOSTDOWN", "host is down");
    describe(EHOSTUNREACH, "EHOSTUNREACH", "no route to host");
    describe(EALREADY, "EALREADY", "operation already in progress");
    describe(EINPROGRESS, "EINPROGRESS", "operation now in progress");
    describe(ESTALE, "ESTALE", "stale file handle");
    describe(EDQUOT, "EDQUOT", "disk quota exceeded");
    describe(ECANCELED, "ECANCELED", "operation canceled");
  }

  private Errno() {}

  /** The symbol, as {@code "ECONNREFUSED"}; {@code "errno"} for a number that this class does not know. */
  public static String name(int errno) {
    return isKnown(errno) ? NAMES[errno] : "errno";
  }

  /** What the number means, and where a limit is the cause, which one to raise. */
  public static String text(int errno) {
    return isKnown(errno) ? TEXTS[errno] : "unknown error";
  }

  /**
   * Whether a failed fsync(2), or a failed write to a device, means that data written before may be lost. The kernel says so once; the next fsync(2) succeeds, though nothing was saved.
   */
  public static boolean mayHaveLostData(int errno) {
    return switch (errno) {
      case EIO, ENXIO, ENODEV, ENOSPC, EDQUOT, ESTALE -> true;
      default -> false;
    };
  }

  /** As {@link #toIOException(String, String, int)} for a call whose arguments say nothing. */
  public static IOException toIOException(String call, int errno) {
    return exception(call, call + " failed: " + describe(errno), errno);
  }

  /**
   * The exception for a failed call. The caller throws it.
   *
   * <ul>
   *   <li>{@link ConnectException}: ECONNREFUSED.
   *   <li>{@link SocketTimeoutException}: ETIMEDOUT of {@code connect}, so that refused, unreachable and timed-out attempts differ.
   *   <li>{@link NoRouteToHostException}: EHOSTUNREACH, ENETUNREACH.
   *   <li>{@link BindException}: EADDRINUSE, EADDRNOTAVAIL, and EACCES of {@code bind}.
   *   <li>{@link SocketException}: ECONNRESET, ECONNABORTED, EPIPE, and ETIMEDOUT of any other call: the kernel has given the peer up, and
   *       trying again on that socket is no use.
   *   <li>{@link IOException}: everything else.
   * </ul>
   *
   * @param call the name of the C function, such as {@code connect}
   * @param arguments what a reader needs to know of its arguments, such as {@code 127.0.0.1:80}
   * @param errno the positive error number
   * @throws IllegalArgumentException if {@code errno} is not positive, or is {@link #EAGAIN}: "would block" is a value
   */
  public static IOException toIOException(String call, String arguments, int errno) {
    return exception(call, call + "(" + arguments + ") failed: " + describe(errno), errno);
  }

  /**
   * The exception for a failed call on a file. The caller throws it. Its reason names the call, and its message the path, too.
   *
   * <ul>
   *   <li>{@link NoSuchFileException}: ENOENT. {@link FileAlreadyExistsException}: EEXIST. {@link AccessDeniedException}: EACCES, EPERM.
   *   <li>{@link DirectoryNotEmptyException}: ENOTEMPTY. {@link NotDirectoryException}: ENOTDIR.
   *   <li>{@link AtomicMoveNotSupportedException}: EXDEV of {@code renameat2}.
   *   <li>{@link FileSystemException}: everything else, such as ENOSPC, EISDIR, ELOOP.
   * </ul>
   *
   * @param call the name of the C function, such as {@code openat}, with what a reader needs to know of its arguments but for the paths
   * @param path the file, or null if it is not known
   * @param other the second file of a call that takes two, or null
   * @param errno the positive error number
   * @throws IllegalArgumentException if {@code errno} is not positive, or is {@link #EAGAIN}
   */
  public static FileSystemException toFileException(String call, @Nullable String path, @Nullable String other,
      int errno) {
    String reason = call + " failed: " + describe(errno);
    if (errno <= 0 || errno == EAGAIN) {
      throw new IllegalArgumentException("not an error that can be thrown: " + reason);
    }
    return switch (errno) {
      case ENOENT -> new NoSuchFileException(path, other, reason);
      case EEXIST -> new FileAlreadyExistsException(path, other, reason);
      case EACCES, EPERM -> new AccessDeniedException(path, other, reason);
      case ENOTEMPTY -> new DirectoryNotEmpty(path, reason);
      case ENOTDIR -> new NotDirectory(path, reason);
      case EXDEV -> call.startsWith("renameat2")
          ? new AtomicMoveNotSupportedException(path, other, reason)
          : new FileSystemException(path, other, reason);
      default -> new FileSystemException(path, other, reason);
    };
  }

  /** With a reason, which the JDK's has no room for. */
  private static final class DirectoryNotEmpty extends DirectoryNotEmptyException {
    private static final long serialVersionUID = 1;
    private final String reason;

    DirectoryNotEmpty(@Nullable String path, String reason) {
      super(path);
      this.reason = reason;
    }

    @Override
    public String getReason() {
      return reason;
    }

    @Override
    public String getMessage() {
      return getFile() + ": " + reason;
    }
  }

  /** With a reason, which the JDK's has no room for. */
  private static final class NotDirectory extends NotDirectoryException {
    private static final long serialVersionUID = 1;
    private final String reason;

    NotDirectory(@Nullable String path, String reason) {
      super(path);
      this.reason = reason;
    }

    @Override
    public String getReason() {
      return reason;
    }

    @Override
    public String getMessage() {
      return getFile() + ": " + reason;
    }
  }

  private static IOException exception(String call, String message, int errno) {
    if (errno <= 0 || errno == EAGAIN) {
      throw new IllegalArgumentException("not an error that can be thrown: " + message);
    }
    return switch (errno) {
      case ECONNREFUSED -> new ConnectException(message);
      case ETIMEDOUT -> call.equals("connect")
          ? new SocketTimeoutException(message)
          : new SocketException(message);
      case EHOSTUNREACH, ENETUNREACH -> new NoRouteToHostException(message);
      case EADDRINUSE, EADDRNOTAVAIL -> new BindException(message);
      case EACCES -> call.equals("bind") ? new BindException(message) : new IOException(message);
      case ECONNRESET, ECONNABORTED, EPIPE -> new SocketException(message);
      default -> new IOException(message);
    };
  }

  private static String describe(int errno) {
    return name(errno) + " (" + errno + "): " + text(errno);
  }

  private static boolean isKnown(int errno) {
    return errno > 0 && errno < LIMIT && NAMES[errno] != null;
  }

  private static void describe(int errno, String name, String text) {
    NAMES[errno] = name;
    TEXTS[errno] = text;
  }
}
