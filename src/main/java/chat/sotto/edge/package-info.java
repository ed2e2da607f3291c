/**
 * The public side of a node: HTTP, WebSockets, connections, who is online.
 *
 * <p>{@link chat.sotto.edge.Edge} starts it. {@code HttpServer} and {@code Routes} answer HTTP;
 * {@code WebSocketFrames} makes messages of frames and is the only class that knows Akka HTTP's
 * internals. {@code Connection} greets and opens the first envelope ({@code Channel}), {@code
 * SignIn} and {@code Registration} decide who it is, {@code LiveConnection} goes on: {@code
 * Requests}, {@code Sends} and the classes named after groups turn frames into commands and replies
 * into frames. {@code Pushes} has the connection's logs, {@code InboxPush} and a {@code GroupPush}
 * for each group; each pushes what its pure {@code Cursor} says, and all share an {@code Outlet}.
 *
 * <p><b>Invariants</b>: the only room that knows frames and commands. Nothing is assembled before
 * its size is checked, nothing opened out of order, nothing costly done before a signature and a
 * rate were. Everything that waits has a most: bytes of a message, requests of a connection and of
 * the node, answers that a client does not read, entries under way, passwords to be checked. No
 * name, address, key, token or frame reaches a log.
 */
package chat.sotto.edge;
