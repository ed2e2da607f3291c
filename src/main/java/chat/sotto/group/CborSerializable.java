package chat.sotto.group;

/**
 * Marks what actors say to one another, on this node or another. Bound to Akka's CBOR serializer in
 * reference.conf, which then accepts these classes and no others.
 */
public interface CborSerializable {}
