/**
 * A user: account, devices, prekeys, inbox and groups as one event-sourced entity behind Cluster
 * Sharding.
 *
 * <p>{@link chat.sotto.user.User} is what one may ask and what is answered, {@link
 * chat.sotto.user.UserEvent} what is kept for ever, {@link chat.sotto.user.UserState} what follows.
 * The behaviour carries out what {@code AccountDecisions}, {@code PrekeyDecisions}, {@code
 * InboxDecisions}, {@code AckDecisions} and {@code GroupDecisions} decide. Of groups it knows only
 * which the user is in: what they are is not this room's.
 *
 * <p><b>Invariants</b>: the state is O(devices + correspondents + groups), never O(what waits):
 * entries are read from the journal by the connection that pushes them ({@link
 * chat.sotto.user.InboxEntry}). Events and state know no Akka; {@code apply} reads no clock and
 * draws nothing. No event holds a key that receives, a token, a password's verifier or a
 * ciphertext: those are bodies, named by their digests.
 */
package chat.sotto.user;
