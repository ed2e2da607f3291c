/**
 * The journal room: what is durable and how.
 *
 * <p>Entities persist {@link chat.sotto.journal.JournalEntry}s, made by {@link
 * chat.sotto.journal.EventCodec} and {@link chat.sotto.journal.HashChain}; both are pure. What all
 * entities have in common is here too: {@link chat.sotto.journal.JournaledEntity}, the {@link
 * chat.sotto.journal.CommandQueue} in front of it, the {@link chat.sotto.journal.EntityState} that
 * follows from events, and the {@link chat.sotto.journal.Draft} of what a command leads to. {@link
 * chat.sotto.journal.Store} owns the database of one actor system and hands out {@link
 * chat.sotto.journal.Bodies}, {@link chat.sotto.journal.JournalSource} and the {@link
 * chat.sotto.journal.DataFolder}. Akka Persistence reaches it through the plug-ins {@code
 * sotto.journal} and {@code sotto.snapshot-store}.
 *
 * <p><b>Invariant</b>: one thread writes ({@code Writer}); everything that is to be durable goes
 * through its one queue, and nothing is answered before the commit that holds it returned.
 */
package chat.sotto.journal;
