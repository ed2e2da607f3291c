/**
 * Replays a journal and checks all that it shows (docs/audit.md): a library, without arguments,
 * output or exit status of its own. It derives every state with the {@code apply} that the server
 * runs, reads no snapshot, and sees events and states, never behaviours.
 */
package chat.sotto.audit;
