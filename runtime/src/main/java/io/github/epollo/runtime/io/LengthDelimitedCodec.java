package io.github.epollo.runtime.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Frames that tell their length. Immutable, and may be shared: each {@code with...} returns a changed copy.
 *
 * <pre>
 *   | offset bytes | length field | what the length counts, less the adjustment |
 *   | stripped                    | the frame                                   |
 * </pre>
 *
 * <p>A frame that is sent gets zeros for what is stripped, and its length; where less than the header is stripped, the rest of the header is the beginning of the frame, whose place for the
 * length is overwritten.
 */
public final class LengthDelimitedCodec implements Codec<byte[], byte[]> {
  private static final int MAX_FIELD = 8;
  private static final int MAX_OFFSET = 1 << 20;

  private final int maxLength;
  private final int offset;
  private final int fieldSize;
  private final ByteOrder order;
  private final int adjustment;
  private final int strip; // -1: the whole header

  private LengthDelimitedCodec(int maxLength, int offset, int fieldSize, ByteOrder order, int adjustment, int strip) {
    this.maxLength = maxLength;
    this.offset = offset;
    this.fieldSize = fieldSize;
    this.order = order;
    this.adjustment = adjustment;
    this.strip = strip;
  }

  /**
   * Frames that begin with their length: four bytes, big endian, which do not count themselves and are stripped.
   *
   * @param maxLength of a frame as it is given to the program, in bytes
   * @throws IllegalArgumentException if {@code maxLength} is negative
   */
  public static LengthDelimitedCodec of(int maxLength) {
    return new LengthDelimitedCodec(require("maximal length", maxLength, 0, Integer.MAX_VALUE / 2), 0, 4,
        ByteOrder.BIG_ENDIAN, 0, -1);
  }

  /** The length has so many bytes: 1 to 8. It is unsigned. */
  public LengthDelimitedCodec withFieldSize(int bytes) {
    return new LengthDelimitedCodec(maxLength, offset, require("size of the length field", bytes, 1, MAX_FIELD), order,
        adjustment, strip);
  }

  /** The order of the bytes of the length. */
  public LengthDelimitedCodec withOrder(ByteOrder order) {
    return new LengthDelimitedCodec(maxLength, offset, fieldSize, Objects.requireNonNull(order, "order"), adjustment,
        strip);
  }

  /** So many bytes stand before the length. */
  public LengthDelimitedCodec withOffset(int bytes) {
    return new LengthDelimitedCodec(maxLength, require("offset", bytes, 0, MAX_OFFSET), fieldSize, order, adjustment,
        strip);
  }

  /** After the length field come so many bytes more than it says: negative if it counts the header, too. */
  public LengthDelimitedCodec withAdjustment(int bytes) {
    return new LengthDelimitedCodec(maxLength, offset, fieldSize, order,
        require("adjustment", bytes, -MAX_OFFSET, MAX_OFFSET), strip);
  }

  /** So many bytes are left out at the front of each frame; 0 keeps the header. Without this, the bytes up to the end of the length field are. */
  public LengthDelimitedCodec withStripped(int bytes) {
    return new LengthDelimitedCodec(maxLength, offset, fieldSize, order, adjustment,
        require("number of stripped bytes", bytes, 0, MAX_OFFSET));
  }

  private static int require(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException("the " + name + " must be " + least + " to " + most + ": " + value);
    }
    return value;
  }

  private int header() {
    return offset + fieldSize;
  }

  private int stripped() {
    return strip < 0 ? header() : strip;
  }

  @Override
  public byte @Nullable [] decode(ByteBuffer input) throws IOException {
    if (input.remaining() < header()) {
      return null;
    }
    int start = input.position();
    long value = 0;
    for (int i = 0; i < fieldSize; i++) {
      int at = order == ByteOrder.BIG_ENDIAN ? i : fieldSize - 1 - i;
      value = (value << 8) | (input.get(start + offset + at) & 0xFF);
    }
    if (value < 0 || value > (long) maxLength + stripped() - header() - adjustment) {
      throw new LimitExceededException("a frame with the length " + Long.toUnsignedString(value), maxLength);
    }
    long total = header() + value + adjustment;
    if (total < Math.max(header(), stripped())) {
      throw new MalformedFrameException("a frame with the length " + value + " would have " + total
          + " bytes, less than its header and what is stripped of it");
    }
    if (input.remaining() < total) {
      return null;
    }
    byte[] frame = new byte[(int) total - stripped()];
    input.get(start + stripped(), frame);
    input.position(start + (int) total);
    return frame;
  }

  @Override
  public int maxBytes() {
    return Math.max(header(), maxLength + stripped());
  }

  @Override
  public void encode(byte[] frame, FrameBuffer out) throws IOException {
    if (frame.length > maxLength) {
      throw new LimitExceededException("a frame of " + frame.length + " bytes", maxLength);
    }
    int total = stripped() + frame.length;
    long value = (long) total - header() - adjustment;
    if (total < header() || value < 0) {
      throw new IllegalArgumentException("a frame of " + frame.length
          + " bytes is too short: it must have at least " + Math.max(header() - stripped(),
              header() + adjustment - stripped()));
    }
    if (fieldSize < MAX_FIELD && value >>> (8 * fieldSize) != 0) {
      throw new LimitExceededException("a frame whose length is " + value + ", in a field of " + fieldSize + " bytes,",
          (1L << (8 * fieldSize)) - 1);
    }
    for (int i = 0; i < stripped(); i++) {
      out.putByte(0);
    }
    out.put(frame);
    for (int i = 0; i < fieldSize; i++) {
      int at = order == ByteOrder.BIG_ENDIAN ? fieldSize - 1 - i : i;
      out.setByte(offset + at, (int) (value >>> (8 * i)));
    }
  }

  @Override
  public String toString() {
    return "LengthDelimitedCodec[maxLength=" + maxLength + ", offset=" + offset + ", fieldSize=" + fieldSize
        + ", order="
        + order + ", adjustment=" + adjustment + ", stripped=" + stripped() + "]";
  }
}
